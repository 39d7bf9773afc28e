/** Waiting for several futures. */
import { kindOf } from "../../base/text.ts";
import { blockForCalls } from "../../waiting/blocking-wait.ts";
import { deadlineAfter, NEVER } from "../../memory/deadline.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import {
  checkBlockingFor,
  checkedFutures,
  type Future,
  hasFailed,
  isSettled,
  onSettled,
} from "./future.ts";
import { checkedOptions } from "../../base/options.ts";
import { TAKES_NOTHING, type Waiting, waiting, withTaskSignal } from "../../waiting/task-waits.ts";
import { withDeadline } from "./wait-options.ts";

/** `wait` returns when any future is done. Python: `concurrent.futures.FIRST_COMPLETED` */
export const FIRST_COMPLETED = "FIRST_COMPLETED";
/** `wait` returns when any future has failed, or all are done. Python: `concurrent.futures.FIRST_EXCEPTION` */
export const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** `wait` returns when all futures are done. Python: `concurrent.futures.ALL_COMPLETED` */
export const ALL_COMPLETED = "ALL_COMPLETED";

/** When {@link wait} returns. Python: none */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

/** What {@link wait} takes besides the futures. Python: none */
export interface WaitForOptions {
  /** Longest wait in milliseconds. Default: wait for ever. Its end is not an error. */
  readonly timeout?: number | undefined;
  /** Ends the wait with the signal's reason. */
  readonly signal?: WebAbortSignal | undefined;
  /** When to return. Default: {@link ALL_COMPLETED}. */
  readonly returnWhen?: ReturnWhen | undefined;
}

/**
 * What {@link wait} returns: two sets of futures, by name or in that order.
 *
 * Python: `concurrent.futures._base.DoneAndNotDoneFutures`
 *
 * @example
 * ```ts
 * import { DoneAndNotDoneFutures, Future, waitSync } from "heddle/concurrent/futures";
 *
 * const outcome = waitSync([new Future<number>()], { timeout: 0 });
 * console.log(outcome instanceof DoneAndNotDoneFutures); // true
 * const [done, notDone] = outcome;
 * console.log(done.size, notDone.size); // 0 1
 * ```
 */
export class DoneAndNotDoneFutures<F> {
  /** The futures that are finished, failed or cancelled. Python: `concurrent.futures._base.DoneAndNotDoneFutures.done` */
  readonly done: Set<F>;
  /** The others. Python: `concurrent.futures._base.DoneAndNotDoneFutures.not_done` */
  readonly notDone: Set<F>;

  /** @internal */
  constructor(done: Set<F>, notDone: Set<F>) {
    this.done = done;
    this.notDone = notDone;
  }

  /** Lets it be taken apart: the futures that are done, then the others. Python: none */
  *[Symbol.iterator](): Generator<Set<F>, undefined> {
    yield this.done;
    yield this.notDone;
  }
}

type AnyFuture = Future<unknown>;

/**
 * Waits until futures are done: all of them, the first, or the first that fails.
 *
 * Python: `concurrent.futures.wait`
 *
 * Differs: returns a promise; {@link waitSync} blocks.
 *
 * @param futures May come from different executors. Duplicates count once.
 * @param options.timeout Longest wait in milliseconds. When it ends, the sets are as they then are.
 * @returns Which are done (finished, failed or cancelled) and which are not.
 * @throws {RangeError} `returnWhen` is none of the three constants.
 *
 * @example
 * ```ts
 * import { FIRST_COMPLETED, ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * const futures = [1, 2, 3].map((n) => pool.submit((x: number) => x * 2, n));
 * const { done } = await wait(futures, { returnWhen: FIRST_COMPLETED });
 * console.log(done.size > 0); // true
 * await pool.shutdown();
 * ```
 */
export function wait<F extends AnyFuture>(
  futures: Iterable<F>,
  options?: WaitForOptions,
): Waiting<DoneAndNotDoneFutures<F>> {
  return waiting(
    async (signal) => untilSatisfied(futures, withTaskSignal(options, signal)),
    TAKES_NOTHING,
  );
}

