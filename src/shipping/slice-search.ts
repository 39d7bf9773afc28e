/**
 * Finds the place of a function, and cuts out of its module what it needs.
 *
 * The entry, and a module that nobody imports, such as a file of tests, is not evaluated in
 * workers: what a function uses of it is evaluated there anew. Any other module may be imported
 * in a worker for other reasons as well, and its state must not be there twice.
 */
import { platform } from "#platform";
import { NotShippableError } from "../errors.ts";
import type { FunctionReference } from "./function-reference.ts";
import { isImportedBy, nearestPlaces } from "./place.ts";
import { type Slice, sliceOf } from "./slices/slice.ts";
import { soughtFunction } from "./source.ts";
import { placeIn } from "./syntax/module-tree.ts";

/**
 * The slice, or the module, of `fn`, which the modules `callers` submit; undefined if its text is in none of them.
 *
 * @throws {NotShippableError} It uses something that cannot be taken along.
 */
export function findSlice(fn: Function, callers: readonly string[]): FunctionReference | undefined {
  const sought = soughtFunction(fn);
  const entry = platform.entryUrl();
  const from = entry === undefined || callers.includes(entry) ? callers : [...callers, entry];
  const found = sought && nearestPlaces(sought, from);
  if (found === undefined) return undefined;
  const { tree } = found;
  const isImported = isImportedElsewhere(tree.url, from);
  const named = found.sites.filter(({ name }) => name === fn.name);
  const sites = named.length > 0 ? named : found.sites;
  const slices = sites.map((site) => sliceOf(tree, site, fn.name, { isImported }));
  const [slice, ...others] = slices as [Slice, ...Slice[]];
  if (others.some(({ meaning }) => meaning !== slice.meaning)) {
    const name = fn.name === "" ? "(anonymous)" : `"${fn.name}"`;
    const places = sites.map(({ node }) => placeIn(tree, node.start, true)).join(" and ");
    throw new NotShippableError(
      `Cannot ship the function ${name}: its text stands at ${places}, where it means different ` +
        "things. Give the functions names of their own",
      { functionName: fn.name },
    );
  }
  const { url: sliceUrl, exportName, texts } = slice;
  // Another module may have another function there by now: the worker compares the texts.
  if (sliceUrl === tree.url)
    return { kind: "module", url: tree.url, exportName, sourceText: String(fn) };
  return { kind: "slice", url: tree.url, sliceUrl, exportName, name: fn.name, texts };
}

/** Whether workers may import the module: because it is a package's, or another imports it. */
export function isImportedElsewhere(url: string, modules: readonly string[]): boolean {
  if (url === platform.entryUrl()) return false;
  return url.includes("/node_modules/") || isImportedBy(modules, url);
}
