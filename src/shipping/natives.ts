/**
 * Functions that every worker has: `Math.max`, `JSON.parse`, `structuredClone`.
 *
 * Some are the runtime's own JavaScript, and a program may have put others into their places.
 * So the worker compares the texts.
 */
import { WORKER_GLOBALS } from "../platform/known-globals.ts";
import type { SourceReference } from "./function-reference.ts";

/** How a worker gets the function, if it is one that each has. */
export function nativeReference(fn: Function): SourceReference | undefined {
  const path = (natives ??= allNatives()).get(fn);
  if (path === undefined || fn.name.startsWith("bound ")) return undefined;
  const text = JSON.stringify(String(fn));
  const refusal = JSON.stringify(`Cannot run ${path}: the worker has another function there`);
  const body = `if (String(${path}) !== ${text}) throw new TypeError(${refusal}); return ${path};`;
  return { kind: "source", name: fn.name, body };
}

let natives: WeakMap<Function, string> | undefined;

/** The functions in the global scope, and in the objects and classes there. */
function allNatives(): WeakMap<Function, string> {
  const found = new WeakMap<Function, string>();
  for (const name of WORKER_GLOBALS) {
    const value = (globalThis as Record<string, unknown>)[name];
    if (typeof value === "function" && !found.has(value)) found.set(value, name);
    if ((typeof value !== "object" && typeof value !== "function") || value === null) continue;
    if (value === globalThis) continue; // what is in it has been seen, or is the program's
    for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      const own: unknown = property.value;
      if (typeof own === "function" && key !== "constructor" && !found.has(own)) {
        found.set(own, `${name}.${key}`);
      }
    }
  }
  return found;
}
