/** The syntax of modules: their trees, scopes and functions, read once for each URL. */
import type { Program } from "acorn";
import { threadRegistry } from "../../base/registry.ts";
import { sourceText } from "./module-text.ts";
import {
  type FunctionNode,
  type ParsedFunction,
  type ParsedModule,
  parseModule,
} from "./parser.ts";
import { haveSamePrint } from "./print.ts";
import { sitesReprinted } from "./reprint.ts";
import type { CodeSite, Scopes } from "./scopes.ts";
import { scopesOf } from "./visits.ts";

/** What the text of a module consists of. */
export interface ModuleTree {
  readonly url: string;
  /** As long as the file's text, and with the same positions. Types may be blanked. */
  readonly text: string;
  readonly isJavaScript: boolean;
  readonly isCommonJs: boolean;
  /** Whether it is not strict code, which a part of it becomes in a worker. */
  readonly isSloppy: boolean;
  readonly program: Program;
  readonly scopes: Scopes;
  /** Names the module's text: another text at the same URL has another hash. */
  readonly hash: string;
}

/** The tree of the module at `url`; undefined if its text cannot be had or is not understood. */
export function moduleTree(url: string): ModuleTree | undefined {
  const trees = threadRegistry("module-trees@1", () => new Map<string, ModuleTree | undefined>());
  if (!trees.has(url)) trees.set(url, readTree(url));
  return trees.get(url);
}

function readTree(url: string): ModuleTree | undefined {
  const source = sourceText(url);
  const parsed = source === undefined ? undefined : parseModule(source, url);
  if (source === undefined || parsed === undefined) return undefined;
  const isCommonJs = isCommonJsModule(url, parsed);
  const scopes = scopesOf(parsed.program, isCommonJs ? COMMON_JS : [], parsed.text);
  const [first] = parsed.program.body;
  const isStrict = first && "directive" in first && first.directive === "use strict";
  const isSloppy = isCommonJs && !isStrict;
  return { url, ...parsed, isCommonJs, isSloppy, scopes, hash: hashOf(source) };
}

/** What a CommonJS module has without declaring it. */
const COMMON_JS = ["require", "module", "exports", "__filename", "__dirname"];

function isCommonJsModule(url: string, { program, text }: ParsedModule): boolean {
  if (program.body.some(({ type }) => /^(?:Import|Export)/.test(type))) return false;
  return (
    /\.c[jt]s(?:[?#]|$)/.test(url) || /\b(?:require|exports|__dirname|__filename)\b/.test(text)
  );
}

/** FNV-1a, twice: enough to tell the versions of a file apart. */
function hashOf(text: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

/** The functions, or classes, of the module that may be the one with this text: by their syntax. */
export function sitesOf(
  tree: ModuleTree,
  text: string,
  { node, isMethod }: ParsedFunction,
): readonly CodeSite[] {
  const { functions, classes } = tree.scopes;
  const alike: readonly CodeSite[] =
    node.type === "ClassExpression"
      ? classes.filter((site) => mayBeCalled(site.node.id?.name, node.id?.name))
      : functions.filter((site) => isAlike(site.node, node));
  const same = alike.filter((site) => haveSamePrint(site.node, node));
  return same.length > 0 || alike.length === 0 ? same : sitesReprinted(tree, alike, text, isMethod);
}

/** Compilers name a class that refers to itself, and take the name from one that does not. */
function mayBeCalled(written: string | undefined, name: string | undefined): boolean {
  return written === undefined || name === undefined || written === name;
}

function isAlike(a: FunctionNode, b: FunctionNode): boolean {
  const isArrow = a.type === "ArrowFunctionExpression";
  return (
    isArrow === (b.type === "ArrowFunctionExpression") &&
    a.async === b.async &&
    a.generator === b.generator &&
    valuesIn(a.params) === valuesIn(b.params)
  );
}

/** How many parameters, without TypeScript's `this`. */
function valuesIn(parameters: FunctionNode["params"]): number {
  return parameters.filter((each) => each.type !== "Identifier" || each.name !== "this").length;
}

/** The position of a place that is given by its line and column, which count from 1. */
export function positionIn({ text }: ModuleTree, line: number, column: number): number {
  let start = 0;
  for (let at = 1; at < line && start >= 0; at++) start = text.indexOf("\n", start) + 1 || -1;
  return start < 0 ? -1 : start + column - 1;
}

/** `main.ts:12`, or `main.ts:12:3` with the column. */
export function placeIn(tree: ModuleTree, position: number, withColumn = false): string {
  const before = tree.text.slice(0, position);
  const line = before.split("\n").length;
  const column = position - before.lastIndexOf("\n");
  const file = decodeURIComponent(tree.url.replace(/^.*\//, ""));
  return `${file}:${line}${withColumn ? `:${column}` : ""}`;
}

/** Whether the module at `url` waits at its top level, so that a worker's import of it would too. */
export function hasTopLevelAwait(url: string): boolean {
  const source = sourceText(url);
  if (source === undefined || !/\bawait\b/.test(source)) return false;
  const tree = moduleTree(url);
  // Without a parse: an `await` on a line that is not indented.
  if (tree === undefined) return /^(?![\s/*]).*\bawait\b/m.test(source);
  return tree.scopes.awaits.some(({ inside }) => inside === undefined);
}
