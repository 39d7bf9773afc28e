import type { Result, Spawnable } from "../engine/coroutine-types.ts";
import { ensureFuture } from "./ensure-future.ts";
import {
  FAILED,
  FINISHED,
  type Future,
  futureOn,
  NO_ERROR,
  settle,
  takeError,
} from "../engine/future.ts";
import { addRelay } from "./relay.ts";

/**
 * Returns a future for something that goes on when the future is cancelled.
 *
 * If it is itself cancelled, so is the future. Keep what you shield: once the future
 * was cancelled, nobody else waits for it, and an error goes to the loop's handler.
 *
 * Python: `asyncio.shield`
 *
 * @throws {RuntimeError} A task is needed, and there is no running loop.
 * @throws {TypeError} It cannot be waited for.
 *
 * @example
 * ```ts
 * import { createTask, run, shield, sleep, waitFor } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const task = createTask(sleep(20, "slept"));
 *   try {
 *     await waitFor(shield(task), 1);
 *   } catch (error) {
 *     console.log((error as Error).name); // TimeoutError
 *   }
 *   console.log(await task); // slept
 * });
 * ```
 */
export function shield<const C extends Spawnable<unknown>>(coroutine: C): Future<Result<C>> {
  const inner = ensureFuture(coroutine as Spawnable<Result<C>>);
  if (inner.done()) return inner;
  const outer = futureOn<Result<C>>(inner.getLoop());
  const onInnerDone = (): void => passOn(inner, outer);
  const onOuterDone = (): void => {
    if (!inner.done()) inner.removeDoneCallback(onInnerDone);
    if (outer.cancelled()) inner.addDoneCallback(reportLateError);
  };
  addRelay(inner, onInnerDone, outer);
  outer.addDoneCallback(onOuterDone);
  return outer;
}

function passOn(inner: Future<unknown>, outer: Future<unknown>): void {
  // Cancelled in the same iteration: reported by the other callback.
  if (outer.done()) return;
  const error = takeError(inner);
  if (inner.cancelled()) outer.cancel();
  else if (error !== NO_ERROR) settle(outer, FAILED, error);
  else settle(outer, FINISHED, inner.result());
}

function reportLateError(inner: Future<unknown>): void {
  const error = takeError(inner);
  if (error === NO_ERROR || inner.cancelled()) return;
  const message = `${inner[Symbol.toStringTag]} exception in shielded future`;
  inner.getLoop().callExceptionHandler({ message, exception: error, future: inner });
}
