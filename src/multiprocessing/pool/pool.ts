/** Python's Pool and ThreadPool. */
import { addAsyncDispose } from "../../base/dispose.ts";
import { type AnyFunction, checkedFunction, isIterable } from "../../base/functions.ts";
import { checkedCount, checkedObject, checkedOptions } from "../../base/options.ts";
import { showAsText, wrongType } from "../../base/text.ts";
import type { Call, CallHost, Wrapping } from "../../calls/call.ts";
import type { Outcome } from "../../calls/outcome.ts";
import { bindFuture, Future } from "../../concurrent/futures/future.ts";
import { callHostOf } from "../../concurrent/futures/executor.ts";
import { type PoolExecutor, terminateWorkersOf } from "../../concurrent/futures/pool-executor.ts";
import {
  ProcessPoolExecutor,
  type StartContext,
} from "../../concurrent/futures/process-pool-executor.ts";
import { ThreadPoolExecutor } from "../../concurrent/futures/thread-pool-executor.ts";
import { iteratorInContext } from "../../contextvars/caller-context.ts";
import { BrokenExecutor, CancelledError, RuntimeError } from "../../errors.ts";
import { STARTER } from "../../pool/process-kind.ts";
import { type Waiting, waitingOn } from "../../waiting/task-waits.ts";
import { withUserFrames } from "../../wire/stack.ts";
import { helpedChildren } from "../channels/children.ts";
import { AsyncResult } from "./async-result.ts";
import { ChunkCall, type ChunkOutcome, chunksOf, columnsOf, PoolCall } from "./chunks.ts";
import { IMapIterator } from "./imap-iterator.ts";

/** How a {@link ThreadPool} is made. Python: none */
export interface ThreadPoolOptions<I extends AnyFunction = AnyFunction> {
  /** Most workers. Default: the number of processors. */
  readonly processes?: number | undefined;
  /** Runs once in every worker before its first call. */
  readonly initializer?: I | undefined;
  /** The arguments of `initializer`; they are copied to each worker. */
  readonly initargs?: Parameters<I> | undefined;
}

/** How a {@link Pool} is made. Python: none */
export interface PoolOptions<I extends AnyFunction = AnyFunction> extends ThreadPoolOptions<I> {
  /** How many calls, or chunks of them, a worker makes before another takes its place. Default: any number. */
  readonly maxtasksperchild?: number | undefined;
  /** How processes start. */
  readonly context?: StartContext | undefined;
}

/** What is called back when a result is there. Python: none */
export interface PoolCallOptions<R> {
  /** Called with the result. */
  readonly callback?: ((value: R) => void) | undefined;
  /** Called with what a call threw. */
  readonly errorCallback?: ((error: unknown) => void) | undefined;
}

/** How the calls of a `map` are made. Python: none */
export interface PoolMapOptions<R> extends PoolCallOptions<R[]> {
  /** How many items one call of a worker takes. Default: a quarter of each worker's share. */
  readonly chunksize?: number | undefined;
}

/** Another thread owns the processes, so that one can block for their results. */
const HELPED: StartContext = {
  getStartMethod: () => "spawn",
  [STARTER]: helpedChildren,
} as StartContext;

const CALLBACKS = ["callback", "errorCallback"] as const;
const MAP_OPTIONS = ["chunksize", ...CALLBACKS] as const;

/** Chunks for each worker, where their size is not given. */
const CHUNKS_PER_WORKER = 4;
/** Chunks that are under way for each worker while items are read one by one. */
const AHEAD_PER_WORKER = 4;

