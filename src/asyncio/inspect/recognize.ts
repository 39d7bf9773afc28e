import type { Future } from "../engine/classes.ts";
import { isFuture } from "../engine/faces.ts";
import type { Coroutine } from "../events.ts";
import { isCoroutine, isGeneratorFunction } from "../engine/spawnable.ts";

/**
 * Whether it is a future, or a task.
 *
 * Python: `asyncio.isfuture`
 *
 * @example
 * ```ts
 * import { createTask, isfuture, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   console.log(isfuture(createTask(sleep(1))), isfuture(Promise.resolve())); // true false
 * });
 * ```
 */
export function isfuture(value: unknown): value is Future<unknown> {
  return isFuture(value);
}

/**
 * Whether it is a coroutine: a generator, which `yield*` runs, and a task can be made of.
 *
 * Python: `asyncio.iscoroutine`
 * Differs: any generator is a coroutine. The promise of an async function is not: it runs
 *   already.
 *
 * @example
 * ```ts
 * import { type Coroutine, iscoroutine, sleep } from "heddle/asyncio";
 *
 * function* work(): Coroutine<void> {
 *   yield* sleep(1);
 * }
 * console.log(iscoroutine(work()), iscoroutine(work)); // true false
 * ```
 */
export function iscoroutine(value: unknown): value is Coroutine<unknown> {
  return isCoroutine(value) && !isFuture(value);
}

/**
 * Whether calling it makes a coroutine or, of an async function, runs it.
 *
 * Python: `asyncio.iscoroutinefunction`
 * Differs: generator functions are coroutine functions.
 *
 * @example
 * ```ts
 * import { iscoroutinefunction } from "heddle/asyncio";
 *
 * console.log(iscoroutinefunction(async () => {}), iscoroutinefunction(() => {})); // true false
 * ```
 */
export function iscoroutinefunction(value: unknown): boolean {
  return isGeneratorFunction(value) || isAsyncFunction(value);
}

function isAsyncFunction(value: unknown): boolean {
  return typeof value === "function" && Object.getPrototypeOf(value) === asyncFunction;
}

const asyncFunction: object = /* @__PURE__ */ Object.getPrototypeOf(async () => {});
