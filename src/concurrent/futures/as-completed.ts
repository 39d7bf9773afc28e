/** Futures in the order in which they finish. */
import { currentSite, type SubmitSite } from "../../calls/submit-site.ts";
import { blockForCalls } from "../../waiting/blocking-wait.ts";
import { TimeoutError } from "../../errors.ts";
import { deadlineAfter } from "../../memory/deadline.ts";
import type { Waiting } from "../../waiting/task-waits.ts";
import { Consumers, ENDED, FAILED, READY, type Status, WAITING } from "./consumers.ts";
import { checkBlockingFor, checkedFutures, type Future, isSettled, onSettled } from "./future.ts";
import { checkedOptions } from "../../base/options.ts";
import { showAsText } from "../../base/text.ts";

/** What {@link asCompleted} takes besides the futures. Python: none */
export interface AsCompletedOptions {
  /** Longest time in milliseconds, from the call, until the last future is done. */
  readonly timeout?: number | undefined;
}

/**
 * Gives futures as they get done, in a `for await` loop.
 *
 * An interface of its own, because TypeScript takes the items of an
 * `AsyncIterable` for awaited, and would call these futures their results.
 *
 * Python: none
 */
export interface CompletedFutures<F> {
  /** Resolves with the next future that is done. A task that is cancelled takes none. Python: none */
  next(): Waiting<IteratorResult<F, undefined>>;
  /** Stops waiting; the futures go on. Python: none */
  return(): Promise<{ done: true; value: undefined }>;
  /** Lets `for await` go over the futures. Python: none */
  [Symbol.asyncIterator](): CompletedFutures<F>;
}

type AnyFuture = Future<unknown>;

/**
 * Gives the futures one by one as they get done, those that are done already first.
 *
 * What it gives are the futures themselves: await each to get its result.
 *
 * Python: `concurrent.futures.as_completed`
 *
 * Differs: an async iterable; {@link asCompletedSync} blocks.
 *
 * @param futures May come from different executors. Duplicates are given once.
 * @param options.timeout Longest time in milliseconds, counted from this call.
 * @throws {TimeoutError} Thrown by the iteration: not all were done in time.
 *
 * @example
 * ```ts
 * import { asCompleted, ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * const futures = [3, 1, 2].map((n) => pool.submit((x: number) => x * 10, n));
 * let sum = 0;
 * for await (const future of asCompleted(futures)) sum += await future;
 * console.log(sum); // 60
 * await pool.shutdown();
 * ```
 */
export function asCompleted<F extends AnyFuture>(
  futures: Iterable<F>,
  options?: AsCompletedOptions,
): CompletedFutures<F> {
  return new Completions(futures, options);
}

/**
 * The blocking twin of {@link asCompleted}: blocks the calling thread while none is done.
 *
 * Python: `concurrent.futures.as_completed`
 *
 * @param options.timeout Longest time in milliseconds, counted from this call.
 * @throws {TimeoutError} Thrown by the iteration: not all were done in time.
 * @throws {CannotBlockError} Blocking is not possible here.
 *
 * @example
 * ```ts
 * import { asCompletedSync, ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * const futures = [3, 1, 2].map((n) => pool.submit((x: number) => x * 10, n));
 * let sum = 0;
 * for (const future of asCompletedSync(futures)) sum += future.resultSync();
 * console.log(sum); // 60
 * pool.shutdownSync();
 * ```
 */
export function asCompletedSync<F extends AnyFuture>(
  futures: Iterable<F>,
  options?: AsCompletedOptions,
): IterableIterator<F> {
  return new Completions(futures, options).iterateSync();
}

/**
 * Written by hand, because an async generator would await the futures that it
 * yields, and so turn them into their results.
 */
class Completions<F extends AnyFuture> implements CompletedFutures<F> {
  static {
    showAsText(this.prototype);
  }

  readonly #timeout: number | undefined;
  readonly #deadlineMs: number;
  readonly #site: SubmitSite | undefined;
  readonly #pending: Set<F>;
  readonly #total: number;
  readonly #completed: F[] = [];
  readonly #consumers: Consumers<F>;

  constructor(futures: Iterable<F>, options: AsCompletedOptions | undefined) {
    const { timeout } = checkedOptions(options, ["timeout"], "asCompleted");
    this.#timeout = timeout;
    this.#deadlineMs = deadlineAfter(timeout, "asCompleted");
    if (timeout !== undefined) this.#site = currentSite();
    this.#pending = checkedFutures(futures);
    this.#total = this.#pending.size;
    this.#consumers = new Consumers<F>(
      {
        status: () => this.#status(),
        take: () => this.#completed.shift() as F,
        takeError: () => this.#late(),
        ended: () => this.#close(),
      },
      this.#deadlineMs,
    );
    for (const future of new Set(this.#pending)) {
      onSettled(future, () => {
        if (!this.#pending.delete(future)) return;
        this.#completed.push(future);
        this.#consumers.serve();
      });
    }
  }

  next(): Waiting<IteratorResult<F, undefined>> {
    return this.#consumers.nextForUser();
  }

  async return(): Promise<{ done: true; value: undefined }> {
    this.#close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  *iterateSync(): Generator<F, undefined> {
    while (this.#completed.length > 0 || this.#pending.size > 0) {
      if (this.#completed.length === 0) {
        checkBlockingFor(this.#pending, this.#deadlineMs);
        blockForCalls(() => this.#completed.length > 0, this.#deadlineMs);
      }
      const future = this.#completed.shift();
      if (future === undefined) throw this.#late();
      yield future;
    }
    return undefined;
  }

  /** How many are there to be taken, in words. */
  toString(): string {
    return `<asCompleted ${this.#completed.length} ready, ${this.#pending.size} pending>`;
  }

  #status(): Status {
    if (this.#completed.length > 0) return READY;
    if (this.#pending.size === 0) return ENDED;
    return performance.now() < this.#deadlineMs ? WAITING : FAILED;
  }

  #late(): TimeoutError {
    const unfinished = [...this.#pending].filter((future) => !isSettled(future)).length;
    const error = new TimeoutError(
      `Timed out after ${this.#timeout} ms: ${unfinished} (of ${this.#total}) futures unfinished`,
    );
    this.#close();
    return this.#site?.joined(error) ?? error;
  }

  #close(): void {
    this.#consumers.stopTimer();
    this.#pending.clear();
    this.#completed.length = 0;
  }
}
