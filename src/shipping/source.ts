/**
 * Proves a function self-contained and writes the source that rebuilds it.
 *
 * What the worker evaluates is the body of a function that returns the function.
 * The body binds what the function may use besides globals: its own name, for
 * recursion, and stand-ins for what compilers and coverage tools put in.
 */
import type { SourceReference } from "./function-reference.ts";
import { newId } from "./references.ts";
import { COUNTERS } from "./syntax/counters.ts";
import { type FreeVariables, freeVariables } from "./syntax/free-variables.ts";
import { PROBED_GLOBALS, WORKER_GLOBALS } from "../platform/known-globals.ts";
import { givenGlobalIn } from "./syntax/given-globals.ts";
import { sourceText } from "./syntax/module-text.ts";
import type { ModuleTree } from "./syntax/module-tree.ts";
import { type FunctionNode, type ParsedFunction, parseFunction } from "./syntax/parser.ts";
import { isDeclaredAs, isHidden, mayHoldItself, type Sought } from "./place.ts";
import { threadRegistry } from "../base/registry.ts";

/** What was found out about a function's text. */
export interface SourceProof {
  /** How to rebuild the function; undefined when it needs something from outside. */
  readonly reference: SourceReference | undefined;
  /** Whether it uses not even a global, so that the same text means the same wherever it stands. */
  readonly isPure: boolean;
  /** The variables from outside, with where each is first used in the text. */
  readonly variables: ReadonlyMap<string, number>;
  /** Those of them that the function assigns to. */
  readonly assigned: ReadonlySet<string>;
  /** Syntax that cannot leave its place, such as `this`. */
  readonly syntax: ReadonlySet<string>;
  /** Why there is nothing to rebuild: the text is not the source of a plain function. */
  readonly unusable: "native" | "class" | "unreadable" | undefined;
}

interface Analysis {
  readonly parsed: ParsedFunction;
  readonly free: FreeVariables;
}

/** Texts whose analysis is kept. Programs have few functions, but may generate texts without end. */
const REMEMBERED_TEXTS = 1000;

/**
 * Examines `fn`, which was submitted from the modules `callers`: one of their own
 * variables may hide a global of the same name.
 *
 * @param fields What becomes of the function's own properties: whether it cannot be rebuilt for them.
 */
export function proveSelfContained(
  fn: Function,
  callers: readonly string[],
  fields: "refused" | "apart" = "refused",
): SourceProof {
  const text = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) return unusable("native");
  const { parsed, free } = analyse(text) ?? {};
  if (parsed === undefined || free === undefined) return unusable("unreadable");
  if (parsed.node.type === "ClassExpression") return unusable("class");

  const sought = { text, parsed, free };
  const variables = new Map<string, number>();
  const shims: string[] = [];
  for (const [name, position] of free.names) {
    const shim = shimFor(name);
    if (shim !== undefined) shims.push(shim);
    else if (!isItself(name, fn, sought, callers) && !isGlobal(name, free, sought, callers))
      variables.set(name, position);
  }
  const syntax = new Set(free.syntax);
  const keys = Object.keys(fn);
  if (fields === "refused") for (const key of keys) syntax.add(`its property "${key}"`);
  const isFree = variables.size > 0 || syntax.size > 0 || free.assigned.size > 0;
  const reference: SourceReference | undefined = isFree
    ? undefined
    : {
        kind: "source",
        name: fn.name,
        body: bodyFor(fn, text, parsed, shims),
        id: keys.length > 0 ? newId() : "",
      };
  const isPure =
    reference !== undefined &&
    [...free.names.keys()].every((name) => isItself(name, fn, sought, callers));
  return { reference, isPure, variables, assigned: free.assigned, syntax, unusable: undefined };
}

function unusable(reason: NonNullable<SourceProof["unusable"]>): SourceProof {
  return {
    reference: undefined,
    isPure: false,
    variables: new Map(),
    assigned: new Set(),
    syntax: new Set(),
    unusable: reason,
  };
}

