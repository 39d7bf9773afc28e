import { threadRegistry } from "../../base/registry.ts";
import { type AnyFunction, checkedFunction } from "../../base/functions.ts";
import { addAsyncDispose } from "../../base/dispose.ts";
import { platform } from "#platform";
import type { NamedEntry } from "../../contextvars/entries.ts";
import { CannotBlockError, RuntimeError, SendError, UnsupportedError } from "../../errors.ts";
import { NEVER } from "../../memory/deadline.ts";
import { agentPump } from "../../waiting/pump.ts";
import { Call, type CallHost } from "../../calls/call.ts";
import { WorkerPool } from "../../pool/worker-pool.ts";
import type { InitializerInit } from "../../pool/messages.ts";
import type { Wrapping } from "../../calls/call.ts";
import { isSuppressed } from "../../shipping/main-module.ts";
import { resolveFunction } from "../../shipping/resolve.ts";
import { sendError } from "../../wire/send-error.ts";
import type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
import type { Executor, ShutdownOptions } from "./executor.ts";
import { bindFuture, Future, type FutureOrigin } from "./future.ts";
import { type MapOptions, type MapResult, startMap } from "./map.ts";
import type { Items } from "./zip.ts";
import { checkedCount, checkedOptions } from "../../base/options.ts";

/** Submits a call that takes values of context variables along. Not public. */
export let submitInContext: (
  pool: ThreadPoolExecutor,
  entries: readonly NamedEntry[],
  fn: AnyFunction,
  args: readonly unknown[],
) => Future<unknown>;

/** How a {@link ThreadPoolExecutor} is made. Python: none */
export interface ThreadPoolExecutorOptions<I extends AnyFunction = AnyFunction> {
  /** Most worker threads. Default: as many as can run at once: the number of processors. */
  readonly maxWorkers?: number | undefined;
  /** Workers are called this, an underscore and a number. Default: `ThreadPoolExecutor-N`. */
  readonly threadNamePrefix?: string | undefined;
  /** Runs once in every worker before its first call. The pool breaks if it throws. */
  readonly initializer?: I | undefined;
  /** The arguments of `initializer`; they are copied to each worker. */
  readonly initargs?: Parameters<I> | undefined;
  /**
   * Whether to hand work over through shared memory. Default: wherever the
   * runtime has it. Without, work travels by message: slower, and nothing can block.
   */
  readonly sharedMemory?: boolean | undefined;
}

/** Workers of a pool that has had nothing to do for this many milliseconds end, to give back their memory. */
const IDLE_MS = 30_000;

const OPTIONS = [
  "maxWorkers",
  "threadNamePrefix",
  "initializer",
  "initargs",
  "sharedMemory",
] as const;

/** How many executors this thread has made, those of other copies of heddle included. */
function executors(): { count: number } {
  return threadRegistry("executors@1", () => ({ count: 0 }));
}

/**
 * Runs functions in a pool of threads.
 *
 * A function runs in a worker as it is if it is exported by a module, marked
 * with `task()`, or uses nothing from outside itself. Arguments and results are
 * copied. Workers start when there is work for them and never keep the program
 * running; work that has been submitted does.
 *
 * Python: `concurrent.futures.ThreadPoolExecutor`
 * Differs: workers are isolated: arguments and results are copies, and each worker has its own
 *   copy of a module's variables. `maxWorkers` defaults to the number of processors, not to four
 *   more, since these threads run in parallel.
 *
 * @example
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
 * const square = (n: number): number => n * n;
 * for await (const value of pool.map(square, [1, 2, 3])) console.log(value); // 1, 4, 9
 * await pool.shutdown();
 * ```
 */
export class ThreadPoolExecutor implements Executor {
  static {
    submitInContext = (pool, entries, fn, args) => pool.#submit(fn, [entries, ...args], "context");
  }

  readonly #pool: WorkerPool;
  readonly #maxWorkers: number;
  readonly #sharedMemory: boolean;
  readonly #host: CallHost;

