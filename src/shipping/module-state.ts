/**
 * What modules export at the moment, in prints that threads can compare.
 *
 * A worker evaluates a module for itself. If something has changed what the module exports in
 * the thread that submits a function, the worker has another value. What a worker's own calls
 * have changed there is no difference: so the exports are noted when a module is first seen.
 */
import { server } from "#platform";
import { threadRegistry } from "../base/registry.ts";
import { NotShippableError } from "../errors.ts";
import type { ModuleState, StateRead } from "./function-reference.ts";

type Namespace = Readonly<Record<string, unknown>>;

/** How deep in objects is looked, and at how many in the outermost and in each that is in it. */
const DEPTH = 3;
const MOST_ITEMS = 100;
const MOST_INNER = 10;
/** Exports and properties that are noted of a module. */
const MOST_NOTES = 1000;

/** The same for values that a function could not tell apart by their parts. */
export function printOf(value: unknown, depth: number = DEPTH): string {
  if (typeof value === "function" || typeof value === "symbol") return typeof value;
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return `${typeof value} ${String(value)}`;
  const items = depth > 0 ? itemsOf(value) : undefined;
  if (items === undefined) return "object";
  // It is asked for at each call, so a large list or map is not copied.
  const prints: string[] = [];
  for (const item of items) {
    if (prints.push(printOf(item, depth - 1)) === (depth === DEPTH ? MOST_ITEMS : MOST_INNER))
      break;
  }
  return `${"size" in items ? items.size : items.length}(${prints.join()})`;
}

type Items = readonly unknown[] | Map<unknown, unknown> | Set<unknown>;

/** What is in a list, a map, a set or a plain object. */
function itemsOf(value: object): Items | undefined {
  if (Array.isArray(value) || value instanceof Map || value instanceof Set) return value as Items;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  return Object.keys(value)
    .sort()
    .map((key) => [key, own(value, key)]);
}

/** What a path of names leads to in a module: own properties without getters. */
export function valueAt(namespace: Namespace, path: readonly string[]): unknown {
  const [name, ...keys] = pathIn(namespace, path);
  let value: unknown = name === undefined ? namespace : exported(namespace, name);
  for (const key of keys) value = own(value, key);
  return value;
}

/** Of CommonJS, `require` gives what `import` gives as the default. */
function pathIn(namespace: Namespace, path: readonly string[]): readonly string[] {
  return path[0] === "default" && !("default" in namespace) ? path.slice(1) : path;
}

/** An export may have no value yet. */
function exported(namespace: Namespace, name: string): unknown {
  try {
    return namespace[name];
  } catch {
    return undefined;
  }
}

function own(holder: unknown, key: string): unknown {
  // What these have is not in properties.
  if (holder instanceof Map || holder instanceof Set) return holder;
  return holder === undefined || holder === null
    ? undefined
    : Object.getOwnPropertyDescriptor(holder, key)?.value;
}

/** By module: the prints of what it exported when this thread first saw it, by the paths. */
function notes(): Map<string, ReadonlyMap<string, string>> {
  return threadRegistry("module-state@1", () => new Map());
}

/** Notes what a module exports before anything has changed it in this thread. */
export function noteModule(url: string, namespace: Namespace): void {
  if (notes().has(url)) return;
  const prints = new Map<string, string>();
  notes().set(url, prints);
  for (const name of Object.keys(namespace)) {
    const value = exported(namespace, name);
    prints.set(name, printOf(value));
    if (typeof value !== "object" || value === null) continue;
    for (const key of Object.keys(value)) {
      if (prints.size > MOST_NOTES) return;
      prints.set(`${name}.${key}`, printOf(own(value, key)));
    }
  }
}

/** Those that only waiting has given. */
const awaited = /* @__PURE__ */ new Map<string, Namespace>();

/**
 * Compares what modules export with what they exported where a function was submitted. A promise
 * where one of them can only be looked into by waiting for it.
 *
 * @throws {NotShippableError} The function would find something else here.
 */
export function checkState(state: readonly ModuleState[]): void | Promise<void> {
  const missing = state.filter(({ url }) => namespaceAtOnce(url) === undefined);
  if (missing.length === 0) {
    for (const { url, reads } of state) compare(url, reads);
    return undefined;
  }
  const imports = missing.map(async ({ url }) => {
    awaited.set(url, (await import(url)) as Namespace);
  });
  return Promise.all(imports).then(() => checkState(state));
}

function compare(url: string, reads: readonly StateRead[]): void {
  const namespace = namespaceAtOnce(url) as Namespace;
  noteModule(url, namespace);
  for (const { path, print, isUnset, refusal, name } of reads) {
    if (isUnset || print === printOf(valueAt(namespace, path))) continue;
    if (notes().get(url)?.get(pathIn(namespace, path).join(".")) === print) continue;
    throw new NotShippableError(refusal, { functionName: name });
  }
}

/** The namespace of a module that is loaded; undefined if only waiting could give it. */
export function namespaceAtOnce(url: string): Namespace | undefined {
  try {
    return awaited.get(url) ?? server.requireModule(url, url);
  } catch {
    return undefined;
  }
}
