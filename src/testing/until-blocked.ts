import { asText } from "../base/text.ts";
import { server } from "#platform";
import { TimeoutError } from "../errors.ts";
import { deadlineAfter, remaining } from "../memory/deadline.ts";
import { checkedInteger, checkedOptions } from "../base/options.ts";
import { countWaiting } from "../waiting/wait-point.ts";

/** How long {@link untilBlocked} waits. Python: none */
export interface UntilBlockedOptions {
  /** Longest wait in milliseconds. Default: 20 000. */
  readonly timeout?: number | undefined;
}

const LONGEST_MS = 20_000;
const BETWEEN_LOOKS_MS = 1;

/**
 * Resolves once at least so many wait for a lock or another object of `heddle/threading`.
 *
 * With it a test can let a thread run into a wait, and then go on, without a
 * sleep that hopes to be long enough. Counted are the promises of the calling thread,
 * and other threads, each once, however many of its promises wait. For a condition
 * those are counted that have not been notified yet, each of whom `notify` can reach;
 * threads that wait for its lock are counted for that.
 *
 * Python: none
 *
 * @param primitive A lock, semaphore, event, condition or barrier.
 * @param waiting How many must wait. Default: 1.
 * @param options.timeout Longest wait in milliseconds. Default: 20 000.
 * @throws {TimeoutError} Fewer waited all that time.
 * @throws {TypeError} `primitive` is nothing that can be waited for.
 * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
 *
 * @example
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 * import { Lock } from "heddle/threading";
 * import { untilBlocked } from "heddle/testing";
 *
 * const lock = new Lock();
 * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
 * await lock.acquire();
 * const waiting = pool.submit((lock: Lock) => lock.acquireSync(), lock);
 * await untilBlocked(lock);
 * lock.release();
 * console.log(await waiting); // true
 * await pool.shutdown();
 * ```
 */
export async function untilBlocked(
  primitive: object,
  waiting: number = 1,
  options?: UntilBlockedOptions,
): Promise<void> {
  const { timeout = LONGEST_MS } = checkedOptions(options, ["timeout"], "untilBlocked");
  const deadlineMs = deadlineAfter(timeout, "untilBlocked");
  checkedInteger(waiting, 0, 2 ** 31 - 1, "untilBlocked: waiting");
  const keepAlive = server.keepAlive();
  keepAlive.hold();
  try {
    for (;;) {
      const now = countNow(primitive);
      if (now >= waiting) return;
      if (remaining(deadlineMs) === 0) {
        throw new TimeoutError(
          `Timed out after ${timeout} ms waiting for ${waiting} waiters of ${described(primitive)}: there were ${now}`,
        );
      }
      await new Promise<void>((resolve) => server.backgroundTimer(resolve, BETWEEN_LOOKS_MS));
    }
  } finally {
    keepAlive.release();
  }
}

function countNow(primitive: object): number {
  const count =
    typeof primitive === "object" && primitive !== null ? countWaiting(primitive) : undefined;
  if (count !== undefined) return count;
  throw new TypeError(
    `untilBlocked: primitive must be a lock, a queue or another object with waiters, got ${described(primitive)}`,
  );
}

function described(value: unknown): string {
  return asText(value);
}