  /**
   * @param options.maxWorkers Most worker threads. Default: the number of processors.
   * @param options.threadNamePrefix Workers are called this, an underscore and a number.
   * @param options.initializer Runs once in every worker before its first call.
   * @param options.initargs The arguments of `initializer`.
   * @param options.sharedMemory Whether to hand work over through shared memory.
   * @throws {RangeError} `maxWorkers` is less than 1.
   * @throws {TypeError} An option is unknown or of the wrong type.
   * @throws {NotShippableError} Another thread could not run `initializer`.
   */
  constructor(options?: ThreadPoolExecutorOptions) {
    const of = "ThreadPoolExecutor";
    const own = checkedOptions(options, OPTIONS, of);
    this.#maxWorkers =
      own.maxWorkers === undefined
        ? platform.parallelism()
        : checkedCount(own.maxWorkers, "maxWorkers", of);
    checkTypes(own);
    this.#sharedMemory = own.sharedMemory ?? platform.capabilities.sharedMemory;
    this.#pool = new WorkerPool({
      maxWorkers: this.#maxWorkers,
      namePrefix: own.threadNamePrefix || `ThreadPoolExecutor-${executors().count++}`,
      initializer: initializerInit(own.initializer, own.initargs ?? []),
      sharedMemory: this.#sharedMemory,
      idleMs: IDLE_MS,
      entry: undefined,
      capacity: undefined,
      stackSizeBytes: undefined,
      threadName: undefined,
    });
    this.#host = {
      workers: this.#maxWorkers,
      start: (call, fn, args, wrapping) => this.#start(call, fn, args, wrapping),
      cancel: (call) => this.#pool.cancel(call),
      isRunning: (call) => this.#pool.isRunning(call),
      checkBlocking: (call) => this.#checkBlocking(call),
    };
  }

  /**
   * Runs `fn(...args)` in a worker. Returns at once.
   *
   * Python: `concurrent.futures.Executor.submit`
   *
   * Differs: an argument that cannot be copied rejects the future with a
   * `SendError` that names it.
   *
   * @param fn An exported, marked or self-contained function. If it is async, the
   *   future waits for its promise.
   * @param args Copied now: later changes are not seen by the call.
   * @throws {RuntimeError} The pool has been shut down.
   * @throws {BrokenThreadPool} A worker died, or an initializer threw.
   * @throws {NotShippableError} Another thread could not run `fn`; says why and what to do.
   *
   * @example
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor();
   * console.log(await pool.submit((name: string) => `hello ${name}`, "loom")); // hello loom
   * await pool.shutdown();
   * ```
   */
  submit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Future<Awaited<R>>;
  submit<F extends AnyFunction, A extends OverloadArguments<F>>(
    fn: F,
    ...args: A
  ): Future<Awaited<OverloadResult<F, A>>>;
  submit(fn: AnyFunction, ...args: unknown[]): Future<unknown> {
    return this.#submit(fn, args, "none");
  }

  #submit(fn: AnyFunction, args: readonly unknown[], wrapping: Wrapping): Future<unknown> {
    checkedFunction(fn, "ThreadPoolExecutor.submit: fn");
    const future = new Future<unknown>();
    const call = new FutureCall(future, this.#host);
    try {
      this.#start(call, fn, args, wrapping);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      future.setException(error);
    }
    return future;
  }

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
   *   error (lines, where that is not a terminal); a function is told `{ done, total }`.
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
    return startMap(this.#host, fn, rest);
  }

  /**
   * The blocking twin of {@link ThreadPoolExecutor.map}: iterating blocks the calling
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
    return startMap(this.#host, fn, rest).iterateSync();
  }

  /**
   * Ends the pool: no more work is taken, what was submitted is still done.
   *
   * Python: `concurrent.futures.Executor.shutdown`
   *
   * Differs: returns a promise; {@link ThreadPoolExecutor.shutdownSync} blocks.
   *
   * @param options.wait Whether to wait for that, and for the threads to end. Default: true.
   * @param options.cancelFutures Whether to cancel what has not started. Default: false.
   *
   * @example
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor();
   * await pool.shutdown();
   * ```
   */
  async shutdown(options?: ShutdownOptions): Promise<void> {
    const { wait = true } = this.#beginShutdown(options);
    if (isSuppressed()) return new Promise<never>(() => {});
    if (wait) await this.#pool.whenEnded();
  }

  /** The blocking twin of {@link ThreadPoolExecutor.shutdown}. Python: `concurrent.futures.Executor.shutdown` */
  shutdownSync(options?: ShutdownOptions): void {
    const { wait = true } = this.#beginShutdown(options);
    if (!wait || isSuppressed()) return;
    if (!this.#pool.isEnded) this.#checkBlocking();
    agentPump().block(() => this.#pool.isEnded, NEVER);
  }

  /** Lets `await using` shut the pool down and wait. Python: `concurrent.futures.Executor.__exit__` */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    addAsyncDispose(this.prototype, (pool) => pool.shutdown());
  }

  #beginShutdown(options: ShutdownOptions | undefined): Partial<ShutdownOptions> {
    const own = checkedOptions(options, ["wait", "cancelFutures"], "ThreadPoolExecutor.shutdown");
    this.#pool.close();
    if (own.cancelFutures === true) this.#pool.cancelQueued();
    return own;
  }

  #start(call: Call, fn: Function, args: readonly unknown[], wrapping: Wrapping = "none"): void {
    // A worker that re-runs the program's main module must not run its work again.
    if (isSuppressed()) return;
    if (platform.isExiting()) throw new RuntimeError("Cannot submit a call: the program is ending");
    this.#pool.submit(call, fn, args, wrapping);
  }

  #checkBlocking(call?: Call): void {
    if (isSuppressed()) {
      throw new CannotBlockError(
        "Cannot block for a result while a worker loads the main module again; guard the call with `if (isMainThread)`",
      );
    }
    if (!this.#sharedMemory) {
      throw new UnsupportedError(
        "Cannot block for a result without shared memory; await it instead. In a browser, shared memory needs " +
          "the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
        { capability: "sharedMemory", runtime: platform.name },
      );
    }
    if (call !== undefined && this.#pool.isResolving(call)) {
      throw new CannotBlockError(
        "Cannot block for the result: the function's module awaits at its top level, so looking the function up " +
          "takes a turn of the event loop. Await the result, or mark the function with task()",
      );
    }
  }
}

