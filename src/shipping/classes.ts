/** Where the class of an error can be imported from, and the importing of it. */
import { platform } from "#platform";
import type { ClassLookup, ClassReference } from "../wire/remote-error.ts";
import { ExportSearch } from "./export-search.ts";

/**
 * Finds the export that is the class, starting from the modules of the functions
 * that may have thrown; undefined for a class that no module exports.
 */
export function locateClass(
  constructor: Function,
  ...modules: readonly (string | undefined)[]
): ClassReference | undefined {
  const urls = modules.filter((url) => url !== undefined);
  if (urls.length === 0) return undefined;
  const found = new ExportSearch(constructor, urls).find();
  return found?.isVerified === true ? { url: found.url, exportName: found.exportName } : undefined;
}

/** Imports the class; undefined when this agent cannot, at least not without waiting. */
export function loadClass({ url, exportName }: ClassReference): unknown {
  try {
    return platform.requireModule(url, url)[exportName];
  } catch {
    return undefined; // the error then arrives as a RemoteError, with the class's name
  }
}

/** Finds classes that are exported by these modules, or by those that they import. */
export function classesOf(modules: () => readonly (string | undefined)[]): ClassLookup {
  return {
    locate: (constructor) => locateClass(constructor, ...modules()),
    load: loadClass,
  };
}
