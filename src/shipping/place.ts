/**
 * The place at which a function was written: what surrounds it, as far as texts show.
 *
 * A function's text does not say what its free variables are. `Date` is the global of that
 * name only if no scope around the function has a variable called so. So the place is looked
 * for by the function's syntax: in the modules on the stack, innermost first, then in what
 * these import. Runtimes that compile TypeScript print a function anew, and may fold constants
 * into it. If the place is unknown for that, any scope around any function of the modules on
 * the stack counts as one around this one.
 */
import type { Program } from "acorn";
import { server } from "#platform";
import { namesOwnFile } from "../base/own-files.ts";
import type { FreeVariables } from "./syntax/free-variables.ts";
import { COUNTERS } from "./syntax/counters.ts";
import { isLocal, moduleText, resolvedFrom, sourceText } from "./syntax/module-text.ts";
import { type ModuleTree, moduleTree, placeIn, sitesOf } from "./syntax/module-tree.ts";
import { childNodes, type ParsedFunction, type SyntaxNode, withoutTypes } from "./syntax/parser.ts";
import { type CodeSite, COMPUTED_IMPORT, withoutExport } from "./syntax/scopes.ts";

/** Modules that are looked into, besides those on the stack. */
const MOST_MODULES = 300;

/** A function whose place is looked for. */
export interface Sought {
  readonly text: string;
  readonly parsed: ParsedFunction;
  readonly free: FreeVariables;
}

/** Whether `name`, which the function uses as a global, is another variable where the function stands. */
export function isHidden(name: string, sought: Sought, callers: readonly string[]): boolean {
  for (const url of callers) {
    if (!mayBind(url, name)) {
      if (standsIn(url, sought)) return false;
      continue;
    }
    const places = placesIn(url, sought);
    if (places.length > 0) return places.some(({ around }) => around.find(name) !== undefined);
  }
  for (const url of [...importsOf(callers), ...loadedModules()]) {
    const places = mayBind(url, name) ? placesIn(url, sought) : [];
    if (places.length > 0) return places.some(({ around }) => around.find(name) !== undefined);
  }
  return callers.some((url) => mayBind(url, name) && bindsSomewhere(url, name));
}

/** Whether the variable `name` where the function stands may be the one that holds it. */
export function mayHoldItself(name: string, sought: Sought, callers: readonly string[]): boolean {
  for (const url of callers) {
    const nodes = new Set<SyntaxNode>(placesIn(url, sought).map(({ node }) => node));
    if (nodes.size > 0) return isGivenTo(programOf(url), name, nodes);
  }
  return true;
}

/** Whether one of the functions is what a variable of that name is given. */
function isGivenTo(node: SyntaxNode, name: string, functions: ReadonlySet<SyntaxNode>): boolean {
  const [target, value] =
    node.type === "VariableDeclarator"
      ? [node.id, node.init]
      : node.type === "AssignmentExpression"
        ? [node.left, node.right]
        : [];
  const given = withoutTypes(value);
  if (target?.type === "Identifier" && target.name === name && given && functions.has(given))
    return true;
  for (const child of childNodes(node)) if (isGivenTo(child, name, functions)) return true;
  return false;
}

/**
 * Whether the variable `local` of the module at `url` is declared as this very function, and
 * no other place of the module could be this one's. True where the text cannot be parsed.
 *
 * @param free What the function uses from outside.
 */
export function isDeclaredAs(
  local: string,
  url: string,
  sought: Sought,
  free: Iterable<string>,
): boolean {
  const tree = moduleTree(url);
  if (tree === undefined) return true;
  const node = declaredFunction(tree.program, local);
  const places = placesIn(url, sought);
  const declared = places.find((place) => place.node === node);
  if (declared === undefined) return false;
  const names = [...free];
  return places.every(({ around }) =>
    names.every((name) => around.find(name) === declared.around.find(name)),
  );
}

/** Whether the module may have a variable of that name: without false negatives, and quick. */
function mayBind(url: string, name: string): boolean {
  const source = sourceText(url);
  if (source?.includes(name) !== true) return false;
  const inPattern = String.raw`(?<![\w$.])${name}\s*(?:[=,)}\]:;]|(?:of|in|from)\b|$)`;
  const declared = String.raw`\b(?:let|var|const|function|class|as)\b[\s*]*${name}\b`;
  return new RegExp(`${inPattern}|${declared}`, "m").test(source);
}

/** Whether the function stands in one of the modules. */
export function standsInOneOf(urls: readonly string[], sought: Sought): boolean {
  return urls.some((url) => standsIn(url, sought));
}

/** Whether the function stands in the module. */
function standsIn(url: string, sought: Sought): boolean {
  return sourceText(url)?.includes(sought.text) === true || placesIn(url, sought).length > 0;
}

function bindsSomewhere(url: string, name: string): boolean {
  const tree = moduleTree(url);
  if (tree === undefined) return bindsInWords(url, name);
  return tree.scopes.functions.some(({ around }) => around.find(name) !== undefined);
}

/** Whether a module that cannot be parsed has a top-level variable called `name`, as far as its lines show. */
function bindsInWords(url: string, name: string): boolean {
  const imports = moduleText(url)?.imports ?? [];
  if (imports.some(({ names }) => names.some(({ local }) => local === name))) return true;
  const declaration = String.raw`^(?:export\s+)?(?:(?:const|let|var)\s+(?:\{[^}]*)?|(?:async\s+)?function\b[\s*]*|class\s+)\b${name}\b`;
  return new RegExp(declaration, "m").test(sourceText(url) ?? "");
}

