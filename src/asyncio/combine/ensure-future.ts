import { kindOf } from "../../base/text.ts";
import { coreOfLoop } from "../engine/loop-core.ts";
import type { Future, Loop } from "../engine/classes.ts";
import { isFuture } from "../engine/faces.ts";
import { isThenable } from "../../base/functions.ts";
import type { Spawnable } from "../events.ts";
import { checkedOptions } from "../../base/options.ts";
import { fromPromise } from "./from-promise.ts";
import { getRunningLoop } from "../engine/running-loop.ts";
import { isIterated, notSpawnable } from "../engine/spawnable.ts";

/** What {@link ensureFuture} takes besides the awaitable. Python: none */
export interface EnsureFutureOptions {
  /** The loop of the task. Default: the running one. */
  readonly loop?: Loop | undefined;
}

/**
 * Returns a future as it is, and makes a task of anything else that can be waited for.
 *
 * Python: `asyncio.ensure_future`
 *
 * Differs: takes promises, too, as {@link fromPromise} does.
 *
 * @param options.loop The loop of the task. Default: the running one.
 * @throws {RangeError} The future belongs to another loop than the one given.
 * @throws {RuntimeError} A task is needed, and there is no loop.
 * @throws {TypeError} It cannot be waited for.
 *
 * @example
 * ```ts
 * import { ensureFuture, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const future = ensureFuture(sleep(1, "slept"));
 *   console.log(ensureFuture(future) === future, await future); // true slept
 * });
 * ```
 */
export function ensureFuture<T>(
  awaitable: Spawnable<T> | PromiseLike<T>,
  options?: EnsureFutureOptions,
): Future<T> {
  const { loop } = checkedOptions(options, ["loop"], "ensureFuture");
  if (loop !== undefined && coreOfLoop(loop) === undefined)
    throw new TypeError(`ensureFuture: "loop" must be a Loop, got ${kindOf(loop)}`);
  return futureOf(awaitable, loop);
}

function futureOf<T>(awaitable: Spawnable<T> | PromiseLike<T>, loop?: Loop): Future<T> {
  if (isFuture(awaitable)) {
    if (loop !== undefined && awaitable.getLoop() !== loop)
      throw new RangeError("Cannot use the future: it belongs to another event loop");
    return awaitable as Future<T>;
  }
  if (typeof awaitable !== "function" && !isIterated(awaitable)) {
    if (!isThenable(awaitable))
      throw new TypeError(
        `Cannot wait: expected a coroutine or a future, got ${kindOf(awaitable)}`,
      );
    return (loop ?? getRunningLoop()).createTask(fromPromise(awaitable));
  }
  return (loop ?? getRunningLoop()).createTask(awaitable);
}

/**
 * The futures of what is to be waited for, in the same order. What is given twice runs
 * once, as in Python, but for functions: each mention of one is a call of its own.
 */
export function futuresOf(
  given: Iterable<Spawnable<unknown>>,
  loop: Loop,
  attempt: string,
): readonly Future<unknown>[] {
  const futures: Future<unknown>[] = [];
  const known = new Map<Spawnable<unknown>, Future<unknown>>();
  for (const each of given) {
    let future = typeof each === "function" ? undefined : known.get(each);
    if (future === undefined) {
      if (typeof each !== "function" && !isIterated(each)) throw notSpawnable(each, attempt);
      future = futureOf(each, loop);
      if (typeof each !== "function") known.set(each, future);
    }
    futures.push(future);
  }
  return futures;
}
