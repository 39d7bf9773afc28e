import type { Parts } from "./search-parts.ts";
import type * as search from "./resolve.ts";

/**
 * The search for a function, given what it uses of other modules. In bundles this is a file of
 * its own, which imports nothing: scripts/bundle/on-demand.mjs makes it of resolve.ts.
 */
export declare function makeSearch(parts: Parts): typeof search;
