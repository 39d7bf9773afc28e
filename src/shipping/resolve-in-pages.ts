/**
 * Names a function in pages, where no other thread starts and modules have no texts to read: see
 * resolve.ts.
 *
 * What names functions is imported as `#functions`, which package.json leads to this file in
 * pages: the search for a function, and for what it takes along, is a third of a pool's code.
 */
import { server } from "#platform";
import type * as search from "./resolve.ts";
import { taskReference } from "./marker.ts";

/** @throws {UnsupportedError} The function is not marked. */
export const resolveFunction: typeof search.resolveFunction = (fn) => {
  const marked = taskReference(fn as () => unknown);
  if (marked === undefined) server.requireModule("", fn.name); // says that it is not there
  return marked as NonNullable<typeof marked>;
};