/**
 * A pool of processes, as Python's first module for them has it. `ProcessPoolExecutor`, of
 * `heddle/concurrent/futures`, is over the same processes.
 *
 * A worker that dies costs the calls that it had begun, which fail with `BrokenProcessPool`;
 * another takes its place.
 *
 * Python: `multiprocessing.pool.Pool`
 * Differs: workers start when there is work for them. What waits returns a promise. In Python, the
 *   result of a call whose worker died never comes.
 *
 * @example
 * ```ts
 * import { Pool } from "heddle/multiprocessing";
 *
 * const pool = new Pool({ processes: 2 });
 * const square = (n: number): number => n * n;
 * console.log(await pool.map(square, [1, 2, 3])); // [ 1, 4, 9 ]
 * console.log(await pool.apply(square, [4])); // 16
 * pool.close();
 * await pool.join();
 * ```
 */
export class Pool {
  static {
    showAsText(this.prototype);
    addAsyncDispose(this.prototype, async (pool) => {
      pool.terminate();
      await pool.join();
    });
  }

  readonly #name: string;
  readonly #executor: PoolExecutor;
  readonly #host: CallHost;
  #state: "running" | "closed" | "terminated" = "running";

  /**
   * @param options.processes Most workers. Default: the number of processors.
   * @param options.initializer Runs once in every worker before its first call.
   * @param options.initargs The arguments of `initializer`.
   * @param options.maxtasksperchild How many calls a worker makes before another takes its place.
   * @param options.context How processes start.
   * @throws {TypeError} An option is unknown or of the wrong type.
   * @throws {RangeError} A number is less than 1.
   */
  constructor(options?: PoolOptions) {
    const { name, executor } = this.makeWorkers(options);
    this.#name = name;
    this.#executor = executor;
    this.#host = callHostOf(executor);
  }

  /** What runs the calls, and the name of the class in errors. @internal */
  protected makeWorkers(options: PoolOptions | undefined): {
    readonly name: string;
    readonly executor: PoolExecutor;
  } {
    const { processes, maxtasksperchild, context, ...rest } = checkedOptions(
      options,
      ["processes", "initializer", "initargs", "maxtasksperchild", "context"],
      "Pool",
    );
    checkCounts("Pool", { processes, maxtasksperchild });
    const executor = new ProcessPoolExecutor({
      ...rest,
      maxWorkers: processes,
      maxTasksPerChild: maxtasksperchild,
      mpContext: context === undefined ? HELPED : context,
    });
    return { name: "Pool", executor };
  }

  /**
   * Calls `fn(...args)` in a worker and resolves with its result.
   *
   * Python: `multiprocessing.pool.Pool.apply`
   * Differs: returns a promise.
   *
   * @param fn Takes along what it uses of its module.
   * @param args Its arguments; they are copied.
   * @param kwds Passed as one object behind the arguments.
   * @throws {RuntimeError} The pool has been closed.
   * @throws What `fn` threw.
   */
  async apply<A extends unknown[], R>(
    fn: (...args: A) => R,
    args: Readonly<A> | readonly [] = [],
    kwds?: object,
  ): Promise<Awaited<R>> {
    return this.#apply<Awaited<R>>("apply", fn, args, kwds, undefined).get();
  }

  /**
   * Calls `fn(...args)` in a worker. Returns at once.
   *
   * Python: `multiprocessing.pool.Pool.apply_async`
   *
   * @param options.callback Called with the result.
   * @param options.errorCallback Called with what `fn` threw.
   * @throws {RuntimeError} The pool has been closed.
   * @throws {NotShippableError} A worker could not run `fn`.
   */
  applyAsync<A extends unknown[], R>(
    fn: (...args: A) => R,
    args: Readonly<A> | readonly [] = [],
    kwds?: object,
    options?: PoolCallOptions<Awaited<R>>,
  ): AsyncResult<Awaited<R>> {
    return this.#apply<Awaited<R>>("applyAsync", fn, args, kwds, options);
  }

