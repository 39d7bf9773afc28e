import { checkedOptions } from "../../base/options.ts";
import type { ExecutorFuture } from "../../waiting/task-waits.ts";
import { CallCore, link } from "../engine/calls.ts";
import { chosenLoop, runningLoop } from "../engine/caller.ts";
import { Future, type Loop } from "../engine/classes.ts";
import { isFuture } from "../engine/faces.ts";

/** What {@link wrapFuture} takes besides the future. Python: none */
export interface WrapFutureOptions {
  /** The loop of the new future. Default: the running one. */
  readonly loop?: Loop | undefined;
}

/**
 * Makes a future of the loop that is done when that of an executor is.
 *
 * Cancelling either cancels the other, unless its call runs already. Tasks need not
 * call this: they can wait for an executor's future as it is.
 *
 * Python: `asyncio.wrap_future`
 *
 * @throws {TypeError} It is not a future.
 *
 * @example
 * ```ts
 * import { run, wrapFuture } from "heddle/asyncio";
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * console.log(await run(async () => await wrapFuture(pool.submit(() => 6 * 7)))); // 42
 * await pool.shutdown();
 * ```
 */
export function wrapFuture<T>(
  future: ExecutorFuture<T> | Future<T>,
  options?: WrapFutureOptions,
): Future<T> {
  const { loop } = checkedOptions(options, ["loop"], "wrapFuture");
  const chosen = loop === undefined ? undefined : chosenLoop({ loop }, "wrapFuture");
  if (isFuture(future)) return future;
  if (typeof (future as Partial<ExecutorFuture<T>> | null)?.addDoneCallback !== "function") {
    throw new TypeError("wrapFuture: future must be a Future of heddle/concurrent/futures");
  }
  const core = new CallCore<T>(chosen ?? runningLoop());
  link(core, future);
  return new Future<T>(core);
}
