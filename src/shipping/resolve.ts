/**
 * Names a function so that another thread can run it: exported, marked, self-contained, or a slice.
 *
 * The order is: a mark; an export of another module; self-contained; an export of a module
 * that is still being evaluated, if workers import that; a slice of the module that the function
 * stands in. Where no text has the function: an export of a module that cannot be compared, and
 * one that only `import()` can reach. The program's entry comes last because a worker that
 * imports it runs the program's top level again.
 */
import { server } from "#platform";
import { writtenInCall } from "./callers/call-evidence.ts";
import { type CallPlace, callPlaces } from "./callers/call-places.ts";
import { ExportSearch, findInPackages, type FoundExport, knownExport } from "./export-search.ts";
import type {
  FunctionReference,
  ModuleReference,
  SliceReference,
  SourceReference,
} from "./function-reference.ts";
import { taskReference } from "./marker.ts";
import { entryAwaits, importsWhatAwaits, nestsTooDeep, notShippable } from "./not-shippable.ts";
import { nativeReference } from "./natives.ts";
import { hasProperties, isMadeAnew, noteFunction, references } from "./references.ts";
import { findSlice, isImportedElsewhere } from "./slice-search.ts";
import { allPlaces, standsInOneOf } from "./place.ts";
import {
  isDeclaredIn,
  noteWritten,
  proveSelfContained,
  soughtFunction,
  type SourceProof,
} from "./source.ts";
import { importsEntry, type ModuleImport, sourceText } from "./syntax/module-text.ts";
import { hasTopLevelAwait, moduleTree } from "./syntax/module-tree.ts";

/** What becomes of a function's own properties: it is refused for them, or they are sent beside it. */
export type Fields = "refused" | "apart";

/** Texts whose references are kept. Programs have few functions, but may generate texts without end. */
const REMEMBERED_TEXTS = 1000;
/** Calls that submit one text. */
const MOST_PLACES = 20;

/**
 * Returns the reference by which another thread can run `fn`: the same object for the same function.
 *
 * A promise only where `fn` may be exported by a module that awaits at its top level.
 *
 * @param callers The modules that submit the function, innermost first. Default: those on the stack.
 * @param fields What becomes of the function's own properties: whether it is refused for them.
 * @throws {TypeError} `fn` is not a function.
 * @throws {NotShippableError} `fn` cannot be taken along, and no module exports it.
 */
export function resolveFunction(
  fn: Function,
  callers?: readonly string[],
  fields: Fields = "refused",
): FunctionReference | Promise<FunctionReference> {
  if (typeof fn !== "function") {
    throw new TypeError(`Cannot ship ${fn === null ? "null" : typeof fn}: it is not a function`);
  }
  const { byFunction, withoutFields } = references();
  const cache = fields === "refused" ? byFunction : withoutFields;
  const marked = taskReference(fn as () => unknown);
  if (marked !== undefined) return marked;
  const known = cache.get(fn);
  if (known !== undefined && !lacksProperties(known, fn, fields)) return checked(known);

  // As a value it may be compared with an export, and so is not a twin of any other by its text alone.
  const twin = callers === undefined ? twinOf(fn, String(fn)) : undefined;
  const reference = twin ?? resolveAnew(fn, callers, fields);
  cache.set(fn, reference);
  if (reference instanceof Promise) {
    reference.then(
      (settled) => {
        cache.set(fn, settled);
        noteFunction(settled, fn);
      },
      () => cache.delete(fn),
    );
  }
  return reference;
}

/**
 * @returns The reference.
 * @throws {NotShippableError} Something has changed that its function reads.
 */
function checked<R extends FunctionReference | Promise<FunctionReference>>(reference: R): R {
  if (!(reference instanceof Promise)) references().checks.get(reference)?.();
  return reference;
}

/** Whether the function has got properties since, which what was found out then does not have. */
function lacksProperties(
  known: FunctionReference | Promise<FunctionReference>,
  fn: Function,
  fields: Fields,
): boolean {
  if (fields === "apart" || known instanceof Promise) return false;
  return isMadeAnew(known) && hasProperties(fn);
}

/**
 * The reference of an earlier function with the same text. One that uses nothing
 * at all from outside is found without a look at the stack, so a closure made in
 * a loop is as cheap as one function.
 */
