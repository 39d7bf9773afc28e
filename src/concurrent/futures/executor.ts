/** What every executor can do, whatever runs its calls; and what a subclass gets for its `submit`. */
import type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
import { addAsyncDispose } from "../../base/dispose.ts";
import type { AnyFunction } from "../../base/functions.ts";
import { checkedOption, checkedOptions } from "../../base/options.ts";
import type { CallHost } from "../../calls/call.ts";
import type { Future } from "./future.ts";
import { type MapOptions, type MapResult, startMap } from "./map.ts";
import { submittingHost } from "./submitting-host.ts";
import type { Items } from "./zip.ts";

/** How an executor is shut down. Python: none */
export interface ShutdownOptions {
  /** Whether to wait until all submitted work is done and every worker has ended. Default: true. */
  readonly wait?: boolean | undefined;
  /** Whether to cancel what has not started. Default: false. */
  readonly cancelFutures?: boolean | undefined;
}

/** Gives an executor a better host for its calls than its `submit` is. Not public. */
export function setCallHost(executor: Executor, host: CallHost): void {
  hosts.set(executor, host);
}

/** What runs an executor's calls. Not public. */
export function callHostOf(executor: Executor): CallHost {
  let host = hosts.get(executor);
  if (host === undefined) hosts.set(executor, (host = submittingHost(executor)));
  return host;
}

const hosts = /* @__PURE__ */ new WeakMap<Executor, CallHost>();

/** Reads the options of a shutdown. Not public. */
export function checkedShutdown(
  options: ShutdownOptions | undefined,
  name: string,
): Partial<ShutdownOptions> {
  const own = checkedOptions(options, ["wait", "cancelFutures"], `${name}.shutdown`);
  checkedOption(own.wait, "boolean", `${name}.shutdown: "wait"`);
  checkedOption(own.cancelFutures, "boolean", `${name}.shutdown: "cancelFutures"`);
  return own;
}

/**
 * Runs functions elsewhere: what all executors have in common. Every executor is an instance.
 *
 * To write an executor of your own, extend the class with a `submit` that returns a
 * {@link Future}. `map`, `mapSync`, and `await using` work by means of it. Extend `shutdown`
 * where there is something to wait for.
 *
 * Python: `concurrent.futures.Executor`
 *
 * @example Write code that does not care where its work runs
 * ```ts
 * import { type Executor, ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * async function total(executor: Executor, texts: string[]): Promise<number> {
 *   const lengths = await executor.map((text: string) => text.length, texts);
 *   return lengths.reduce((sum, length) => sum + length, 0);
 * }
 *
 * const pool = new ThreadPoolExecutor();
 * console.log(await total(pool, ["warp", "weft"])); // 8
 * await pool.shutdown();
 * ```
 *
 * @example One that runs its calls at once
 * ```ts
 * import { Executor, Future } from "heddle/concurrent/futures";
 *
 * class Inline extends Executor {
 *   override submit(fn: (...args: never[]) => unknown, ...args: unknown[]): Future<never> {
 *     const future = new Future<unknown>();
 *     try {
 *       future.setResult(fn(...(args as never[])));
 *     } catch (error) {
 *       future.setException(error);
 *     }
 *     return future as Future<never>;
 *   }
 * }
 *
 * const inline = new Inline();
 * console.log(await inline.map((n: number) => n * n, [1, 2, 3])); // [ 1, 4, 9 ]
 * ```
 */
export abstract class Executor {
  static {
    addAsyncDispose(this.prototype, (executor) => executor.shutdown());
  }

  /**
   * Runs `fn(...args)`, and returns its future at once.
   *
   * Python: `concurrent.futures.Executor.submit`
   */
  abstract submit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Future<Awaited<R>>;
  abstract submit<F extends AnyFunction, A extends OverloadArguments<F>>(
    fn: F,
    ...args: A
  ): Future<Awaited<OverloadResult<F, A>>>;

