import { blockForCalls } from "../../waiting/blocking-wait.ts";
import { showAsText } from "../../base/text.ts";
import { type AnyFunction, checkedFunction } from "../../base/functions.ts";
import { server } from "#platform";
import type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
import { Call, type CallHost, type PoolState, type Wrapping } from "../../calls/call.ts";
import type { NamedEntry } from "../../contextvars/entries.ts";
import { CannotBlockError, RuntimeError, SendError } from "../../errors.ts";
import { NEVER } from "../../memory/deadline.ts";
import { isSlice } from "../../base/slice-urls.ts";
import type { Giving } from "../../base/advice.ts";
import { checkNotEvaluating, isSuppressed } from "../../shipping/main-module.ts";
import { type Waiting, waitingOn } from "../../waiting/task-waits.ts";
import { withUserFrames } from "../../wire/stack.ts";
import { checkedShutdown, Executor, setCallHost, type ShutdownOptions } from "./executor.ts";
import { type CallOptions, checkedCallOptions } from "./call-options.ts";
import { ExecutorView } from "./executor-view.ts";
import { bindFuture, Future, type FutureOrigin, settleAsStopped } from "./future.ts";

/** What an executor hands its calls to: a pool of workers, or whatever else runs them. */
export interface CallRunner {
  /**
   * Takes a call, and settles it once it is over.
   *
   * @param wrapping How `fn` is wrapped before it is called.
   * @throws {SendError} An argument cannot be sent. The call has not been taken.
   * @throws {Error} No call is taken.
   */
  submit(call: Call, fn: Function, args: readonly unknown[], wrapping: Wrapping): void;
  /** Takes a call back that has not started; says whether it was in time. */
  cancel(call: Call): boolean;
  /** Asks a call that has started to stop, and ends it after the grace; false if it is over. Absent where none can be asked. */
  stop?(call: Call, graceMs: number): boolean;
  /** Cancels every call that has not started. */
  cancelQueued(): void;
  isRunning(call: Call): boolean;
  /** From now on, begins calls in the order of their priorities. */
  order(): void;
  /** @throws {Error} The calling agent must not block for calls, or for this one, and why. */
  checkBlocking(call?: Call): void;
  /** Takes no more calls; those submitted are still run. */
  close(): void;
  /** Ends what runs them by force: every call that is not over fails. */
  terminate?(by: string): void;
  /** What it is doing: see {@link PoolState}. */
  readonly state: PoolState;
  /** Whether every call is settled, and what ran them has ended. */
  readonly isEnded: boolean;
  /** Resolves once it is so, after {@link CallRunner.close}; keeps the agent alive until then. */
  whenEnded(): Promise<void>;
}

/** Submits a call that takes values of context variables along. Not public. */
export let submitInContext: (
  executor: PoolExecutor,
  entries: readonly NamedEntry[],
  fn: AnyFunction,
  args: readonly unknown[],
) => Future<unknown>;

/** Ends the workers of an executor by force, on behalf of `by`: what is not over fails. Not public. */
export let terminateWorkersOf: (executor: PoolExecutor, by: string) => void;

/**
 * What all executors of heddle's own do: those with a runner of calls. Not to be extended by users.
 *
 * Python: `concurrent.futures.Executor`
 */
export abstract class PoolExecutor extends Executor {
  static {
    showAsText(this.prototype);
    terminateWorkersOf = (executor, by) => executor.#runner.terminate?.(by);
    submitInContext = (executor, entries, fn, args) =>
      executor.#submit(executor.#host, fn, [[undefined, entries], ...args], "context");
  }

  readonly #name: string;
  readonly #title: string;
  readonly #runner: CallRunner;
  /** The same runner, as futures and maps see it. */
  readonly #host: CallHost;

  /**
   * @param name The class, as errors say it.
   * @param title What consoles call it.
   * @param workers How many calls can run at once.
   * @internal
   */
  protected constructor(name: string, title: string, runner: CallRunner, workers: number) {
    super();
    this.#name = name;
    checkNotEvaluating("make an executor", isSlice);
    this.#title = title;
    this.#runner = runner;
    this.#host = {
      workers,
      start: (call, fn, args, wrapping = "none") => {
        // A worker that re-runs the program's main module must not run its work again.
        if (isSuppressed()) return;
        checkNotEvaluating("submit a call");
        if (server.isExiting()) {
          throw new RuntimeError("Cannot submit a call: the program is ending");
        }
        runner.submit(call, fn, args, wrapping);
      },
      cancel: (call) => runner.cancel(call),
      stop: (call, graceMs) => runner.stop?.(call, graceMs) ?? false,
      isRunning: (call) => runner.isRunning(call),
      checkBlocking: (call) => {
        if (isSuppressed()) {
          throw new CannotBlockError(
            "Cannot block for a result while a worker loads the main module again; guard the call with `if (isMainThread)`",
          );
        }
        runner.checkBlocking(call);
      },
    };
    setCallHost(this, this.#host);
  }