function twinOf(fn: Function, text: string): SourceReference | undefined {
  const twin = references().byText.get(text);
  return twin?.name === fn.name && Object.keys(fn).length === 0 ? twin : undefined;
}

/** The innermost module alone would not do: it may be one that submits what others hand it. */
function textIn({ urls, isValue }: Callers, fn: Function): string {
  return `${isValue ? "value " : ""}${urls.join(" ")}\n${String(fn)}`;
}

/** One that was named by the same calls: others may submit another function with its text. */
function twinBy(calls: readonly CallPlace[], fn: Function): SliceReference | undefined {
  const candidates = references().byPlace.get(String(fn)) ?? [];
  const twin = candidates.find(
    ({ calls: named, reference }) =>
      reference.name === fn.name && named.every((each, at) => isSamePlace(each, calls[at])),
  );
  return twin && !hasProperties(fn) ? twin.reference : undefined;
}

/** How many frames hold the calls by which twins were named: a stack takes a microsecond for each. */
function depthOfTwins(fn: Function): number {
  let depth = 0;
  for (const { calls } of references().byPlace.get(String(fn)) ?? [])
    depth = Math.max(depth, calls.at(-1)?.frame ?? 0);
  return depth;
}

function isSamePlace(a: CallPlace, b: CallPlace | undefined): boolean {
  return a.line === b?.line && a.column === b.column && a.url === b.url;
}

/** Who submits a function. */
interface Callers {
  /** The modules, innermost first. */
  readonly urls: readonly string[];
  /** Whether the function is part of a value, rather than called. */
  readonly isValue: boolean;
  /** The calls on the stack, innermost first. */
  readonly calls: readonly CallPlace[];
}

function resolveAnew(
  fn: Function,
  urls: readonly string[] | undefined,
  fields: Fields,
): FunctionReference | Promise<FunctionReference> {
  const isValue = urls !== undefined;
  const exported = isValue ? knownExport(fn) : undefined;
  if (exported !== undefined) return moduleReference(exported, fn);
  const depth = depthOfTwins(fn);
  const near = depth > 0 ? twinBy(callPlaces(depth), fn) : undefined;
  if (near !== undefined) return checked(near);
  const calls = callPlaces();
  const modules = urls ?? [...new Set(calls.map(({ url }) => url))];
  const callers: Callers = { urls: modules, isValue, calls };
  const twin = twinOf(fn, textIn(callers, fn)) ?? twinBy(calls, fn);
  if (twin !== undefined) return checked(twin);
  const reference = withinStack(fn, callers, () => searchAnew(fn, callers, fields));
  if (!(reference instanceof Promise)) noteFunction(reference, fn);
  return reference;
}

/** Trees are read by functions that call themselves. */
function withinStack<T>(fn: Function, { urls }: Callers, search: () => T): T {
  try {
    return search();
  } catch (error) {
    const isOverflow = error instanceof RangeError && /call stack/i.test(error.message);
    throw isOverflow ? nestsTooDeep(fn, urls) : error;
  }
}

function searchAnew(
  fn: Function,
  from: Callers,
  fields: Fields,
): FunctionReference | Promise<FunctionReference> {
  const callers = from.urls;
  const written = writtenInCall(from.calls, Function.prototype.toString.call(fn));
  if (written !== undefined) noteWritten(written.tree, written.node);
  const native = nativeReference(fn);
  if (native !== undefined) return native;
  // A function without a name is hardly ever an export: spare it the search if it needs none.
  const isNameless = fn.name === "" && !from.isValue;
  const early = isNameless ? proveSelfContained(fn, callers, fields) : undefined;
  if (early?.reference !== undefined) return rememberSource(early.reference, early, fn, from);

  const search = new ExportSearch(fn, callers);
  const near = search.findNear();
  if (near?.isVerified && near.url !== server.entryUrl()) return moduleReference(near, fn);
  const proof = early ?? proveSelfContained(fn, callers, fields);
  // What uses nothing, and stands in the module that submits it, needs no search: that may take long.
  if (proof.isPure && proof.reference && !from.isValue && isInText(callers, fn)) {
    return rememberSource(proof.reference, proof, fn, from);
  }
  const found = search.findFar(near);
  if (found?.isVerified && found.url !== server.entryUrl()) return moduleReference(found, fn);
  if (!proof.isPure && !isOfProgram(callers, fn)) {
    const packaged = findInPackages(search, fn, isUsed);
    if (packaged !== undefined) return moduleReference(packaged, fn);
  }
  if (proof.reference !== undefined) return rememberSource(proof.reference, proof, fn, from);
  const own = found !== undefined && (found.isVerified || isDeclaredIn(found.url, fn, proof));
  if (own && isImportedElsewhere(found.url, callers)) return moduleReference(found, fn);
  const slice = findSlice(fn, callers, fields, from.calls, written);
  if (slice !== undefined) {
    const { reference, namedBy } = slice;
    const isSlice = "kind" in reference && reference.kind === "slice";
    if (isSlice && namedBy !== undefined) rememberPlace(reference, namedBy, fn);
    return reference;
  }
  if (own) return referenceToOwnModule(found, fn, proof);
  if (search.hasMore) return searchLater(search, fn, proof, callers);
  throw notShippable(fn, proof, callers);
}

