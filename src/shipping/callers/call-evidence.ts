/**
 * Whether a call on the stack names a function: as the arrow that is written there, or by a
 * variable that is declared as the function.
 */
import type { ModulePlace } from "./caller.ts";
import { holds } from "../slices/forms.ts";
import {
  childNodes,
  type FunctionNode,
  isFunction,
  type SyntaxNode,
  withoutTypes,
} from "../syntax/parser.ts";
import { isWithin } from "../syntax/free-variables.ts";
import { type Binding, keyName, referencesIn } from "../syntax/scopes.ts";
import { type ModuleImport, moduleText, resolvedFrom } from "../syntax/module-text.ts";
import { knownTree, type ModuleTree, moduleTree, positionIn } from "../syntax/module-tree.ts";

type CallNode = SyntaxNode & { type: "CallExpression" | "NewExpression" };

/**
 * Which call gives the function away as itself or by its own variable, if one does; else whether
 * one does as a property of what a constant is declared as, or as what the function's module
 * gives, which may be another.
 *
 * @param calls Where the calls stand, innermost first.
 */
export function namedByCall(
  calls: readonly ModulePlace[],
  tree: ModuleTree,
  fn: SyntaxNode,
): number | "property" | undefined {
  let isProperty = false;
  for (const [at, { url, line, column }] of calls.entries()) {
    const from = url.includes("/node_modules/") ? undefined : moduleTree(url);
    if (from === undefined) continue;
    const given = givenAt(from, line, column);
    if (from !== tree) isProperty ||= given.some((node) => isOfModule(node, from, tree.url));
    else if (given.some((node) => node === fn || isVariableOf(node, fn, tree))) return at;
    else isProperty ||= given.some((node) => isMadeOf(denoted(node, tree), fn, tree));
  }
  return isProperty ? "property" : undefined;
}

/** A function that is written among the arguments of a call. */
export interface Written {
  readonly tree: ModuleTree;
  readonly node: FunctionNode;
  /** Which of the calls it is. */
  readonly at: number;
}

/** The innermost call that has this text as an argument, as far as modules have been read. */
export function writtenInCall(calls: readonly ModulePlace[], text: string): Written | undefined {
  for (const [at, { url, line, column }] of calls.entries()) {
    const tree = url.includes("/node_modules/") ? undefined : knownTree(url);
    if (tree?.text.includes(text) !== true) continue;
    for (const node of givenAt(tree, line, column)) {
      const { start, end } = node;
      const isText = end - start === text.length && tree.text.startsWith(text, start);
      if (isText && isFunction(node)) return { tree, node, at };
    }
  }
  return undefined;
}

/** What the call at a place gives, as far as it may be what is shipped. */
function givenAt(tree: ModuleTree, line: number, column: number): readonly SyntaxNode[] {
  const call = callAt(tree, positionIn(tree, line, column));
  return call === undefined ? [] : foremost(call.arguments.flatMap(parts), tree);
}

/**
 * The arguments up to the first that may be any function: what is shipped stands before what it is
 * given, so those after that do not say which function is.
 */
function foremost(given: readonly SyntaxNode[], tree: ModuleTree): readonly SyntaxNode[] {
  const first = given.findIndex((node) => !KNOWN.has(denoted(node, tree)?.type ?? ""));
  return first < 0 ? given : given.slice(0, first + 1);
}

/** What an expression is that is known to be that function, or none. */
const KNOWN: ReadonlySet<string> = new Set([
  "ArrowFunctionExpression",
  "FunctionDeclaration",
  "FunctionExpression",
  "ClassDeclaration",
  "ClassExpression",
  "NewExpression",
  "Literal",
  "TemplateLiteral",
  "ObjectExpression",
  "ArrayExpression",
  "BinaryExpression",
  "UnaryExpression",
  "UpdateExpression",
]);

/** Whether it is the function, or what a function returns that has it in its text: `make().run`. */
function isMadeOf(value: SyntaxNode | undefined, fn: SyntaxNode, tree: ModuleTree): boolean {
  if (value === fn) return true;
  const maker = value?.type === "CallExpression" ? firstOf(value, tree) : undefined;
  if (maker === undefined || maker.references.some(({ isWrite }) => isWrite)) return false;
  return isWithin(fn, maker.node) && !holds(maker, fn);
}

