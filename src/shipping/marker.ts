/**
 * Functions that name themselves: `task(import.meta.url, fn)`.
 *
 * A mark is the URL of the module and a key: the one that was given, else the
 * number of the `task()` call in that module. Minifying does not change it, and
 * every thread that evaluates the module counts alike, as long as the calls are
 * made at the module's top level and unconditionally.
 */
import { asText } from "../base/text.ts";
import { type AnyFunction, checkedFunction } from "../base/functions.ts";
import { checkedOption, checkedOptions } from "../base/options.ts";
import { fileUrl } from "./callers/file-url.ts";
import type { WebURL } from "../base/web-types.ts";
import type { TaskReference } from "./function-reference.ts";
import { threadRegistry } from "../base/registry.ts";

declare const marked: unique symbol;

/** A function that was marked with {@link task}. Python: none */
export interface TaskFunction {
  /** Exists in types only. */
  readonly [marked]: true;
}

/** Where a `task()` call stands: `import.meta.url`, `import.meta`, or `__filename` in CommonJS. Python: none */
export type TaskSite =
  | string
  | WebURL
  | {
      /** The module's URL. */
      readonly url: string;
    };

/** What {@link task} takes besides the function. Python: none */
export interface TaskOptions {
  /** Names the task in its module. Default: the number of the `task()` call there. */
  readonly key?: string | undefined;
}

interface MarkedModule {
  calls: number;
  readonly functions: Map<string, AnyFunction>;
}

interface Marks {
  readonly references: WeakMap<AnyFunction, TaskReference>;
  readonly modules: Map<string, MarkedModule>;
  readonly listeners: Set<() => void>;
}

function marks(): Marks {
  return threadRegistry("marks@1", () => ({
    references: new WeakMap(),
    modules: new Map(),
    listeners: new Set(),
  }));
}

/**
 * Marks a function as one that other threads can run, and returns the same function.
 *
 * Most functions need no mark, since they take along what they use of their module. It is
 * for those whose text is in no module: where a library builds a function, or where a bundler
 * has put all modules into one function.
 *
 * Call it at the top level of the module, not inside a condition: a worker finds
 * the function by evaluating the module and counting the calls.
 *
 * Python: none
 *
 * @param site The module that holds the call: `import.meta.url`, or `__filename` in CommonJS.
 * @param fn The function.
 * @param options.key Names the task, so that it is found even if calls are reordered.
 * @returns `fn` itself.
 * @throws {TypeError} `site` names no module, or `fn` is not a function.
 * @throws {RangeError} The module already has another task with this key.
 *
 * @example
 * ```ts
 * import { task } from "heddle";
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const fib = task(import.meta.url, (n: number): number => (n < 2 ? n : fib(n - 1) + fib(n - 2)));
 *
 * const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
 * console.log(await pool.submit(fib, 20)); // 6765
 * await pool.shutdown();
 * ```
 */
export function task<F extends AnyFunction>(
  site: TaskSite,
  fn: F,
  options?: TaskOptions,
): F & TaskFunction {
  checkedFunction(fn, "task: fn");
  const url = siteUrl(site);
  const { references, modules, listeners } = marks();
  let module = modules.get(url);
  if (module === undefined) modules.set(url, (module = { calls: 0, functions: new Map() }));

  const key =
    checkedOption(checkedOptions(options, ["key"], "task").key, "string", 'task: "key"') ??
    String(module.calls);
  const present = module.functions.get(key);
  // The same text again is the same module evaluated again, as hot reloading does.
  if (present !== undefined && present !== fn && String(present) !== String(fn)) {
    throw new RangeError(`Cannot mark the function: "${url}" already has a task "${key}"`);
  }
  module.calls += 1;
  module.functions.set(key, fn);
  references.set(fn, { kind: "task", url, key });
  for (const listener of listeners) listener();
  return fn as F & TaskFunction;
}

function siteUrl(site: TaskSite | undefined): string {
  const given =
    typeof site === "object" && site !== null && !(site instanceof URL) ? site.url : site;
  if (given === undefined) {
    throw new TypeError(
      "Cannot mark the function: import.meta.url is undefined. " +
        "This looks like CommonJS output; use task(__filename, fn) or build ESM",
    );
  }
  const url = fileUrl(asText(given));
  if (url === undefined) {
    throw new TypeError(
      `Cannot mark the function: "${asText(given)}" is neither a URL nor an absolute path; ` +
        "use task(import.meta.url, fn), or task(__filename, fn) in CommonJS",
    );
  }
  return url;
}

/** The reference of a marked function. */
export function taskReference(fn: AnyFunction): TaskReference | undefined {
  return marks().references.get(fn);
}

/** The function marked with `key` in the module `url`, once its `task()` call ran in this thread. */
export function markedFunction(url: string, key: string): AnyFunction | undefined {
  return marks().modules.get(url)?.functions.get(key);
}

/** The keys of the tasks that the module `url` has marked in this thread so far. */
export function markedKeys(url: string): string[] {
  return [...(marks().modules.get(url)?.functions.keys() ?? [])];
}

/** Calls back after each `task()` call in this thread, until the returned function is called. */
export function onMark(listener: () => void): () => void {
  const { listeners } = marks();
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