  #apply<R>(
    method: string,
    fn: AnyFunction,
    args: readonly unknown[],
    kwds: object | undefined,
    options: PoolCallOptions<R> | undefined,
  ): AsyncResult<R> {
    this.#check(method, fn);
    const own = checkedOptions(options, CALLBACKS, `${this.#name}.${method}`);
    const given = checkedList(args, `${this.#name}.${method}: args`);
    if (kwds !== undefined) checkedObject(kwds, `${this.#name}.${method}: kwds`);
    const future = this.#future<R>(own);
    const call = new PoolCall(method, (outcome) => this.#settle(future, outcome));
    const all = kwds === undefined ? given : [...given, kwds];
    this.#start(call, fn, all, "none", (error) => future.setException(error));
    return new AsyncResult(future);
  }

  /**
   * Calls `fn` with each item and resolves with the results, in the order of the items.
   *
   * If calls throw, it rejects with the first error, once all chunks are over.
   *
   * Python: `multiprocessing.pool.Pool.map`
   * Differs: returns a promise.
   */
  async map<A, R>(
    fn: (item: A) => R,
    items: Iterable<A>,
    options?: PoolMapOptions<Awaited<R>>,
  ): Promise<Awaited<R>[]> {
    return this.#map("map", fn, items, options, false).get() as Promise<Awaited<R>[]>;
  }

  /** The same, returning at once. Python: `multiprocessing.pool.Pool.map_async` */
  mapAsync<A, R>(
    fn: (item: A) => R,
    items: Iterable<A>,
    options?: PoolMapOptions<Awaited<R>>,
  ): AsyncResult<Awaited<R>[]> {
    return this.#map("mapAsync", fn, items, options, false) as AsyncResult<Awaited<R>[]>;
  }

  /** As {@link Pool.map}, for items that are lists of arguments. Python: `multiprocessing.pool.Pool.starmap` */
  async starmap<A extends unknown[], R>(
    fn: (...args: A) => R,
    items: Iterable<Readonly<A>>,
    options?: PoolMapOptions<Awaited<R>>,
  ): Promise<Awaited<R>[]> {
    return this.#map("starmap", fn, items, options, true).get() as Promise<Awaited<R>[]>;
  }

  /** The same, returning at once. Python: `multiprocessing.pool.Pool.starmap_async` */
  starmapAsync<A extends unknown[], R>(
    fn: (...args: A) => R,
    items: Iterable<Readonly<A>>,
    options?: PoolMapOptions<Awaited<R>>,
  ): AsyncResult<Awaited<R>[]> {
    return this.#map("starmapAsync", fn, items, options, true) as AsyncResult<Awaited<R>[]>;
  }

  /**
   * Calls `fn` with each item, and gives the results as they come, in the order of the items.
   *
   * Python: `multiprocessing.pool.Pool.imap`
   * Differs: an async iterator. Items are read as results are taken, a few ahead. What has not been
   *   read when the pool is closed is not called: that is thrown in its place.
   *
   * @param options.chunksize How many items one call of a worker takes. Default: 1.
   */
  imap<A, R>(
    fn: (item: A) => R,
    items: Iterable<A>,
    options?: { readonly chunksize?: number | undefined },
  ): IMapIterator<Awaited<R>> {
    return this.#imap("imap", fn, items, options, true) as IMapIterator<Awaited<R>>;
  }

  /** The same, with the results in the order in which they come. Python: `multiprocessing.pool.Pool.imap_unordered` */
  imapUnordered<A, R>(
    fn: (item: A) => R,
    items: Iterable<A>,
    options?: { readonly chunksize?: number | undefined },
  ): IMapIterator<Awaited<R>> {
    return this.#imap("imapUnordered", fn, items, options, false) as IMapIterator<Awaited<R>>;
  }

  /** Takes no more work; what was submitted is still done. Python: `multiprocessing.pool.Pool.close` */
  close(): void {
    if (this.#state !== "running") return;
    this.#state = "closed";
    void this.#executor.shutdown({ wait: false });
  }

  /**
   * Ends the workers at once. What is not over fails with a `CancelledError`.
   *
   * Python: `multiprocessing.pool.Pool.terminate`
   * Differs: in Python, results that are waited for then never come.
   */
  terminate(): void {
    if (this.#state === "terminated") return;
    this.#state = "terminated";
    terminateWorkersOf(this.#executor, "terminate()");
  }

  /**
   * Resolves when the workers have ended, after {@link Pool.close} or {@link Pool.terminate}.
   *
   * Python: `multiprocessing.pool.Pool.join`
   *
   * @throws {RuntimeError} The pool still runs.
   */
  join(): Waiting<void> {
    return waitingOn(() => this.#join());
  }

  async #join(): Promise<void> {
    if (this.#state === "running") {
      throw new RuntimeError(
        `Cannot join ${String(this)}: it still takes work. Call close() or terminate() first`,
      );
    }
    await this.#executor.shutdown();
  }

  /** Lets `await using` terminate the pool and wait for its workers. Python: `multiprocessing.pool.Pool.__exit__` */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  /** The state in words. Python: `multiprocessing.pool.Pool.__repr__` */
  toString(): string {
    return `<${this.#name} ${this.#state} workers=${this.#host.workers}>`;
  }

  #check(method: string, fn: unknown): void {
    checkedFunction(fn, `${this.#name}.${method}: fn`);
    if (this.#state === "running") return;
    throw new RuntimeError(`Cannot call ${method}: the pool is ${this.#state}`);
  }

  #map(
    method: string,
    fn: AnyFunction,
    iterable: Iterable<unknown>,
    options: PoolMapOptions<never> | undefined,
    isStar: boolean,
  ): AsyncResult<unknown[]> {
    this.#check(method, fn);
    const own = checkedOptions(options, MAP_OPTIONS, `${this.#name}.${method}`);
    const items = checkedList(iterable, `${this.#name}.${method}: items`);
    if (isStar) {
      for (const [i, item] of items.entries()) {
        checkedItems(item, `${this.#name}.${method}: item ${i}`);
      }
    }
    const size = Math.max(1, Math.ceil(items.length / (this.#host.workers * CHUNKS_PER_WORKER)));
    const chunksize = this.#chunksize(own.chunksize, size, method);
    const future = this.#future<unknown[]>(own as PoolCallOptions<unknown[]>);
    const results: unknown[] = new Array(items.length);
    let left = Math.ceil(items.length / chunksize);
    let failure: { readonly error: unknown } | undefined;
    const finish = (): void => {
      if (failure === undefined) future.setResult(results);
      else future.setException(failure.error);
    };
    if (left === 0) finish();
    for (let start = 0; start < items.length; start += chunksize) {
      const settle = (outcome: ChunkOutcome): void => {
        for (const [i, value] of outcome.values.entries()) results[start + i] = value;
        failure ??= outcome.failure;
        if (--left === 0) finish();
      };
      this.#startChunk(fn, items.slice(start, start + chunksize), isStar, settle);
    }
    return new AsyncResult(future);
  }

  #imap(
    method: string,
    fn: AnyFunction,
    iterable: Iterable<unknown>,
    options: { readonly chunksize?: number | undefined } | undefined,
    isOrdered: boolean,
  ): IMapIterator<unknown> {
    this.#check(method, fn);
    const own = checkedOptions(options, ["chunksize"], `${this.#name}.${method}`);
    const chunksize = this.#chunksize(own.chunksize, 1, method);
    checkedItems(iterable, `${this.#name}.${method}: items`);
    const ahead = Array.isArray(iterable) ? Infinity : this.#host.workers * AHEAD_PER_WORKER;
    return new IMapIterator<unknown>({
      chunks: iteratorInContext(chunksOf(iterable, chunksize)),
      start: (chunk, settle) => this.#startChunk(fn, chunk, false, settle),
      ahead,
      mostReady: ahead * chunksize,
      isOrdered,
    });
  }

  #chunksize(given: number | undefined, usual: number, method: string): number {
    return given === undefined
      ? usual
      : checkedCount(given, "chunksize", `${this.#name}.${method}`);
  }

  #startChunk(
    fn: AnyFunction,
    items: readonly unknown[],
    isStar: boolean,
    settle: (outcome: ChunkOutcome) => void,
  ): void {
    const call = new ChunkCall(({ values, failure }) =>
      settle({ values, failure: failure && { error: this.#explained(failure.error) } }),
    );
    const fail = (error: unknown): void => settle({ values: [], failure: { error } });
    this.#start(call, fn, columnsOf(items, isStar), "rows", fail);
  }

  /** @param fail Receives why an argument cannot be sent. */
  #start(
    call: Call,
    fn: AnyFunction,
    args: readonly unknown[],
    wrapping: Wrapping,
    fail: (error: unknown) => void,
  ): void {
    try {
      this.#host.start(call, fn, args, wrapping);
    } catch (error) {
      withUserFrames(error);
      fail(error);
    }
  }

  #settle<R>(future: Future<R>, outcome: Outcome): void {
    if (outcome.kind === "returned") future.setResult(outcome.value as R);
    else future.setException(this.#explained(outcome.error));
  }

  #explained(error: unknown): unknown {
    if (this.#state !== "terminated" || !(error instanceof BrokenExecutor)) return error;
    return new CancelledError("The pool was terminated before the call was over");
  }

  #future<R>({ callback, errorCallback }: PoolCallOptions<R>): Future<R> {
    if (callback !== undefined) checkedFunction(callback, `${this.#name}: "callback"`);
    if (errorCallback !== undefined)
      checkedFunction(errorCallback, `${this.#name}: "errorCallback"`);
    const future = new Future<R>();
    bindFuture(future, {
      cancel: () => false,
      isRunning: () => true,
      checkBlocking: () => this.#host.checkBlocking(),
    });
    if (callback !== undefined || errorCallback !== undefined) {
      future.addDoneCallback((done) => {
        let value: R;
        try {
          value = done.resultSync();
        } catch (error) {
          return errorCallback?.(error);
        }
        callback?.(value);
      });
    }
    return future;
  }
}

/**
 * The same over threads.
 *
 * Python: `multiprocessing.pool.ThreadPool`
 *
 * @example
 * ```ts
 * import { ThreadPool } from "heddle/multiprocessing/pool";
 *
 * const pool = new ThreadPool({ processes: 2 });
 * console.log(await pool.starmap((a: number, b: number) => a + b, [[1, 2], [3, 4]])); // [ 3, 7 ]
 * pool.terminate();
 * await pool.join();
 * ```
 */
export class ThreadPool extends Pool {
  /**
   * @param options.processes Most threads. Default: the number of processors.
   * @param options.initializer Runs once in every thread before its first call.
   * @param options.initargs The arguments of `initializer`.
   * @throws {TypeError} An option is unknown or of the wrong type.
   * @throws {RangeError} A number is less than 1.
   */
  // oxlint-disable-next-line no-useless-constructor -- it takes fewer options
  constructor(options?: ThreadPoolOptions) {
    super(options);
  }

  /** @internal */
  protected override makeWorkers(options: ThreadPoolOptions | undefined): {
    readonly name: string;
    readonly executor: PoolExecutor;
  } {
    const { processes, ...rest } = checkedOptions(
      options,
      ["processes", "initializer", "initargs"],
      "ThreadPool",
    );
    checkCounts("ThreadPool", { processes });
    return {
      name: "ThreadPool",
      executor: new ThreadPoolExecutor({ ...rest, maxWorkers: processes }),
    };
  }
}

function checkCounts(of: string, counts: Readonly<Record<string, number | undefined>>): void {
  for (const [name, count] of Object.entries(counts)) {
    if (count !== undefined) checkedCount(count, name, of);
  }
}

function checkedItems(items: unknown, what: string): void {
  if (typeof items !== "object" || !isIterable(items)) throw wrongType(what, "iterable", items);
}

function checkedList(items: Iterable<unknown>, what: string): unknown[] {
  checkedItems(items, what);
  return [...items];
}