/** The text of a function, with its syntax; undefined where that cannot be had. */
export function soughtFunction(fn: Function): Sought | undefined {
  const text = Function.prototype.toString.call(fn);
  const analysis = analyse(text);
  return analysis && { text, ...analysis };
}

function analyse(text: string): Analysis | undefined {
  const known = analyses();
  if (!known.has(text)) {
    const parsed = parseFunction(text);
    note(text, parsed && { parsed, free: freeVariables(parsed) });
  }
  return known.get(text);
}

/** Spares the parser the text of a function in a module that has been read, if that is strict code. */
export function noteWritten(tree: ModuleTree, node: FunctionNode): void {
  if (tree.isSloppy) return;
  const parsed = { node, isMethod: false, isStrict: true, offset: node.start };
  const text = tree.text.slice(node.start, node.end);
  note(text, { parsed, free: freeVariables(parsed, tree.scopes) });
}

function analyses(): Map<string, Analysis | undefined> {
  return threadRegistry("analyses@1", () => new Map());
}

function note(text: string, analysis: Analysis | undefined): void {
  const known = analyses();
  if (known.size >= REMEMBERED_TEXTS) known.clear();
  known.set(text, analysis);
}

/** An arrow function calls itself by the variable that holds it, which is not bound in its text. */
function isItself(name: string, fn: Function, sought: Sought, callers: readonly string[]): boolean {
  return name === fn.name && !sought.parsed.isMethod && mayHoldItself(name, sought, callers);
}

/**
 * Whether the module at `url` declares the variable called like the function as this very
 * function: a closure that another made may have the same name and the same text.
 */
export function isDeclaredIn(url: string, fn: Function, { variables }: SourceProof): boolean {
  const sought = soughtFunction(fn);
  return sought !== undefined && isDeclaredAs(fn.name, url, sought, variables.keys());
}

function isGlobal(
  name: string,
  free: FreeVariables,
  sought: Sought,
  callers: readonly string[],
): boolean {
  if (PROBED_GLOBALS.has(name)) return free.probed.has(name);
  if (/^(?:globalThis|global|self)$/.test(name) && usesGiven(sought, callers)) return false;
  return WORKER_GLOBALS.has(name) && !isHidden(name, sought, callers);
}

/** Whether it uses a global that one of the modules gives to its thread. */
function usesGiven({ text }: Sought, callers: readonly string[]): boolean {
  return callers.some((url) => givenGlobalIn(text, sourceText(url) ?? "") !== undefined);
}

/** A stand-in for what esbuild (`__name`) and istanbul (`cov_…`) call inside functions. */
function shimFor(name: string): string | undefined {
  if (/^__name\d*$/.test(name)) {
    return `const ${name} = (fn, value) => Object.defineProperty(fn, "name", { value, configurable: true });`;
  }
  if (COUNTERS.test(name)) {
    return `const ${name} = () => new Proxy(${name}, { get: (_, key) => key === Symbol.toPrimitive ? () => 0 : ${name}(), set: () => true });`;
  }
  return undefined;
}

function bodyFor(fn: Function, text: string, parsed: ParsedFunction, shims: string[]): string {
  const isStrict = parsed.isStrict && !isSloppy(fn);
  const lines = isStrict ? ['"use strict";', ...shims] : [...shims];
  if (parsed.isMethod) {
    lines.push(
      `const holder = { ${text}\n};`,
      "const method = Object.getOwnPropertyDescriptor(holder, Reflect.ownKeys(holder)[0]);",
      "return method.value ?? method.get ?? method.set;",
    );
  } else if (canBeVariable(fn.name)) {
    lines.push(`const ${fn.name} = (${text}\n);`, `return ${fn.name};`);
  } else {
    lines.push(`return { [${JSON.stringify(fn.name)}]: (${text}\n) }[${JSON.stringify(fn.name)}];`);
  }
  return lines.join("\n");
}

/** Whether it is a function of sloppy code: others do not let themselves be asked. */
function isSloppy(fn: Function): boolean {
  try {
    return fn.arguments === null;
  } catch {
    return false;
  }
}

function canBeVariable(name: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false;
  return parseFunction(`(() => { const ${name} = 0; })`) !== undefined;
}
