/**
 * Names a function so that another thread can run it: exported, marked, or self-contained.
 *
 * The order is: a mark; an export of another module; self-contained; an export of
 * a module that cannot be compared; an export that only `import()` can reach. The
 * program's entry comes late because a worker that imports it runs the program's
 * top level again.
 */
import { platform } from "#platform";
import { callerUrls } from "./caller.ts";
import { ExportSearch, type FoundExport } from "./export-search.ts";
import type { FunctionReference, ModuleReference, SourceReference } from "./function-reference.ts";
import { taskReference } from "./marker.ts";
import { entryAwaits, notShippable } from "./not-shippable.ts";
import { proveSelfContained, type SourceProof } from "./source.ts";
import { threadRegistry } from "./thread-registry.ts";
import { hasTopLevelAwait } from "./top-level-await.ts";

interface Resolved {
  readonly byFunction: WeakMap<Function, FunctionReference | Promise<FunctionReference>>;
  /** Closures made again and again from one text are one function to the worker. */
  readonly byText: Map<string, SourceReference>;
}

function resolved(): Resolved {
  return threadRegistry("references@1", () => ({ byFunction: new WeakMap(), byText: new Map() }));
}

/** Texts whose references are kept. Programs have few functions, but may generate texts without end. */
const REMEMBERED_TEXTS = 1000;

/**
 * Returns the reference by which another thread can run `fn`: the same object for the same function.
 *
 * A promise only where `fn` may be exported by a module that awaits at its top level.
 *
 * @param callers The modules that submit the function, innermost first. Default: those on the stack.
 * @throws {TypeError} `fn` is not a function.
 * @throws {NotShippableError} `fn` is not exported, marked or self-contained.
 */
export function resolveFunction(
  fn: Function,
  callers?: readonly string[],
): FunctionReference | Promise<FunctionReference> {
  if (typeof fn !== "function") {
    throw new TypeError(`Cannot ship ${fn === null ? "null" : typeof fn}: it is not a function`);
  }
  const { byFunction } = resolved();
  const known = taskReference(fn as () => unknown) ?? byFunction.get(fn);
  if (known !== undefined) return known;

  const reference = resolveAnew(fn, callers ?? callerUrls());
  byFunction.set(fn, reference);
  if (reference instanceof Promise) {
    reference.then(
      (settled) => byFunction.set(fn, settled),
      () => byFunction.delete(fn),
    );
  }
  return reference;
}

function resolveAnew(
  fn: Function,
  callers: readonly string[],
): FunctionReference | Promise<FunctionReference> {
  const { byText } = resolved();
  const text = `${callers[0] ?? ""}\n${String(fn)}`;
  const seen = byText.get(text);
  if (seen !== undefined && seen.name === fn.name && Object.keys(fn).length === 0) return seen;

  const reference = searchAnew(fn, callers);
  if (!(reference instanceof Promise) && reference.kind === "source") {
    if (byText.size >= REMEMBERED_TEXTS) byText.clear();
    byText.set(text, reference);
  }
  return reference;
}

function searchAnew(
  fn: Function,
  callers: readonly string[],
): FunctionReference | Promise<FunctionReference> {
  // A function without a name is hardly ever an export: spare it the search if it needs none.
  const early = fn.name === "" ? proveSelfContained(fn, callers) : undefined;
  if (early?.reference !== undefined) return early.reference;

  const search = new ExportSearch(fn, callers);
  const found = search.find();
  if (found?.isVerified && found.url !== platform.entryUrl()) return moduleReference(found, fn);

  const proof = early ?? proveSelfContained(fn, callers);
  if (proof.reference !== undefined) return proof.reference;
  if (found !== undefined) return referenceToOwnModule(found, fn, proof);
  if (search.hasMore) return searchLater(search, fn, proof, callers);
  throw notShippable(fn, proof, callers);
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
  return { kind: "module", url, exportName, sourceText: isVerified ? undefined : String(fn) };
}
