import { checkTime } from "../engine/loop-core.ts";
import { coreOf, type Future } from "../engine/classes.ts";
import type { Awaitable, Coroutine, Spawnable } from "../events.ts";
import { CancelledError, TimeoutError } from "../../errors.ts";
import { freshError, withUserFrames } from "../../wire/stack.ts";
import { Given, type GivenSpawnable, givenSpawnable, runWithin } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";
import { isThenable } from "../../base/functions.ts";
import { isCoroutine } from "../engine/spawnable.ts";
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
export function waitFor<T>(work: Spawnable<T>, timeoutMs: number | null): Awaitable<T> {
  if (timeoutMs !== null) checkTime(timeoutMs, "waitFor: the time");
  const progress: Progress = { hasBegun: false };
  const wait = waitAtMost(givenSpawnable(work, "Cannot wait"), timeoutMs, progress);
  if (isCoroutine(work) && isThenable(work)) closeUnlessBegun(wait, progress, work);
  return wait as Awaitable<T>;
}

interface Progress {
  hasBegun: boolean;
}

/**
 * Where the wait is cancelled before its first step, ends what it was to wait for: a wait for
 * an object of threads has begun when it was made, and would take something for nothing.
 */
function closeUnlessBegun(
  wait: Awaitable<unknown>,
  progress: Progress,
  work: Coroutine<unknown>,
): void {
  const operation = wait as unknown as Coroutine<unknown>;
  for (const method of ["throw", "return"] as const) {
    const inherited = operation[method];
    operation[method] = (given: unknown) => {
      if (!progress.hasBegun) work.return(undefined);
      return inherited.call(operation, given);
    };
  }
}

type WaitAtMost = (
  spawnable: GivenSpawnable<unknown>,
  timeoutMs: number | null,
  progress: Progress,
) => Awaitable<unknown>;

const waitAtMost: WaitAtMost = /* @__PURE__ */ coroutine(function* (
  spawnable: GivenSpawnable<unknown>,
  timeoutMs: number | null,
  progress: Progress,
): Coroutine<unknown> {
  progress.hasBegun = true;
  if (timeoutMs !== null && timeoutMs <= 0) return yield* withoutWaiting(spawnable);
  return yield* timeout(timeoutMs, () => runWithin(spawnable));
});

function* withoutWaiting(spawnable: GivenSpawnable<unknown>): Coroutine<unknown> {
  const future =
    spawnable instanceof Given
      ? spawnable.scope.runInAsyncScope(ensureFuture<unknown>, undefined, spawnable.fn)
      : ensureFuture(spawnable);
  if (future.done()) return future.result();
  yield* cancelAndWait(future);
  try {
    return future.result();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    throw withUserFrames(
      freshError(
        () => new TimeoutError("Timed out before the operation started", { cause: error }),
      ),
    );
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
