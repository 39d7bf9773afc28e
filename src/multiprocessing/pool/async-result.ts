/** Python's AsyncResult. */
import { addCatchAndFinally, type Catch, type Finally } from "../../base/catch-finally.ts";
import { showAsText } from "../../base/text.ts";
import {
  checkBlockingFor,
  type Future,
  isSettled,
  hasFailed,
  onSettled,
} from "../../concurrent/futures/future.ts";
import { RuntimeError } from "../../errors.ts";
import { blockForCalls } from "../../waiting/blocking-wait.ts";
import { TAKES_NOTHING, type Waiting, waitingFor } from "../../waiting/task-waits.ts";
import { untilCalled } from "../../waiting/until-called.ts";
import {
  checkedDeadline,
  type CheckedWait,
  type SyncWaitOptions,
  type WaitOptions,
} from "../../waiting/wait-options.ts";

/**
 * The eventual result of a call, or of many, that a pool runs.
 *
 * Python: `multiprocessing.pool.AsyncResult`
 * Differs: can be awaited. `get` and `wait` return promises and have a blocking twin that ends in
 *   `Sync`. An error that the program never reads is reported on standard error.
 *
 * @example
 * ```ts
 * import { Pool } from "heddle/multiprocessing";
 *
 * const pool = new Pool({ processes: 2 });
 * const result = pool.applyAsync((a: number, b: number) => a + b, [2, 3]);
 * console.log(await result.get({ timeout: 60_000 })); // 5
 * pool.close();
 * await pool.join();
 * ```
 */
export class AsyncResult<R> implements PromiseLike<R> {
  readonly #future: Future<R>;

  static {
    showAsText(this.prototype);
    addCatchAndFinally(this.prototype);
  }

  /** @internal */
  constructor(future: Future<R>) {
    this.#future = future;
  }

  /**
   * Resolves with the result.
   *
   * Python: `multiprocessing.pool.AsyncResult.get`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait, not the call, with the signal's reason.
   * @throws {TimeoutError} It was not there in time.
   * @throws What the call threw.
   */
  get(options?: WaitOptions): Waiting<R> {
    return this.#future.result(options);
  }

  /** The blocking twin of {@link AsyncResult.get}. `options.timeout` is in milliseconds. Python: `multiprocessing.pool.AsyncResult.get` */
  getSync(options?: SyncWaitOptions): R {
    return this.#future.resultSync(options);
  }

  /**
   * Resolves when the result is there, or the time is over: ask {@link AsyncResult.ready}.
   *
   * Python: `multiprocessing.pool.AsyncResult.wait`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   */
  wait(options?: WaitOptions): Waiting<void> {
    return waitingFor(options, "AsyncResult.wait", (wait) => this.#wait(wait), {
      taking: TAKES_NOTHING,
      quick: undefined,
    });
  }

  async #wait({ deadlineMs, signal }: CheckedWait): Promise<void> {
    await untilCalled(
      (done) => {
        let isAwaited = true;
        onSettled(this.#future, () => void (isAwaited && done()));
        return () => (isAwaited = false);
      },
      deadlineMs,
      signal,
    );
  }

  /** The blocking twin of {@link AsyncResult.wait}. `options.timeout` is in milliseconds. Python: `multiprocessing.pool.AsyncResult.wait` */
  waitSync(options?: SyncWaitOptions): void {
    const deadlineMs = checkedDeadline(options, "AsyncResult.waitSync");
    if (isSettled(this.#future)) return;
    checkBlockingFor([this.#future], deadlineMs);
    blockForCalls(() => isSettled(this.#future), deadlineMs);
  }

  /** Whether the result is there. Python: `multiprocessing.pool.AsyncResult.ready` */
  ready(): boolean {
    return this.#future.done();
  }

  /**
   * Whether the calls have ended without an error.
   *
   * Python: `multiprocessing.pool.AsyncResult.successful`
   *
   * @throws {RuntimeError} The result is not there yet.
   */
  successful(): boolean {
    if (!this.ready()) {
      throw new RuntimeError("Cannot tell whether the call was successful: it is not over");
    }
    return !hasFailed(this.#future) && !this.#future.cancelled();
  }

  /** Lets the result be awaited: `await result` is `await result.get()`. Python: none */
  // oxlint-disable-next-line unicorn/no-thenable -- a result is meant to be awaited
  then<A = R, B = never>(
    onFulfilled?: ((value: R) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#future.then(onFulfilled, onRejected);
  }

  /** As a promise's `catch`: calls back with what the call threw. Python: none */
  declare readonly catch: Catch<R>;

  /** As a promise's `finally`: calls back once the call is over. Python: none */
  declare readonly finally: Finally<R>;

  /** Lets an asyncio task wait for the result by `yield*`. Python: none */
  [Symbol.iterator](): Iterator<never, R, unknown> {
    return this.#future[Symbol.iterator]();
  }

  /** The state in words. Python: none */
  toString(): string {
    return `<AsyncResult ${this.ready() ? (this.successful() ? "successful" : "failed") : "pending"}>`;
  }
}