async function untilSatisfied<F extends AnyFuture>(
  futures: Iterable<F>,
  options: WaitForOptions | undefined,
): Promise<DoneAndNotDoneFutures<F>> {
  const { all, returnWhen, own } = begin(futures, options);
  const { timeout, signal } = own;
  // Losing to the timeout is not an error here, so it is raced rather than awaited.
  let isOver = false;
  await withDeadline<void>({ signal }, { of: "wait", what: "futures" }, (resolve) => {
    const check = (): void => {
      if (isOver || !isSatisfied(all, returnWhen)) return;
      isOver = true;
      resolve();
    };
    const isLimited = timeout !== undefined && deadlineAfter(timeout, "wait") !== NEVER;
    const timer = isLimited ? setTimeout(resolve, timeout) : undefined;
    check();
    if (!isOver) for (const future of all) onSettled(future, check);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  });
  return partition(all);
}

/**
 * The blocking twin of {@link wait}: blocks the calling thread.
 *
 * Python: `concurrent.futures.wait`
 *
 * @param options.timeout Longest wait in milliseconds.
 * @throws {CannotBlockError} Blocking is not possible here.
 *
 * @example
 * ```ts
 * import { ThreadPoolExecutor, waitSync } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * const futures = [1, 2, 3].map((n) => pool.submit((x: number) => x * 2, n));
 * const { done, notDone } = waitSync(futures);
 * console.log(done.size, notDone.size); // 3 0
 * pool.shutdownSync();
 * ```
 */
export function waitSync<F extends AnyFuture>(
  futures: Iterable<F>,
  options?: Omit<WaitForOptions, "signal">,
): DoneAndNotDoneFutures<F> {
  const { all, returnWhen, own } = begin(futures, options, ["timeout", "returnWhen"]);
  const deadlineMs = deadlineAfter(own.timeout, "wait");
  if (!isSatisfied(all, returnWhen)) {
    checkBlockingFor(all, deadlineMs);
    blockForCalls(() => isSatisfied(all, returnWhen), deadlineMs);
  }
  return partition(all);
}

function begin<F extends AnyFuture>(
  futures: Iterable<F>,
  options: WaitForOptions | undefined,
  known: readonly (keyof WaitForOptions)[] = ["timeout", "signal", "returnWhen"],
): { all: Set<F>; returnWhen: ReturnWhen; own: Partial<WaitForOptions> } {
  const own = checkedOptions(options, known, "wait");
  const { returnWhen = ALL_COMPLETED } = own;
  if (
    returnWhen !== ALL_COMPLETED &&
    returnWhen !== FIRST_COMPLETED &&
    returnWhen !== FIRST_EXCEPTION
  ) {
    throw new RangeError(
      `wait: "returnWhen" must be FIRST_COMPLETED, FIRST_EXCEPTION or ALL_COMPLETED, got ${typeof returnWhen === "string" ? JSON.stringify(returnWhen) : kindOf(returnWhen)}`,
    );
  }
  deadlineAfter(own.timeout, "wait");
  return { all: checkedFutures(futures), returnWhen, own };
}

function isSatisfied(all: ReadonlySet<AnyFuture>, returnWhen: ReturnWhen): boolean {
  let settled = 0;
  for (const future of all) {
    if (!isSettled(future)) continue;
    if (returnWhen === FIRST_COMPLETED) return true;
    if (returnWhen === FIRST_EXCEPTION && hasFailed(future)) return true;
    settled++;
  }
  return settled === all.size;
}

function partition<F extends AnyFuture>(all: ReadonlySet<F>): DoneAndNotDoneFutures<F> {
  const done = new Set<F>();
  const notDone = new Set<F>();
  for (const future of all) (isSettled(future) ? done : notDone).add(future);
  return new DoneAndNotDoneFutures(done, notDone);
}
