/**
 * Names a function in the file that workers start with, which has nothing of the search: see
 * resolve.ts. Few workers name one, and those that do need the answer at once.
 *
 * It loads the file of heddle's that has the search. Only the worker's bundle has this one.
 */
import { server } from "#platform";
import { ownFile } from "../base/own-files.ts";
import type * as search from "./resolve.ts";

let loaded: typeof search | undefined;

export const resolveFunction: typeof search.resolveFunction = (...args) => {
  if (loaded === undefined) {
    const { href } = ownFile("shipping/resolve.js") as URL;
    loaded = server.requireModule(href, href) as unknown as typeof search;
  }
  return loaded.resolveFunction(...args);
};