function rememberSource(
  reference: SourceReference,
  { isPure }: SourceProof,
  fn: Function,
  callers: Callers,
): SourceReference {
  if (isPure && !callers.isValue) return remember(reference, String(fn), fn);
  return isWrittenIn(callers.urls, fn) ? remember(reference, textIn(callers, fn), fn) : reference;
}

/** Notes a reference for later functions with the same text. */
function remember(reference: SourceReference, text: string, fn: Function): SourceReference {
  if (Object.keys(fn).length > 0) return reference;
  const { byText } = references();
  if (byText.size >= REMEMBERED_TEXTS) byText.clear();
  byText.set(text, reference);
  return reference;
}

function rememberPlace(reference: SliceReference, calls: readonly CallPlace[], fn: Function): void {
  if (hasProperties(fn)) return;
  const { byPlace } = references();
  if (byPlace.size >= REMEMBERED_TEXTS) byPlace.clear();
  const known = byPlace.get(String(fn)) ?? [];
  if (known.length < MOST_PLACES) byPlace.set(String(fn), [...known, { calls, reference }]);
}

async function searchLater(
  search: ExportSearch,
  fn: Function,
  proof: SourceProof,
  callers: readonly string[],
): Promise<FunctionReference> {
  const found = await search.findLater();
  if (found === undefined) throw notShippable(fn, proof, callers);
  return moduleReference(found, fn);
}

/** A module whose top level waits for work that it submitted would wait in the worker for ever. */
function referenceToOwnModule(
  found: FoundExport,
  fn: Function,
  proof: SourceProof,
): ModuleReference {
  if (hasTopLevelAwait(found.url)) throw entryAwaits(fn, proof, found.url);
  return moduleReference(found, fn);
}

function moduleReference(found: FoundExport, fn: Function): ModuleReference {
  const { url, exportName, isVerified } = found;
  const entry = server.entryUrl();
  if (entry !== undefined && importsEntry(url) && hasTopLevelAwait(entry)) {
    throw importsWhatAwaits(fn, url, entry);
  }
  return { kind: "module", url, exportName, sourceText: isVerified ? undefined : String(fn) };
}

/** Whether a module of the program's own has the function's text. */
function isOfProgram(callers: readonly string[], fn: Function): boolean {
  if (isInText(callers, fn) || isWrittenIn(callers, fn)) return true;
  const sought = soughtFunction(fn);
  return sought !== undefined && allPlaces(sought, callers).next().done !== true;
}

/** The same without reading any of them as a module: no, where a compiler has printed it anew. */
function isInText(callers: readonly string[], fn: Function): boolean {
  return callers.some((url) => sourceText(url)?.includes(String(fn)) === true);
}

/** Whether one of the modules has the function's text. */
function isWrittenIn(callers: readonly string[], fn: Function): boolean {
  const sought = soughtFunction(fn);
  return sought !== undefined && standsInOneOf(callers, sought);
}

/** Whether the module at `from` uses what it imports, and not only as a type. */
function isUsed({ names }: ModuleImport, from: string): boolean {
  const root = moduleTree(from)?.scopes.root;
  return names.some(({ local }) => (root?.own(local)?.references.length ?? 0) > 0);
}
