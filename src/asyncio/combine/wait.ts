import { checkedIterable } from "../../base/functions.ts";
import { kindOf } from "../../base/text.ts";
import { checkTime } from "../engine/loop-core.ts";
import { coreOf, type Future } from "../engine/classes.ts";
import { isFuture } from "../engine/faces.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { checkedOptions } from "../../base/options.ts";
import { coroutine } from "../engine/coroutine.ts";
import { addRelay } from "./relay.ts";
import { runningLoop } from "../engine/caller.ts";
import { FINISHED, FutureCore } from "../engine/future-core.ts";
import { NO_ERROR } from "../engine/step.ts";

/** {@link wait} returns when any of them is done. Python: `asyncio.FIRST_COMPLETED` */
export const FIRST_COMPLETED = "FIRST_COMPLETED";
/** {@link wait} returns when any of them has failed, or all are done. Python: `asyncio.FIRST_EXCEPTION` */
export const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** {@link wait} returns when all are done. Python: `asyncio.ALL_COMPLETED` */
export const ALL_COMPLETED = "ALL_COMPLETED";

/** When {@link wait} returns. Python: none */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

/** What {@link wait} takes besides the futures. Python: none */
export interface WaitOptions {
  /** Longest wait in milliseconds. Default: wait for ever. */
  readonly timeout?: number | null | undefined;
  /** What to wait for. Default: {@link ALL_COMPLETED}. */
  readonly returnWhen?: ReturnWhen | undefined;
}

/**
 * Waits for futures or tasks; returns which of them are done, and which are not.
 *
 * Cancels nothing: neither when the time is over, nor when the wait itself is cancelled.
 *
 * Python: `asyncio.wait`
 *
 * Differs: Python's ValueError is a RangeError.
 *
 * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
 * @param options.returnWhen What to wait for. Default: all.
 * @throws {TypeError} They are no iterable of futures.
 * @throws {RangeError} There are none, or `returnWhen` is unknown.
 *
 * @example
 * ```ts
 * import { createTask, FIRST_COMPLETED, run, sleep, wait } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const tasks = [1, 60_000].map((ms) => createTask(sleep(ms, ms)));
 *   const [done, pending] = await wait(tasks, { returnWhen: FIRST_COMPLETED });
 *   console.log(done.size, pending.size); // 1 1
 * });
 * ```
 */
export function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options?: WaitOptions,
): Awaitable<[done: Set<F>, pending: Set<F>]> {
  return waitForFutures(futures, options) as Awaitable<[done: Set<F>, pending: Set<F>]>;
}

type AnyFuture = Future<unknown>;
type DoneAndPending = [done: Set<AnyFuture>, pending: Set<AnyFuture>];

const waitForFutures: (
  futures: Iterable<AnyFuture>,
  options: WaitOptions | undefined,
) => Awaitable<DoneAndPending> = /* @__PURE__ */ coroutine(function* (
  given: Iterable<AnyFuture>,
  options: WaitOptions | undefined,
): Coroutine<DoneAndPending> {
  const { timeout, returnWhen = ALL_COMPLETED } = checkedOptions(
    options,
    ["timeout", "returnWhen"],
    "wait",
  );
  if (timeout !== undefined && timeout !== null) checkTime(timeout, "wait: the time");
  if (![FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED].includes(returnWhen))
    throw new RangeError(
      `wait: "returnWhen" must be FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED, got ${typeof returnWhen === "string" ? JSON.stringify(returnWhen) : kindOf(returnWhen)}`,
    );
  const futures = checkedFutures(given);
  yield* untilEnough(futures, timeout ?? undefined, returnWhen);
  return [
    new Set([...futures].filter((future) => future.done())),
    new Set([...futures].filter((future) => !future.done())),
  ];
});

function* untilEnough(
  futures: ReadonlySet<AnyFuture>,
  timeoutMs: number | undefined,
  returnWhen: ReturnWhen,
): Coroutine<void> {
  const loop = runningLoop();
  const enough = new FutureCore<void>(loop);
  const release = (): void => enough.settleOnce(FINISHED, undefined);
  const timer = timeoutMs === undefined ? undefined : loop.after(timeoutMs, release);
  let left = futures.size;
  const onDone = (future: FutureCore): void => {
    left -= 1;
    if (left > 0 && !isEnough(future, returnWhen)) return;
    timer?.cancel();
    release();
  };
  for (const future of futures) addRelay(coreOf(future), onDone, enough);
  try {
    yield* enough;
  } finally {
    timer?.cancel();
    for (const future of futures) coreOf(future).removeCallback(onDone);
  }
}

function isEnough(future: FutureCore, returnWhen: ReturnWhen): boolean {
  if (returnWhen === FIRST_COMPLETED) return true;
  if (returnWhen === ALL_COMPLETED || future.isCancelled) return false;
  return future.takeError() !== NO_ERROR;
}

function checkedFutures(given: Iterable<AnyFuture>): Set<AnyFuture> {
  if (isFuture(given) || typeof given === "string")
    throw new TypeError("wait: futures must be an iterable of futures or tasks");
  const futures = new Set(checkedIterable(given, "wait: futures"));
  if (futures.size === 0) throw new RangeError("wait: futures must not be empty");
  for (const future of futures) {
    if (!isFuture(future))
      throw new TypeError(
        "wait: every element must be a future or a task. Wrap coroutines in createTask()",
      );
  }
  return futures;
}
