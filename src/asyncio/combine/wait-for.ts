import { coreOf, type Future } from "../engine/classes.ts";
import type { Awaitable, Coroutine, Result, Spawnable } from "../events.ts";
import { CancelledError, TimeoutError } from "../../errors.ts";
import { runWithin } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";
import { ensureFuture } from "./ensure-future.ts";
import { FINISHED, FutureCore } from "../engine/future-core.ts";
import { addRelay } from "./relay.ts";
import { timeout } from "./timeout.ts";

/**
 * Waits for one thing, for so many milliseconds at most; if they are over, cancels it.
 *
 * A coroutine or function runs within the calling task, not as a task of its own. What
 * is cancelled is waited for, as it may clean up.
 *
 * Python: `asyncio.wait_for`
 *
 * @param timeoutMs Milliseconds; `null` for no limit. With 0 or less, nothing is begun.
 * @returns Its result; also after it was cancelled, if it did not let that pass.
 * @throws {TimeoutError} The time was over.
 *
 * @example
 * ```ts
 * import { run, sleep, waitFor } from "heddle/asyncio";
 *
 * await run(async () => {
 *   console.log(await waitFor(sleep(1, "slept"), 60_000)); // slept
 *   try {
 *     await waitFor(() => sleep(60_000), 1);
 *   } catch (error) {
 *     console.log((error as Error).name); // TimeoutError
 *   }
 * });
 * ```
 */
export function waitFor<const C extends Spawnable<unknown>>(
  work: C,
  timeoutMs: number | null,
): Awaitable<Result<C>> {
  return waitAtMost(work, timeoutMs) as Awaitable<Result<C>>;
}

const waitAtMost: (spawnable: Spawnable<unknown>, timeoutMs: number | null) => Awaitable<unknown> =
  /* @__PURE__ */ coroutine(function* (
    spawnable: Spawnable<unknown>,
    timeoutMs: number | null,
  ): Coroutine<unknown> {
    if (timeoutMs !== null && timeoutMs <= 0) return yield* withoutWaiting(spawnable);
    return yield* timeout(timeoutMs, () => runWithin(spawnable));
  });

function* withoutWaiting(spawnable: Spawnable<unknown>): Coroutine<unknown> {
  const future = ensureFuture(spawnable);
  if (future.done()) return future.result();
  yield* cancelAndWait(future);
  try {
    return future.result();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    throw new TimeoutError("Timed out before the operation started", { cause: error });
  }
}

function* cancelAndWait(future: Future<unknown>): Coroutine<void> {
  const core = coreOf(future);
  const ended = new FutureCore<void>(core.loop);
  const onDone = (): void => ended.settleOnce(FINISHED, undefined);
  addRelay(core, onDone, ended);
  try {
    future.cancel();
    yield* ended;
  } finally {
    core.removeCallback(onDone);
  }
}
