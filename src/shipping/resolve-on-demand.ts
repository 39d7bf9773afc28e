/**
 * Names a function by a search that is loaded for the first function that is not marked: see
 * resolve.ts. It is a third of what a pool consists of, and an import of heddle needs none of it.
 *
 * The answer is needed at once, so its file is loaded synchronously. What it uses of heddle
 * besides is handed to it: it imports nothing, so however the file is loaded, nothing
 * is there a second time. Bundlers cannot follow this: in their programs resolve-in-bundles.ts is
 * in the place of this file.
 */
import { server } from "#platform";
import { ownFile } from "../base/own-files.ts";
import { taskReference } from "./marker.ts";
import type * as search from "./resolve.ts";
import { type Parts, searchParts } from "./search-parts.ts";

let made: typeof search | undefined;

function load(): typeof search {
  const { makeSearch } = server.loadOwnFile(ownFile("shipping/search.js") as URL) as {
    makeSearch: (parts: Parts) => typeof search;
  };
  return makeSearch(searchParts());
}

export const resolveFunction: typeof search.resolveFunction = (fn, ...rest) =>
  taskReference(fn as () => unknown) ?? (made ??= load()).resolveFunction(fn, ...rest);