  /**
   * Runs `fn(...args)` in a worker. Returns at once.
   *
   * Python: `concurrent.futures.Executor.submit`
   *
   * Differs: an argument that cannot be copied rejects the future with a
   * `SendError` that names it.
   *
   * @param fn Takes along what it uses of its module: imports, and the declarations that it
   *   reaches. May use no variable of an enclosing function. If it is async, the future waits
   *   for its promise.
   * @param args Copied now: later changes are not seen by the call.
   * @throws {RuntimeError} The pool has been shut down.
   * @throws {BrokenExecutor} The pool is broken: an initializer threw, or workers die at once.
   * @throws {NotShippableError} A worker could not run `fn`; says why and what to do.
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
    return this.#submit(this.#host, fn, args, "none");
  }

  /**
   * The same executor, with options for the calls that are submitted by it. It shares the workers, and
   * to shut it down shuts them down.
   *
   * A call that runs longer than its `timeout`, or is not over by its `deadline`, fails with a
   * `TimeoutError` at once; one whose `signal` is aborted is cancelled. If it runs, it is asked to
   * stop, and after the `grace` its worker is ended, as by {@link Future.cancel}. Of `map`, each call has the options:
   * each chunk, where there is a `chunksize`.
   *
   * From the first `priority` on, the calls of this executor are begun in order: those that are more
   * urgent first. A call that has waited a second longer counts as if its priority were greater by one,
   * so none waits for ever. Workers get one call at a time then.
   *
   * Python: none
   *
   * @param options.timeout How long a call may run, in milliseconds, from when a worker begins it.
   * @param options.deadline When it must be over, as `Date.now()` says the time.
   * @param options.signal Cancels it once it is aborted, also while it runs.
   * @param options.grace How long it may take to stop, in milliseconds. Default: 1000.
   * @param options.priority Calls with a greater one are begun first. Default: 0.
   * @param options.name What `currentCall()`, errors and consoles call it.
   * @param options.transfer What is moved where it is among the arguments, as by `move`.
   * @param options.context The call sees the values of its variables.
   * @throws {TypeError} An option is unknown or of the wrong type.
   * @throws {RangeError} A time is negative, NaN or too long.
   *
   * @example
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
   * const brief = pool.with({ timeout: 50, grace: 0, name: "endless" });
   * const error = await brief.submit(() => { for (;;); }).exception();
   * console.log(String(error)); // TimeoutError: The call "endless" ran longer than its time limit of 50 ms
   * await pool.shutdown({ wait: false });
   * ```
   */
  with(options?: CallOptions): Executor {
    const checked = checkedCallOptions(options, `${this.#name}.with`);
    if (checked.wishes.priority !== undefined) this.#runner.order();
    return new ExecutorView(this, this.#host, checked, (host, fn, args) =>
      this.#submit(host, fn, args, "none"),
    );
  }

  #submit(
    host: CallHost,
    fn: AnyFunction,
    args: readonly unknown[],
    wrapping: Wrapping,
  ): Future<unknown> {
    checkedFunction(fn, `${this.#name}.submit: fn`);
    const future = new Future<unknown>();
    const isFuture = wrapping === "none";
    const call = new (isFuture ? FutureCall : ToThreadCall)(future, this.#host);
    try {
      host.start(call, fn, args, wrapping);
    } catch (error) {
      withUserFrames(error);
      if (!(error instanceof SendError)) throw error;
      future.setException(error);
    }
    return future;
  }

  /**
   * Ends the pool: no more work is taken, what was submitted is still done.
   *
   * Python: `concurrent.futures.Executor.shutdown`
   *
   * Differs: returns a promise; {@link PoolExecutor.shutdownSync} blocks. If a task is cancelled
   *   that waits for it, the wait ends, and the pool does as soon as its work is done.
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
  override shutdown(options?: ShutdownOptions): Waiting<void> {
    return waitingOn(() => this.#shutdown(options));
  }

  async #shutdown(options: ShutdownOptions | undefined): Promise<void> {
    const { wait = true } = this.#beginShutdown(options);
    if (isSuppressed()) return new Promise<never>(() => {});
    if (wait) await this.#runner.whenEnded();
  }

  /** The blocking twin of {@link PoolExecutor.shutdown}. Python: `concurrent.futures.Executor.shutdown` */
  override shutdownSync(options?: ShutdownOptions): void {
    const { wait = true } = this.#beginShutdown(options);
    if (!wait || isSuppressed() || this.#runner.isEnded) return;
    this.#host.checkBlocking();
    blockForCalls(() => this.#runner.isEnded, NEVER);
  }

  /** What the executor is doing, in words; consoles show it. Python: none */
  override toString(): string {
    const { refusal, workers, unsettled, queued } = this.#runner.state;
    const counts = `workers: ${workers} of ${this.#host.workers}, running: ${unsettled - queued}, queued: ${queued}`;
    return `${this.#title} { ${refusal && `${refusal}, `}${counts} }`;
  }

  #beginShutdown(options: ShutdownOptions | undefined): Partial<ShutdownOptions> {
    const own = checkedShutdown(options, this.#name);
    this.#runner.close();
    if (own.cancelFutures === true) this.#runner.cancelQueued();
    return own;
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

  override stopped(error: Error): void {
    settleAsStopped(this.#future, error);
  }

  override abort(): void {
    this.#future.cancel();
  }

  cancel(): boolean {
    return this.#host.cancel(this);
  }

  stop(graceMs: number): boolean {
    return this.#host.stop?.(this, graceMs) ?? false;
  }

  isRunning(): boolean {
    return this.#host.isRunning(this);
  }

  get name(): string | undefined {
    return this.wishes?.name;
  }

  checkBlocking(): void {
    this.#host.checkBlocking(this);
  }
}

/** One that `toThread` makes, which takes values of context variables along. */
class ToThreadCall extends FutureCall {
  override get giving(): Giving {
    return (fn, values) => `toThread(${fn}, ${values})`;
  }
}