/** Where a function may stand in a module. */
export interface Places {
  readonly tree: ModuleTree;
  readonly sites: readonly CodeSite[];
}

/** The places at which the function may stand, by modules, nearest first. */
export function* allPlaces(sought: Sought, callers: readonly string[]): Generator<Places> {
  const names = [...sought.free.names.keys()];
  const search = function* (urls: Iterable<string>): Generator<Places> {
    for (const url of urls) {
      const source = sourceText(url);
      if (!names.every((name) => isCompilers(name) || source?.includes(name))) continue;
      const sites = placesIn(url, sought);
      if (sites.length > 0) yield { tree: moduleTree(url) as ModuleTree, sites };
    }
  };
  let isFound = false;
  for (const places of search([...callers, ...importsOf(callers)])) {
    isFound = true;
    yield places;
  }
  if (!isFound) yield* search(loadedModules());
}

/**
 * All places at which it may stand: also in packages that the modules import, and in whatever
 * else the runtime says that it has loaded.
 */
export function* placesElsewhere(sought: Sought, modules: readonly string[]): Generator<Places> {
  const loaded = (server.loadedModules?.() ?? []).filter((url) => !namesOwnFile(url));
  const names = [...sought.free.names.keys()];
  for (const url of new Set([...modules, ...importsOf(modules, true), ...loaded])) {
    const source = sourceText(url);
    if (!names.every((name) => isCompilers(name) || source?.includes(name))) continue;
    const sites = placesIn(url, sought);
    if (sites.length > 0) yield { tree: moduleTree(url) as ModuleTree, sites };
  }
}

/** Compilers write the names of imports in their own way, and tools for coverage have counters. */
function isCompilers(name: string): boolean {
  return name.startsWith("__") || COUNTERS.test(name);
}

/** Where one of the modules imports another by a variable, if one does. */
export function loadsByVariable(urls: readonly string[]): string | undefined {
  for (const url of urls) {
    const tree = moduleTree(url);
    const place = tree?.scopes.places.find(({ what }) => what === COMPUTED_IMPORT);
    if (tree && place) return placeIn(tree, place.node.start, true);
    const required = tree && /\brequire\(\s*(?!["'`\s])/.exec(tree.text);
    if (required) return placeIn(tree, required.index, true);
  }
  return undefined;
}

/** Whether one of the modules imports the one at `url`, directly or not, or another that is loaded. */
export function isImportedBy(callers: readonly string[], url: string): boolean {
  for (const caller of callers) {
    if (caller !== url && [...importsOf([caller])].includes(url)) return true;
  }
  return loadedModules().some((from) => from !== url && importsFrom(from, url));
}

function importsFrom(from: string, url: string): boolean {
  const requests = moduleText(from)?.imports ?? [];
  return requests.some(({ specifier, isStatic }) => {
    return isStatic && isLocal(specifier) && resolvedFrom(from, specifier) === url;
  });
}

/** The places of the module at which the function may stand. */
function placesIn(url: string, { text, parsed }: Sought): readonly CodeSite[] {
  const tree = moduleTree(url);
  return tree === undefined ? [] : sitesOf(tree, text, parsed);
}

/** The tree of a module in which a place has been found. */
function programOf(url: string): Program {
  return (moduleTree(url) as { readonly program: Program }).program;
}

/** The function that a top-level variable is declared as, or that CommonJS exports by that name. */
function declaredFunction({ body }: Program, name: string): SyntaxNode | undefined {
  for (const each of body) {
    const statement = withoutExport(each);
    if (statement.type === "FunctionDeclaration" && statement.id?.name === name) return statement;
    if (statement.type === "VariableDeclaration") {
      const found = statement.declarations.find(
        ({ id }) => id.type === "Identifier" && id.name === name,
      );
      if (found?.init) return withoutTypes(found.init);
    }
    if (statement.type !== "ExpressionStatement") continue;
    const { expression } = statement;
    if (expression.type !== "AssignmentExpression") continue;
    const { left, right } = expression;
    if (left.type !== "MemberExpression" || left.property.type !== "Identifier") continue;
    const ownName = right.type === "FunctionExpression" ? right.id?.name : undefined;
    if (left.property.name === name || ownName === name) return right;
  }
  return undefined;
}

/** The program's own modules, where some of those on the stack are missing. */
function loadedModules(): readonly string[] {
  const urls = server.loadedModules?.() ?? [];
  return urls.filter((url) => !url.includes("/node_modules/") && !namesOwnFile(url));
}

/** The program's own modules that these import, and those that they import, nearest first. */
function* importsOf(callers: readonly string[], withPackages = false): Generator<string> {
  const visited = new Set(callers);
  for (const from of visited) {
    for (const { specifier, isStatic } of moduleText(from)?.imports ?? []) {
      if (!isStatic || !(isLocal(specifier) || withPackages)) continue;
      const url = resolvedFrom(from, specifier);
      if (withPackages && (url === undefined || !url.startsWith("file:") || namesOwnFile(url)))
        continue;
      if (url === undefined || visited.has(url) || visited.size > MOST_MODULES) continue;
      visited.add(url);
      yield url;
    }
  }
}
