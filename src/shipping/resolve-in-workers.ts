/**
 * Names a function in the file that workers start with, which has nothing of the search: see
 * resolve.ts. Few workers name one, and those that do need the answer at once.
 *
 * It loads the file of heddle's that programs name functions with.
 */
import { server } from "#platform";
import { ownFile } from "../base/own-files.ts";
import type * as search from "./resolve.ts";

let loaded: typeof search | undefined;

export const resolveFunction: typeof search.resolveFunction = (...args) => {
  const file = ownFile("shipping/resolve-on-demand.js") as URL;
  loaded ??= server.loadOwnFile(file) as unknown as typeof search;
  return loaded.resolveFunction(...args);
};