/** The variable that an expression begins with: `lib` in `lib.make().run`. */
function firstOf(given: SyntaxNode, { scopes }: ModuleTree): Binding | undefined {
  let node = withoutTypes(given);
  while (node?.type === "MemberExpression" || node?.type === "CallExpression") {
    node = withoutTypes(node.type === "CallExpression" ? node.callee : node.object);
  }
  return node?.type === "Identifier" ? referencesIn(scopes, node)[0]?.binding : undefined;
}

/** Whether an expression begins with an import of the module. */
function isOfModule(given: SyntaxNode, from: ModuleTree, module: string): boolean {
  const { url } = from;
  const binding = firstOf(given, from);
  if (binding?.kind !== "import") return false;
  const { imports = [] } = moduleText(url) ?? {};
  const isNamed = ({ names }: ModuleImport): boolean =>
    names.some(({ local }) => local === binding.name);
  const specifier = imports.find(isNamed)?.specifier;
  return specifier !== undefined && resolvedFrom(url, specifier) === module;
}

/** The call whose callee is at a position, the innermost if there are several. */
function callAt({ program }: ModuleTree, position: number): CallNode | undefined {
  let found: CallNode | undefined;
  let node: SyntaxNode | undefined = program;
  while (node !== undefined) {
    if (node.type === "CallExpression" || node.type === "NewExpression") {
      if (position <= node.callee.end) found = node;
    }
    node = childAt(node, position);
  }
  return found;
}

/** The last of the nodes inside that hold the position. */
function childAt(node: SyntaxNode, position: number): SyntaxNode | undefined {
  if (node.type !== "Program") {
    return childNodes(node)
      .filter(({ start, end }) => start <= position && position <= end)
      .at(-1);
  }
  // A module may have hundreds of statements.
  let [low, high] = [0, node.body.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((node.body[middle] as SyntaxNode).start <= position) low = middle;
    else high = middle;
  }
  return node.body[low];
}

/** What an argument gives: itself, or what an object or list that is written there holds. */
function parts(argument: SyntaxNode): SyntaxNode[] {
  const node = withoutTypes(argument);
  if (node === undefined) return [];
  switch (node.type) {
    case "ObjectExpression":
      return node.properties.flatMap((each) => (each.type === "Property" ? parts(each.value) : []));
    case "ArrayExpression":
      return node.elements.flatMap((each) => (each ? parts(each) : []));
    default:
      return [node];
  }
}

function isVariableOf(node: SyntaxNode, fn: SyntaxNode, { scopes }: ModuleTree): boolean {
  if (node.type !== "Identifier") return false;
  const binding = referencesIn(scopes, node)[0]?.binding;
  return binding !== undefined && holds(binding, fn);
}

/** What an expression is, as far as declarations show: a function, an object, a list. */
function denoted(expression: SyntaxNode, tree: ModuleTree): SyntaxNode | undefined {
  const node = withoutTypes(expression);
  if (node?.type === "Identifier") {
    const binding = referencesIn(tree.scopes, node)[0]?.binding;
    if (binding === undefined || binding.references.some(({ isWrite }) => isWrite))
      return undefined;
    const { node: declared } = binding;
    return declared.type === "VariableDeclarator" && declared.id.type === "Identifier"
      ? withoutTypes(declared.init)
      : declared;
  }
  if (node?.type !== "MemberExpression") return node;
  const { object, property, computed } = node;
  const holder = denoted(object, tree);
  const name = keyName(property, computed);
  switch (holder?.type) {
    case "ObjectExpression":
      for (const each of holder.properties) {
        if (each.type === "Property" && keyName(each.key, each.computed) === name)
          return withoutTypes(each.value);
      }
      return undefined;
    case "ArrayExpression":
      return withoutTypes(holder.elements[Number(name)]);
    case "ClassDeclaration":
    case "ClassExpression":
      for (const each of holder.body.body) {
        if (
          each.type === "MethodDefinition" &&
          each.static &&
          keyName(each.key, each.computed) === name
        )
          return each.value;
      }
      return undefined;
    default:
      return undefined;
  }
}
