/** The syntax of modules: their trees, scopes and functions, read once for each URL. */
import type { Program } from "acorn";
import { threadRegistry } from "../../base/registry.ts";
import { hasCounters, printedUncounted } from "./counters.ts";
import { sourceText } from "./module-text.ts";
import {
  type FunctionNode,
  type ParsedFunction,
  type ParsedModule,
  parseModule,
} from "./parser.ts";
import { haveSamePrint, kindOf } from "./print.ts";
import { sitesReprinted } from "./reprint.ts";
import type { CodeSite, FunctionSite, Scopes } from "./scopes.ts";
import { scopesOf } from "./visits.ts";

/** What the text of a module consists of. */
export interface ModuleTree {
  readonly url: string;
  /** As long as the file's text, and with the same positions. Types may be blanked. */
  readonly text: string;
  /** Where the lines of the text begin. */
  readonly lineStarts: readonly number[];
  readonly isJavaScript: boolean;
  readonly isCommonJs: boolean;
  /** Whether it is not strict code, which a part of it becomes in a worker. */
  readonly isSloppy: boolean;
  readonly program: Program;
  readonly scopes: Scopes;
  /** Names the module's text: another text at the same URL has another hash. */
  readonly hash: string;
}

interface Trees {
  readonly byUrl: Map<string, ModuleTree | undefined>;
  /** When one was last asked for, in milliseconds. */
  usedAt: number;
  /** Calls back when the engine has collected garbage, if it has been given some. */
  readonly collections: FinalizationRegistry<undefined>;
}

function trees(): Trees {
  return threadRegistry("module-trees@2", () => ({
    byUrl: new Map(),
    usedAt: 0,
    collections: new FinalizationRegistry(() => letUnusedGo(UNUSED_MS)),
  }));
}

/**
 * Trees take fifty times the memory of their texts, and most programs name all of their
 * functions early. So they are let go if memory is collected and none has been asked for in so
 * long; one that is asked for again is read again.
 */
const UNUSED_MS = 10_000;

/** Lets the trees go, if none has been asked for in so many milliseconds; else with a later collection. */
export function letUnusedGo(unusedMs: number): void {
  const { byUrl, usedAt, collections } = trees();
  if (performance.now() - usedAt >= unusedMs) byUrl.clear();
  else collections.register({}, undefined);
}

/** The tree of the module at `url`; undefined if its text cannot be had or is not understood. */
export function moduleTree(url: string): ModuleTree | undefined {
  const all = trees();
  all.usedAt = performance.now();
  if (!all.byUrl.has(url)) {
    if (all.byUrl.size === 0) all.collections.register({}, undefined);
    all.byUrl.set(url, readTree(url));
  }
  return all.byUrl.get(url);
}

/** The tree of the module at `url`, if it has been read. */
export function knownTree(url: string): ModuleTree | undefined {
  const all = trees();
  all.usedAt = performance.now();
  return all.byUrl.get(url);
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
  const lineStarts = lineStartsOf(parsed.text);
  return { url, ...parsed, lineStarts, isCommonJs, isSloppy, scopes, hash: hashOf(source) };
}

function lineStartsOf(text: string): number[] {
  const ends = text.matchAll(/\r\n|[\n\r\u2028\u2029]/g);
  return [0, ...Array.from(ends, ({ index, 0: end }) => index + end.length)];
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

/** By module, the answer for the text that was last asked about: one search asks several times. */
const lastSites = new WeakMap<
  ModuleTree,
  { readonly text: string; readonly sites: readonly CodeSite[] }
>();

/** The functions, or classes, of the module that may be the one with this text: by their syntax. */
export function sitesOf(
  tree: ModuleTree,
  text: string,
  parsed: ParsedFunction,
): readonly CodeSite[] {
  const last = lastSites.get(tree);
  if (last?.text === text) return last.sites;
  const sites = findSites(tree, text, parsed);
  lastSites.set(tree, { text, sites });
  return sites;
}

function findSites(
  tree: ModuleTree,
  text: string,
  { node, isMethod }: ParsedFunction,
): readonly CodeSite[] {
  let [alike, candidates]: (readonly CodeSite[])[] = [];
  if (node.type === "ClassExpression") {
    alike = tree.scopes.classes.filter((site) => mayBeCalled(site.node.id?.name, node.id?.name));
    candidates = alike;
  } else {
    const kinds = indexOf(tree).get(shapeOf(node)) ?? new Map<string, FunctionSite[]>();
    alike = [...kinds.values()].flat();
    const kind = kindOf(node);
    candidates = kind === "" ? alike : [...(kinds.get(kind) ?? []), ...(kinds.get("") ?? [])];
  }
  if (hasCounters(text)) {
    const print = printedUncounted(node);
    return alike.filter((site) => printedUncounted(site.node) === print).sort(byPlace);
  }
  const same = candidates.filter((site) => haveSamePrint(site.node, node)).sort(byPlace);
  return same.length > 0 || alike.length === 0 ? same : sitesReprinted(tree, alike, text, isMethod);
}

function byPlace(a: CodeSite, b: CodeSite): number {
  return a.node.start - b.node.start;
}

/** The functions of a module by their shapes and kinds. */
type Index = ReadonlyMap<string, Map<string, FunctionSite[]>>;
const indexes = new WeakMap<ModuleTree, Index>();

/** A module may have hundreds of functions: which of them may be one is not asked of each every time. */
function indexOf(tree: ModuleTree): Index {
  const known = indexes.get(tree);
  if (known !== undefined) return known;
  const index = new Map<string, Map<string, FunctionSite[]>>();
  for (const site of tree.scopes.functions) {
    const [shape, kind] = [shapeOf(site.node), kindOf(site.node)];
    const kinds = index.get(shape) ?? new Map<string, FunctionSite[]>();
    index.set(shape, kinds);
    const sites = kinds.get(kind);
    if (sites === undefined) kinds.set(kind, [site]);
    else sites.push(site);
  }
  indexes.set(tree, index);
  return index;
}

/** Compilers name a class that refers to itself, and take the name from one that does not. */
function mayBeCalled(written: string | undefined, name: string | undefined): boolean {
  return written === undefined || name === undefined || written === name;
}

/** What compilers keep of a function. */
function shapeOf({ type, async, generator, params }: FunctionNode): string {
  return `${type === "ArrowFunctionExpression"} ${async} ${generator} ${valuesIn(params)}`;
}

/** How many parameters, without TypeScript's `this`. */
function valuesIn(parameters: FunctionNode["params"]): number {
  return parameters.filter((each) => each.type !== "Identifier" || each.name !== "this").length;
}

/** The position of a place that is given by its line and column, which count from 1. */
export function positionIn({ lineStarts }: ModuleTree, line: number, column: number): number {
  return (lineStarts[line - 1] ?? -column) + column - 1;
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