  /**
   * Calls `fn` with each item, many at once, and gives the results in the order of the items.
   *
   * The result can be iterated as results come (`for await`), or awaited as an
   * array. Items of an array are submitted at once; those of an iterator or an
   * async iterable are read as results are taken.
   *
   * If a call throws, its error is thrown at its place, after the results before
   * it; calls not yet started are then cancelled. So they are when the loop is left early.
   *
   * Python: `concurrent.futures.Executor.map`
   *
   * Differs: returns an async iterable that can also be awaited; `chunksize`
   * works for threads too; iterators are read lazily unless `buffersize` says otherwise.
   *
   * @param options.timeout Longest time in milliseconds, from this call, until the last result.
   * @param options.chunksize How many items one call takes. Default: 1.
   * @param options.buffersize How many items may be submitted ahead of the results
   *   taken. Default: all for an array, else four for each worker.
   * @param options.progress `true` draws a bar of finished calls on standard
   *   error (lines, where that is not a terminal); a function receives `{ done, total }`.
   * @throws {TypeError} `chunksize` or `buffersize` is not an integer.
   * @throws {RangeError} One of them is less than 1.
   *
   * @example
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor();
   * const sums = await pool.map((a: number, b: number) => a + b, [1, 2, 3], [10, 20, 30]);
   * console.log(sums); // [ 11, 22, 33 ]
   * await pool.shutdown();
   * ```
   */
  map<A, R>(fn: (a: A) => R, items: Items<A>, options?: MapOptions): MapResult<Awaited<R>>;
  map<A, B, R>(
    fn: (a: A, b: B) => R,
    first: Items<A>,
    second: Items<B>,
    options?: MapOptions,
  ): MapResult<Awaited<R>>;
  map<A, B, C, R>(
    fn: (a: A, b: B, c: C) => R,
    first: Items<A>,
    second: Items<B>,
    third: Items<C>,
    options?: MapOptions,
  ): MapResult<Awaited<R>>;
  map(fn: AnyFunction, ...rest: unknown[]): MapResult<unknown> {
    return startMap(callHostOf(this), fn, rest);
  }

  /**
   * The blocking twin of {@link Executor.map}: iterating blocks the calling
   * thread while the next result is not there.
   *
   * Python: `concurrent.futures.Executor.map`
   *
   * @param options.timeout Longest time in milliseconds, from this call, until the last result.
   * @throws {CannotBlockError} Blocking is not possible here.
   *
   * @example
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor();
   * console.log([...pool.mapSync((n: number) => n + 1, [1, 2, 3])]); // [ 2, 3, 4 ]
   * pool.shutdownSync();
   * ```
   */
  mapSync<A, R>(
    fn: (a: A) => R,
    items: Iterable<A>,
    options?: MapOptions,
  ): IterableIterator<Awaited<R>>;
  mapSync<A, B, R>(
    fn: (a: A, b: B) => R,
    first: Iterable<A>,
    second: Iterable<B>,
    options?: MapOptions,
  ): IterableIterator<Awaited<R>>;
  mapSync(fn: AnyFunction, ...rest: unknown[]): IterableIterator<unknown> {
    const host = callHostOf(this);
    host.checkBlocking();
    return startMap(host, fn, rest).iterateSync();
  }

  /**
   * Ends the executor: no more work is taken, what was submitted is still done. That of this
   * class does nothing.
   *
   * Python: `concurrent.futures.Executor.shutdown`
   *
   * Differs: returns a promise.
   *
   * @param options.wait Whether to wait for that. Default: true.
   * @param options.cancelFutures Whether to cancel what has not started. Default: false.
   */
  async shutdown(options?: ShutdownOptions): Promise<void> {
    checkedShutdown(options, this.constructor.name);
  }

  /** The blocking twin of {@link Executor.shutdown}. Python: `concurrent.futures.Executor.shutdown` */
  shutdownSync(options?: ShutdownOptions): void {
    checkedShutdown(options, this.constructor.name);
  }

  /** Lets `await using` shut the executor down and wait. Python: `concurrent.futures.Executor.__exit__` */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
}
