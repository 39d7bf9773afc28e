/** Where the classes of errors and objects can be imported from, and the importing of them. */
import { platform } from "#platform";
import type { ClassLookup, ClassReference } from "../wire/channel.ts";
import { callerUrls } from "./caller.ts";
import { ExportSearch } from "./export-search.ts";
import { describeInstance } from "./instances.ts";
import { isEntryLoaded } from "./main-module.ts";

const located = new WeakMap<Function, ClassReference>();
/** Those that have been found or loaded, by module and export. */
const classes = new Map<string, Function>();

/** Those that seem to be exported by a module that is still being evaluated. */
const unready = new WeakSet<Function>();

const keyOf = ({ url, exportName }: ClassReference): string => `${exportName} ${url}`;

/**
 * Finds the export that is the class, starting from the modules of the functions
 * that may have thrown; undefined for a class that no module exports.
 */
function locateClass(
  constructor: Function,
  modules: readonly (string | undefined)[],
): ClassReference | undefined {
  const known = located.get(constructor);
  if (known !== undefined) return known;
  const urls = modules.filter((url) => url !== undefined);
  if (urls.length === 0) return undefined;
  const found = new ExportSearch(constructor, urls).find();
  if (found === undefined) return undefined;
  if (!found.isVerified && !isPartOfEntry(constructor, found.url)) {
    unready.add(constructor);
    return undefined;
  }
  const reference = { url: found.url, exportName: found.exportName };
  located.set(constructor, reference);
  classes.set(keyOf(reference), constructor);
  return reference;
}

/** Whether a class, in a worker that has evaluated parts of the main module, is one of these. */
function isPartOfEntry(constructor: Function, url: string): boolean {
  if (isEntryLoaded() || url !== platform.entryUrl()) return false;
  const source = platform.readSource(url);
  const text = Function.prototype.toString.call(constructor);
  return source !== undefined && platform.stripTypes(source, url).includes(text);
}

/** Whether no other thread has the class: the main module runs in the main thread alone. */
function isOnlyHere({ url }: ClassReference): boolean {
  return platform.isProgramThread && url === platform.entryUrl();
}

/** Imports the class; undefined when this agent cannot, at least not without waiting. */
function loadClass(reference: ClassReference): unknown {
  const known = classes.get(keyOf(reference));
  if (known !== undefined) return known;
  const { url, exportName } = reference;
  // Not even for a class does the program's main module run in a worker.
  if (url === platform.entryUrl() && !isEntryLoaded()) return undefined;
  try {
    const loaded = platform.requireModule(url, url)[exportName];
    if (typeof loaded === "function") classes.set(keyOf(reference), loaded);
    return loaded;
  } catch {
    return undefined; // an error then arrives as a RemoteError, with the class's name
  }
}

/** Finds classes that are exported by these modules, or by those that they import. */
export function classesOf(modules: () => readonly (string | undefined)[]): ClassLookup {
  const locate = (constructor: Function): ClassReference | undefined =>
    locateClass(constructor, modules());
  return {
    locate,
    load: loadClass,
    describe(instance) {
      const described = describeInstance(instance, locate);
      if (typeof described === "object" && isOnlyHere(described.reference)) {
        return (
          `an instance of ${instance.constructor.name}, whose class is the main module's, which ` +
          "does not run in a worker. Move the class to a file of its own"
        );
      }
      if (typeof described !== "string" || !unready.has(instance.constructor)) return described;
      return `${described} whose evaluation has ended. Move the class to a file of its own`;
    },
  };
}

/** Finds those that the modules on the stack, or the program's entry, have imported. */
export const CALLERS_CLASSES: ClassLookup = /* @__PURE__ */ classesOf(() => [
  ...callerUrls(),
  platform.entryUrl(),
]);