/** A call whose result settles a future. */
class FutureCall extends Call implements FutureOrigin {
  readonly #future: Future<unknown>;
  readonly #host: CallHost;

  constructor(future: Future<unknown>, host: CallHost) {
    super();
    this.#future = future;
    this.#host = host;
    bindFuture(future, this);
  }

  override succeed(value: unknown): void {
    this.#future.setResult(value);
  }

  override fail(error: unknown): void {
    this.#future.setException(error);
  }

  override abort(): void {
    this.#future.cancel();
  }

  cancel(): boolean {
    return this.#host.cancel(this);
  }

  isRunning(): boolean {
    return this.#host.isRunning(this);
  }

  checkBlocking(): void {
    this.#host.checkBlocking(this);
  }
}

function checkTypes(options: Partial<ThreadPoolExecutorOptions>): void {
  const { threadNamePrefix, sharedMemory, initializer, initargs } = options;
  if (threadNamePrefix !== undefined && typeof threadNamePrefix !== "string") {
    throw new TypeError(
      `ThreadPoolExecutor: "threadNamePrefix" must be a string, got ${typeof threadNamePrefix}`,
    );
  }
  if (sharedMemory !== undefined && typeof sharedMemory !== "boolean") {
    throw new TypeError(
      `ThreadPoolExecutor: "sharedMemory" must be true or false, got ${typeof sharedMemory}`,
    );
  }
  if (initargs !== undefined && !Array.isArray(initargs)) {
    throw new TypeError(`ThreadPoolExecutor: "initargs" must be an array, got ${typeof initargs}`);
  }
  if (initargs !== undefined && initializer === undefined) {
    throw new TypeError('ThreadPoolExecutor: "initargs" requires "initializer"');
  }
}

function initializerInit(
  initializer: AnyFunction | undefined,
  args: readonly unknown[],
): InitializerInit | undefined {
  if (initializer === undefined) return undefined;
  checkedFunction(initializer, 'ThreadPoolExecutor: "initializer"');
  const reference = resolveFunction(initializer);
  if (reference instanceof Promise) {
    reference.catch(() => {});
    throw new TypeError(
      'ThreadPoolExecutor: "initializer" must not be in a module that awaits at its top level. Move it to its own file, or mark it with task()',
    );
  }
  try {
    return { reference, args: structuredClone(args) };
  } catch (refusal) {
    throw sendError(args, "initargs", refusal);
  }
}
