/**
 * Names a function by a search that a bundler puts into the program: see resolve.ts. Bundlers
 * follow the condition "module" of package.json, runtimes do not.
 */
import type * as search from "./resolve.ts";
import { makeSearch } from "./search.ts";
import { searchParts } from "./search-parts.ts";

let made: typeof search | undefined;

export const resolveFunction: typeof search.resolveFunction = (...args) =>
  (made ??= makeSearch(searchParts())).resolveFunction(...args);
