/** Questions about a piece of syntax that need nothing but the syntax. */
import type * as Acorn from "acorn";
import {
  childNodes,
  type ClassNode,
  isClass,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import type { ModuleTree } from "../syntax/module-tree.ts";
import { type Binding, type FunctionSite, keyName } from "../syntax/scopes.ts";

export type CallNode = SyntaxNode & { type: "CallExpression" | "NewExpression" };

/** Globals whose use has no effect on the program. */
const PURE = new Set(
  `undefined NaN Infinity Math Object Array String Number BigInt Boolean Symbol JSON Date RegExp Intl
  Map Set WeakMap WeakSet Reflect Error TypeError RangeError parseInt parseFloat isNaN isFinite
  ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array
  Uint32Array BigInt64Array BigUint64Array Float32Array Float64Array URL URLSearchParams TextEncoder
  TextDecoder structuredClone atob btoa encodeURIComponent decodeURIComponent encodeURI decodeURI`.split(
    /\s+/,
  ),
);

export function isPure(name: string): boolean {
  return PURE.has(name);
}

/** Whether a name is one of those that the object of all globals has. */
export function isGlobalObject(name: string): boolean {
  return /^(?:globalThis|global|self|window)$/.test(name);
}

/** Methods of the language that call what they are given with what is in their object, and do not keep it. */
export const ONLY_CALLS: RegExp =
  /^(?:catch|every|filter|finally|find|findIndex|findLast|findLastIndex|flatMap|forEach|map|reduce|reduceRight|replace|replaceAll|some|sort|then|toSorted)$/;

/** Methods that call the function which they are called on. */
export const APPLIES: RegExp = /^(?:call|apply|bind)$/;

/** Methods that change what they are called on. */
const FILLS =
  /^(?:set|add|push|unshift|pop|shift|fill|delete|clear|splice|sort|reverse|copyWithin|append|next|set[A-Z]\w*)$/;

/** Whether a method of that name changes what it is called on. */
export function fills(name: string): boolean {
  return FILLS.test(name);
}

/** Methods by which a regular expression that has a state changes it. */
export const MATCHES: RegExp = /^(?:test|exec)$/;
/** Functions of `Object` and `Reflect` that change their first argument. */
export const FILLS_ARGUMENT: RegExp =
  /^(?:assign|definePropert(?:y|ies)|setPrototypeOf|set|deleteProperty|freeze|seal)$/;

/** How deep in a pattern an identifier stands; undefined if it does not. */
export function depthIn(pattern: SyntaxNode | undefined, id: SyntaxNode): number | undefined {
  const node = withoutTypes(pattern);
  if (node === undefined || id.start < node.start || id.end > node.end) return undefined;
  if (node === id) return 0;
  switch (node.type) {
    case "AssignmentPattern":
      return depthIn(node.left, id);
    case "RestElement":
      return depthIn(node.argument, id);
    case "ObjectPattern":
      for (const property of node.properties) {
        const isRest = property.type === "RestElement";
        const inner = depthIn(isRest ? property.argument : property.value, id);
        if (inner !== undefined) return inner + (isRest ? 0 : 1);
      }
      return undefined;
    case "ArrayPattern":
      for (const element of node.elements) {
        const inner = depthIn(element ?? undefined, id);
        if (inner !== undefined) return inner + (element?.type === "RestElement" ? 0 : 1);
      }
      return undefined;
    default: {
      const parameter = (node as unknown as { parameter?: SyntaxNode }).parameter;
      return parameter && depthIn(parameter, id);
    }
  }
}

/** Whether a method is called as those are that run their function in a worker: `map` has more to give it. */
export function shipsByName({ property }: Acorn.MemberExpression, args: number): boolean {
  if (property.type !== "Identifier") return false;
  return (
    /^(?:submit|runInExecutor|toThread)$/.test(property.name) ||
    (property.name === "map" && args > 1)
  );
}

/** Whether a class is called as those of heddle's are that run a function in a worker. */
export function isShipper(given: SyntaxNode): boolean {
  const callee = withoutTypes(given);
  const name = callee?.type === "MemberExpression" ? callee.property : callee;
  return name?.type === "Identifier" && /^(?:Thread|Timer|Process|\w+Executor)$/.test(name.name);
}

/** Whether the variable is declared as this function. */
export function holds({ node, references }: Binding, fn: SyntaxNode): boolean {
  if (references.some(({ isWrite }) => isWrite)) return false;
  return node === fn || (node.type === "VariableDeclarator" && withoutTypes(node.init) === fn);
}

/** What stands before a function that runs in a worker. */
const SHIPS = /\b(?:submit|map|toThread)\s*\(\s*$|\brunInExecutor\s*\([^()]*,\s*$|\btarget\s*:\s*$/;
/** So much of the text before and after is looked at. */
const NEAR = 100;

const before = (start: number, text: string): string =>
  text.slice(Math.max(0, start - NEAR), start);

/** Whether what stands there is given to what runs it in a worker. */
export function isShippedAt({ start }: SyntaxNode, text: string): boolean {
  return SHIPS.test(before(start, text));
}

const CALLED = /^\s*(?:\?\.\s*)?\(/;
const EXPORTED = /\bexport\s+(?:default\s+)?(?:async\s+)?(?:(?:const|let|var)\s+)?$/;

/**
 * Whether a function may be a property of an object, and so be called as its method: not if
 * nothing but calls of its variable leads to it.
 */
export function mayBeMethod(
  { name, node, around }: FunctionSite,
  { text, program }: ModuleTree,
): boolean {
  const binding = around.own(name);
  if (binding === undefined || !holds(binding, node)) return true;
  if (EXPORTED.test(before(binding.node.start, text)) || isListed(name, program)) return true;
  return !binding.references.every(
    ({ node: use }) => CALLED.test(text.slice(use.end, use.end + NEAR)) || isShippedAt(use, text),
  );
}

/** Whether `export { … }` lists a name. */
function isListed(name: string, { body }: Acorn.Program): boolean {
  return body.some(
    (each) =>
      each.type === "ExportNamedDeclaration" &&
      each.specifiers.some(({ local }) => local.type === "Identifier" && local.name === name),
  );
}

const returnedBy = new WeakMap<SyntaxNode, readonly SyntaxNode[]>();

/** The expressions that a function may return, or yield. */
export function returned(fn: SyntaxNode): readonly SyntaxNode[] {
  if (fn.type === "ArrowFunctionExpression" && fn.body.type !== "BlockStatement") return [fn.body];
  let found = returnedBy.get(fn);
  if (found === undefined) returnedBy.set(fn, (found = [...returnedIn(fn)]));
  return found;
}

/** Not by recursion: what a bundler has put into one function nests deeper than the stack. */
function* returnedIn(node: SyntaxNode): Generator<SyntaxNode> {
  const waiting = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const each of childNodes(next)) {
      if (isFunction(each) || isClass(each)) continue;
      if ((each.type === "ReturnStatement" || each.type === "YieldExpression") && each.argument) {
        yield each.argument;
      }
      waiting.push(each);
    }
  }
}

/** Whether a call has the errors of what it is called on, or given, as values. */
export function catchesErrors(callee: SyntaxNode, args: number): boolean {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return false;
  const { name } = callee.property;
  return /^(?:catch|allSettled|any|race)$/.test(name) || (name === "then" && args > 1);
}

/** What a member is called, with the mark of a private one; empty if that is not known. */
export function memberName({ property, computed }: Acorn.MemberExpression): string {
  return keyName(property, computed);
}

/** Whether a member is one of the object of all globals. */
export function isOfGlobalObject({ object }: Acorn.MemberExpression): boolean {
  return object.type === "Identifier" && isGlobalObject(object.name);
}

/** The constructor that is written in a class. */
export function constructorOf({ body }: ClassNode): SyntaxNode | undefined {
  for (const member of body.body)
    if (member.type === "MethodDefinition" && member.kind === "constructor") return member.value;
  return undefined;
}

/** Methods that the language, and what comes with it, calls without their being named. */
const CALLED_BY_ITSELF = /^(?:toString|toLocaleString|valueOf|toJSON|then|handleEvent)$/;

/** Whether a method may run since an object of its class is made, and then is somewhere. */
export function isCalledByItself({ kind, key, computed }: Acorn.MethodDefinition): boolean {
  return kind === "constructor" || computed || CALLED_BY_ITSELF.test(keyName(key, computed));
}
