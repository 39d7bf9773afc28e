/** What every executor can do, whatever its workers are. */
import type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
import type { AnyFunction } from "../../base/functions.ts";
import type { Future } from "./future.ts";
import type { MapOptions, MapResult } from "./map.ts";
import type { Items } from "./zip.ts";

/** How an executor is shut down. Python: none */
export interface ShutdownOptions {
  /** Whether to wait until all submitted work is done and every worker has ended. Default: true. */
  readonly wait?: boolean | undefined;
  /** Whether to cancel what has not started. Default: false. */
  readonly cancelFutures?: boolean | undefined;
}

/**
 * Runs functions elsewhere. See `ThreadPoolExecutor` for what the methods do.
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
 */
export interface Executor {
  /** Runs `fn(...args)` in a worker, and returns its future at once. Python: `concurrent.futures.Executor.submit` */
  submit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Future<Awaited<R>>;
  submit<F extends AnyFunction, A extends OverloadArguments<F>>(
    fn: F,
    ...args: A
  ): Future<Awaited<OverloadResult<F, A>>>;
  /**
   * Calls `fn` with each item, many at once, and gives the results in the order of the items.
   *
   * Python: `concurrent.futures.Executor.map`
   *
   * @param options.timeout Longest time in milliseconds, from this call, until the last result.
   */
  map<A, R>(fn: (a: A) => R, items: Items<A>, options?: MapOptions): MapResult<Awaited<R>>;
  map<A, B, R>(
    fn: (a: A, b: B) => R,
    first: Items<A>,
    second: Items<B>,
    options?: MapOptions,
  ): MapResult<Awaited<R>>;
  /** Ends the executor: no more work is taken, what was submitted is still done. Python: `concurrent.futures.Executor.shutdown` */
  shutdown(options?: ShutdownOptions): Promise<void>;
  /** The blocking twin of {@link Executor.shutdown}. Python: `concurrent.futures.Executor.shutdown` */
  shutdownSync(options?: ShutdownOptions): void;
  /** Lets `await using` shut the executor down and wait. Python: `concurrent.futures.Executor.__exit__` */
  [Symbol.asyncDispose](): Promise<void>;
}
