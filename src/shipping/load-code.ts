/** Functions and classes in values that this agent receives: found by their references, at once. */
import { server } from "#platform";
import { EXPORT } from "../base/slice-urls.ts";
import { threadRegistry } from "../base/registry.ts";
import { exportNamed } from "./export-name.ts";
import type { FunctionReference, SliceReference } from "./function-reference.ts";
import { isToBeCompared, loadFunction, loadFunctionIfAtOnce } from "./load.ts";
import { isEntryLoaded } from "./main-module.ts";
import { functionNamed, keyOf, noteFunction } from "./references.ts";

/** Why modules could not be loaded, by the keys of references: a value that comes again has others. */
function failures(): Map<string, string> {
  return threadRegistry("code-failures@1", () => new Map());
}

/** @returns Why it cannot be had, as the end of a sentence, if it cannot; undefined: not without waiting. */
export function loadCode(reference: FunctionReference): Function | string | undefined {
  const known = functionNamed(reference) ?? failures().get(keyOf(reference));
  if (known !== undefined && !isToBeCompared(reference)) return known;
  if (isAtHome(reference)) {
    const own = ownFunction(reference);
    if (typeof own === "string") return own;
    if (own !== undefined) return own;
  }
  if (isOfEntry(reference)) {
    return "its module is the main module, which does not run in a worker. Move it to a file of its own";
  }
  try {
    return loadFunctionIfAtOnce(reference);
  } catch (error) {
    return (error as Error).message;
  }
}

/** Loads what {@link loadCode} cannot give without waiting. Never fails: that then says why. */
export async function loadCodeLater(reference: FunctionReference): Promise<void> {
  try {
    await loadFunction(reference);
  } catch (error) {
    failures().set(keyOf(reference), (error as Error).message);
  }
}

/** Whether it is a slice of a module that this agent has evaluated as a whole: a part of it would be there twice. */
function isAtHome(reference: FunctionReference): reference is SliceReference {
  return reference.kind === "slice" && server.isProgramThread;
}

/** The function of the module itself; undefined if nothing is there twice when it is made anew. */
function ownFunction(reference: SliceReference): Function | string | undefined {
  const { url, own, exportName, texts } = reference;
  const fn = own === undefined ? undefined : exported(url, own);
  if (fn !== undefined) {
    noteFunction(reference, fn);
    return fn;
  }
  if (exportName === EXPORT && Object.keys(texts).length === 1) return undefined;
  const file = decodeURIComponent(url.replace(/^.*\//, ""));
  return (
    `this thread has evaluated ${file} itself, and would have it twice. Move it to a module of ` +
    "its own, and export it there"
  );
}

function exported(url: string, name: string): Function | undefined {
  try {
    const found = exportNamed(server.requireModule(url, url), name);
    return typeof found === "function" ? found : undefined;
  } catch {
    return undefined; // such as a module that awaits at its top level
  }
}

/** Not even for a class does the program's main module run in a worker. */
function isOfEntry(reference: FunctionReference): boolean {
  return reference.kind === "module" && reference.url === server.entryUrl() && !isEntryLoaded();
}
