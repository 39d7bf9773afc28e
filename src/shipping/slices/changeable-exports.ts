/**
 * Which exports of a module may become something else after the module has been evaluated, as
 * far as its text shows: variables that its functions assign to, and objects that they fill.
 */
import { isExports } from "./pieces.ts";
import { moduleText, resolvedFrom, sourceText } from "../syntax/module-text.ts";
import { type ModuleTree, moduleTree } from "../syntax/module-tree.ts";
import { isClass, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding, Reference } from "../syntax/scopes.ts";

/** Longer texts are those of packages in one file, which would take long to be read. */
const LONGEST = 200_000;
/** Re-exports that are followed. */
const MOST_MODULES = 50;

const ASSIGNED = String.raw`\s*(?:\+\+|--|(?:[-+*/%&|^]|\*\*|&&|\|\||\?\?|<<|>>>?)?=(?![=>]))`;
const PROPERTIES = String.raw`(?:\s*\.\s*[\w$]+|\s*\[[^\]]*\])*`;
const FILLS = String.raw`\s*\.\s*(?:set|add|push|unshift|pop|shift|fill|delete|clear|splice|sort|reverse|copyWithin|append)\s*\(`;
/** What follows a name whose object is changed. */
const CHANGED = new RegExp(`^${PROPERTIES}(?:${ASSIGNED}|${FILLS})`);
/** What stands before it, of which so much is looked at. */
const BEFORE = 50;
const CHANGES = /(?:\+\+|--|\bdelete|\b(?:Object|Reflect)\s*\.\s*\w+\s*\()\s*$/;

/** How an export may become something else. */
export type Change =
  /** A function of the module changes it. */
  | "changed"
  /** It is an object that its text shows whole, so that any difference is a change. */
  | "written";

/** How what the module at `url` exports may change; undefined if nothing shows that it may. */
export function changeOf(url: string, name: string): Change | undefined {
  const found = definition(url, name);
  if (found === undefined) return undefined;
  const { tree, local } = found;
  if (tree.isCommonJs) {
    return isChangedInCommonJs(tree, name) ? "changed" : undefined;
  }
  const binding = local === undefined ? undefined : tree.scopes.root.own(local);
  if (binding !== undefined && isChanged(binding, tree)) return "changed";
  if (binding !== undefined && changesItself(binding, tree)) return "changed";
  return isWritten(binding === undefined ? defaultOf(tree) : valueOf(binding))
    ? "written"
    : undefined;
}

/** The names of exports that the module's text shows. */
export function exportNames(url: string, asked: Set<string> = new Set()): ReadonlySet<string> {
  const names = new Set<string>();
  if (asked.has(url) || asked.size > MOST_MODULES) return names;
  asked.add(url);
  const { exports = [], reexports = [] } = moduleText(url) ?? {};
  for (const [name] of exports) names.add(name);
  for (const { name, specifier } of reexports) {
    const from = name === "*" ? resolvedFrom(url, specifier) : undefined;
    if (name !== "*") names.add(name);
    else if (from !== undefined) for (const each of exportNames(from, asked)) names.add(each);
  }
  return names;
}

export interface Definition {
  readonly tree: ModuleTree;
  /** The variable; undefined for a default without one. */
  readonly local: string | undefined;
}

/** The module that has the variable which an export is. */
export function definition(
  url: string,
  name: string,
  asked: Set<string> = new Set(),
): Definition | undefined {
  if (asked.has(url) || asked.size > MOST_MODULES) return undefined;
  asked.add(url);
  if ((sourceText(url)?.length ?? LONGEST) >= LONGEST) return undefined;
  const {
    exports = new Map<string, string>(),
    reexports = [],
    isModule = true,
  } = moduleText(url) ?? {};
  const local = exports.get(name);
  if (local !== undefined || name === "default" || !isModule) {
    const tree = moduleTree(url);
    const imported = local === undefined ? undefined : importOf(local, url);
    if (imported !== undefined) return definition(imported.url, imported.name, asked);
    return tree && { tree, local };
  }
  for (const each of reexports) {
    if (each.name !== name && each.name !== "*") continue;
    const from = resolvedFrom(url, each.specifier);
    const found = from && definition(from, each.name === "*" ? name : each.imported, asked);
    if (found) return found;
  }
  return undefined;
}

/** What a module exports that has imported it. */
function importOf(
  local: string,
  url: string,
): { readonly url: string; readonly name: string } | undefined {
  for (const { names, specifier } of moduleText(url)?.imports ?? []) {
    const found = names.find((each) => each.local === local);
    const from = found && resolvedFrom(url, specifier);
    if (found && from) return { url: from, name: found.imported };
  }
  return undefined;
}

function isChanged({ references }: Binding, { text }: ModuleTree): boolean {
  return references.some(
    ({ inside, isWrite, node }) =>
      inside !== undefined &&
      (isWrite ||
        CHANGED.test(text.slice(node.end)) ||
        CHANGES.test(text.slice(Math.max(0, node.start - BEFORE), node.start))),
  );
}

/** What a method, or getter, does to its object. */
const CHANGES_THIS = new RegExp(
  `\\bthis(?:${PROPERTIES})(?:${ASSIGNED}|${FILLS})|(?:\\+\\+|--)\\s*this\\b`,
);

/** Whether an object, or one made of a class of the module, has functions that change it. */
function changesItself({ node }: Binding, { text, scopes }: ModuleTree): boolean {
  let value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : node;
  if (value?.type === "NewExpression" && value.callee.type === "Identifier") {
    value = scopes.root.own(value.callee.name)?.node;
  }
  const isMeant = value && (value.type === "ObjectExpression" || isClass(value));
  return isMeant === true && CHANGES_THIS.test(text.slice(value?.start, value?.end));
}

function isChangedInCommonJs({ scopes, text }: ModuleTree, name: string): boolean {
  const changed = new RegExp(
    `^(?:\\s*\\.\\s*exports)?\\s*\\.\\s*${name.replaceAll("$", "\\$")}\\b${PROPERTIES}(?:${ASSIGNED}|${FILLS})`,
  );
  const isChange = ({ binding, inside, node }: Reference): boolean =>
    inside !== undefined &&
    binding !== undefined &&
    isExports(binding) &&
    changed.test(text.slice(node.end));
  return scopes.references.some(isChange);
}

function valueOf({ node }: Binding): SyntaxNode | undefined {
  return node.type === "VariableDeclarator" && node.id.type === "Identifier"
    ? withoutTypes(node.init)
    : undefined;
}

function defaultOf({ program }: ModuleTree): SyntaxNode | undefined {
  const found = program.body.find(({ type }) => type === "ExportDefaultDeclaration");
  return found?.type === "ExportDefaultDeclaration" ? withoutTypes(found.declaration) : undefined;
}

/** Whether an object is written as what it is, in literals alone. */
function isWritten(given: SyntaxNode | undefined): boolean {
  switch (given?.type) {
    case "ObjectExpression":
      return given.properties.every(
        (each) => each.type === "Property" && !each.computed && isPart(each.value),
      );
    case "ArrayExpression":
      return given.elements.every((each) => each && isPart(each));
    default:
      return false;
  }
}

function isPart(given: SyntaxNode): boolean {
  const node = withoutTypes(given);
  return node?.type === "Literal" || isWritten(node);
}
