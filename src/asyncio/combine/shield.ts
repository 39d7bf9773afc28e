import { isIterated, notSpawnable } from "../engine/spawnable.ts";
import { coreOf, type Future } from "../engine/classes.ts";
import { futureOn } from "../engine/faces.ts";
import type { Spawnable } from "../events.ts";
import { ensureFuture } from "./ensure-future.ts";
import { FAILED, FINISHED, type FutureCore } from "../engine/future-core.ts";
import { NO_ERROR } from "../engine/step.ts";
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
export function shield<T>(coroutine: Spawnable<T>): Future<T> {
  if (typeof coroutine !== "function" && !isIterated(coroutine))
    throw notSpawnable(coroutine, "Cannot shield");
  const given = ensureFuture(coroutine);
  const inner = coreOf(given);
  if (!inner.isPending) return given;
  const shielded = futureOn<T>(inner.loop);
  const outer = coreOf(shielded);
  const onInnerDone = (): void => passOn(inner, outer);
  const onOuterDone = (): void => {
    if (inner.isPending) inner.removeCallback(onInnerDone);
    if (!outer.isCancelled) return;
    given.removeDoneCallback(reportLateError); // once, however many are cancelled
    given.addDoneCallback(reportLateError);
  };
  addRelay(inner, onInnerDone, outer);
  shielded.addDoneCallback(onOuterDone);
  return shielded;
}

function passOn(inner: FutureCore, outer: FutureCore): void {
  // Cancelled in the same iteration: reported by the other callback.
  if (!outer.isPending) return;
  const error = inner.takeError();
  if (inner.isCancelled) outer.cancel();
  else if (error === NO_ERROR) outer.settle(FINISHED, inner.value);
  else outer.settle(FAILED, error);
}

function reportLateError(future: Future<unknown>): void {
  const inner = coreOf(future);
  const error = inner.takeError();
  if (error === NO_ERROR || inner.isCancelled) return;
  const message = `${future[Symbol.toStringTag]} exception in shielded future`;
  inner.loop.face.callExceptionHandler({ message, exception: error, future });
}
