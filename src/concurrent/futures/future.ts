/**
 * The eventual result of a call.
 *
 *   PENDING                 not started
 *   RUNNING                 a worker has it
 *   CANCELLED               cancelled, and its executor does not know yet
 *   CANCELLED_AND_NOTIFIED  cancelled for good
 *   FINISHED                has a result or an exception
 *
 *   PENDING → RUNNING                   setRunningOrNotifyCancel
 *   PENDING → CANCELLED                 cancel
 *   PENDING → CANCELLED_AND_NOTIFIED    a pool, once the call that was asked to stop has stopped
 *   CANCELLED → CANCELLED_AND_NOTIFIED  setRunningOrNotifyCancel
 *   PENDING, RUNNING → FINISHED         setResult, setException
 *
 * A pool's future stays PENDING while a worker runs it: that it runs is looked
 * up when asked, since telling the owner of every start would cost a message.
 */
import { checkedIterable, checkedFunction } from "../../base/functions.ts";
import { blockForCalls } from "../../waiting/blocking-wait.ts";
import { showAsText, typeName } from "../../base/text.ts";
import { addCatchAndFinally, type Catch, type Finally } from "../../base/catch-finally.ts";
import {
  CancelledError,
  CannotBlockError,
  InvalidStateError,
  RuntimeError,
  TimeoutError,
} from "../../errors.ts";
import { deadlineAfter, NEVER } from "../../memory/deadline.ts";
import { agentPump } from "../../waiting/pump.ts";
import {
  iteratorFor,
  taskWaitFor,
  type Waiting,
  waiting,
  withTaskSignal,
} from "../../waiting/task-waits.ts";
import type { SyncWaitOptions, WaitOptions } from "../../waiting/wait-options.ts";
import { type CancelOptions, checkedGrace } from "./cancel-options.ts";
import { withDeadline } from "./wait-options.ts";
import { isNativeReaction } from "../../base/functions.ts";
import { checkedOptions } from "../../base/options.ts";
import { asCallback, CallerContext, needsCallerContext } from "../../contextvars/caller-context.ts";
import { rejectAt } from "../../wire/stack.ts";
import { exceptionFrom } from "../../base/thrown.ts";
import { Failure } from "../../calls/outcome.ts";
import { reportError, unreadFailures } from "./reports.ts";

const PENDING = "pending";
const RUNNING = "running";
const CANCELLED = "cancelled";
const CANCELLED_AND_NOTIFIED = "cancelledAndNotified";
const FINISHED = "finished";

type State =
  | typeof PENDING
  | typeof RUNNING
  | typeof CANCELLED
  | typeof CANCELLED_AND_NOTIFIED
  | typeof FINISHED;

/** What a future asks of the executor that made it. */
export interface FutureOrigin {
  /** Takes the call back if it has not started; says whether it was in time. */
  cancel(): boolean;
  /** Asks the call, which has started, to stop, and ends it after the grace; false if it is over. Absent where it cannot be asked. */
  stop?(graceMs: number): boolean;
  isRunning(): boolean;
  /** What the program calls the call. */
  readonly name?: string | undefined;
  /** @throws {Error} The caller must not block for this future, and why. */
  checkBlocking(): void;
}

/** Gives a new future to the executor that will settle it. Not public. */
export let bindFuture: (future: Future<unknown>, origin: FutureOrigin) => void;
/** Calls back once the future is finished or cancelled for good. Not public. */
export let onSettled: (future: Future<unknown>, listener: () => void) => void;
/** Cancels a future whose call has been stopped while it ran, as the error says. Not public. */
export let settleAsStopped: (future: Future<unknown>, error: Error) => void;
/** Whether the future is finished or cancelled for good. Not public. */
export let isSettled: (future: Future<unknown>) => boolean;
/** The result of a future that is done; throws what the call threw. */
let takeOutcome: (future: Future<unknown>) => unknown;
/** Whether the future has ended in an exception. Not public. */
export let hasFailed: (future: Future<unknown>) => boolean;

/**
 * Checks that the calling thread may block until these futures are done. Not public.
 *
 * @throws {Error} It may not, or nothing could settle them meanwhile; says why.
 */
export let checkBlockingFor: (futures: Iterable<Future<unknown>>, deadlineMs: number) => void;

/**
 * The eventual result of a call that an executor runs.
 *
 * Await it, or ask for its {@link Future.result}. Executors make futures; make
 * one yourself only to write an executor or a test.
 *
 * Python: `concurrent.futures.Future`
 * Differs: can be awaited; methods that may wait return promises and have a blocking twin that
 *   ends in `Sync`; an exception that the program never reads is reported on standard error.
 *
 * @example
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * const future = pool.submit((a: number, b: number) => a + b, 2, 3);
 * console.log(await future); // 5
 * await pool.shutdown();
 * ```
 */
export class Future<T> implements PromiseLike<T> {
  #state: State = PENDING;
  /** What the call returned, or a {@link Failure}; valid once finished. How it was stopped, if it was. */
  #outcome: unknown;
  /** Called, in order, once the future is done. Mostly there is just one. */
  #callbacks: Callback | Callback[] | undefined;
  /** Called once it is finished or cancelled for good. */
  #settledListeners: (() => void)[] | undefined;
  #origin: FutureOrigin | undefined;

  static {
    showAsText(this.prototype);
    addCatchAndFinally(this.prototype);
    bindFuture = (future, origin) => {
      future.#origin = origin;
    };
    settleAsStopped = (future, error) => {
      future.#outcome = error;
      future.#state = CANCELLED_AND_NOTIFIED;
      future.#announce();
    };
    takeOutcome = (future) => future.#take();
    isSettled = (future) => future.#state === FINISHED || future.#state === CANCELLED_AND_NOTIFIED;
    hasFailed = (future) => future.#outcome instanceof Failure;
    checkBlockingFor = (futures, deadlineMs) => {
      let hasOrigin = false;
      for (const future of futures) {
        if (future.#origin === undefined || future.done()) continue;
        hasOrigin = true;
        future.#origin.checkBlocking();
      }
      if (deadlineMs === NEVER && !hasOrigin && !agentPump().hasWorkInFlight) {
        throw new CannotBlockError(
          "Cannot block for the result: only this thread could set it, and it would be blocked",
        );
      }
    };
    onSettled = (future, listener) => {
      if (isSettled(future)) listener();
      else (future.#settledListeners ??= []).push(listener);
    };
  }

  /**
   * Cancels the call if it has not started; and, if so asked, stops it while it runs. Never waits.
   *
   * With `running: true`, a call that runs is asked to stop: `cancelRequested()` is true in it
   * from now on, and `currentCall().signal` is aborted. What the call then returns or throws within
   * the grace is its outcome, as with a task of asyncio; if it throws the `CancelledError` of
   * `throwIfCancelled()` or of that signal, the future is cancelled. After the grace its worker is
   * ended (a thread is terminated, a process gets SIGTERM and, a second later, SIGKILL), the
   * future is cancelled, and another worker takes the place of that one. On Deno a thread that
   * does not let its event loop turn cannot be ended: it is abandoned, as the error says.
   *
   * Python: `concurrent.futures.Future.cancel`
   *
   * Differs: Python stops no call that runs, and has no options here.
   *
   * @param options.running Whether to stop the call also while it runs. Default: false.
   * @param options.grace How long it may take to stop, in milliseconds. Default: 1000. 0 ends its
   *   worker at once, Infinity never. Of several requests, the one that ends first counts.
   * @returns Whether the future is cancelled now or, with `running`, the call has been asked to
   *   stop; false when it is over, or runs and cannot be asked.
   * @throws {TypeError} An option is unknown or of the wrong type; or there is a `grace` without `running`.
   * @throws {RangeError} `grace` is negative, NaN, or above 2³¹ − 1 and not Infinity.
   *
   * @example
   * ```ts
   * import { Future } from "heddle/concurrent/futures";
   *
   * const future = new Future<number>();
   * console.log(future.cancel(), future.cancelled()); // true true
   * ```
   *
   * @example Stop a loop
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
   * const endless = pool.submit(() => { for (;;); });
   * while (!endless.running()) await new Promise((resolve) => setTimeout(resolve, 1));
   * console.log(endless.cancel(), endless.cancel({ running: true, grace: 0 })); // false true
   * await endless.catch((error: Error) => console.log(error.name)); // CancelledError
   * console.log(await pool.submit(() => "served")); // served
   * await pool.shutdown({ wait: false });
   * ```
   */
  cancel(options?: CancelOptions): boolean {
    const graceMs = options === undefined ? undefined : checkedGrace(options);
    if (this.#isCancelled()) return true;
    if (this.#state !== PENDING) return false;
    if (this.#origin === undefined) {
      this.#state = CANCELLED;
    } else {
      if (!this.#origin.cancel())
        return graceMs !== undefined && (this.#origin.stop?.(graceMs) ?? false);
      this.#state = CANCELLED_AND_NOTIFIED;
    }
    this.#announce();
    return true;
  }

  /** Whether the call was cancelled. Never waits. Python: `concurrent.futures.Future.cancelled` */
  cancelled(): boolean {
    return this.#isCancelled();
  }

  /** Whether a worker is running the call right now. Never waits. Python: `concurrent.futures.Future.running` */
  running(): boolean {
    if (this.#state === RUNNING) return true;
    return this.#state === PENDING && (this.#origin?.isRunning() ?? false);
  }

  /** Whether the call is over: finished, failed or cancelled. Never waits. Python: `concurrent.futures.Future.done` */
  done(): boolean {
    return this.#state === FINISHED || this.#isCancelled();
  }

  /**
   * Resolves with what the call returned, or rejects with what it threw.
   *
   * Python: `concurrent.futures.Future.result`
   *
   * Differs: returns a promise; {@link Future.resultSync} blocks.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait, not the call, with the signal's reason.
   * @throws {TimeoutError} The call was not over in time. It goes on.
   * @throws {CancelledError} The call was cancelled.
   * @throws {RangeError} `timeout` is negative, NaN or above 2³¹ − 1.
   *
   * @example
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor();
   * console.log(await pool.submit(Math.max.length === 2 ? () => 7 : () => 8).result({ timeout: 30_000 })); // 7
   * await pool.shutdown();
   * ```
   */
  result(options?: WaitOptions): Waiting<T> {
    return waiting((signal) => this.#wait(withTaskSignal(options, signal), "Future.result"), {
      deliver: () => this.#take(),
      giveBack: STAYS_UNREAD,
    });
  }

  /**
   * Returns what the call returned, or throws what it threw, blocking the calling thread until then.
   *
   * Python: `concurrent.futures.Future.result`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @throws {TimeoutError} The call was not over in time. It goes on.
   * @throws {CancelledError} The call was cancelled.
   * @throws {CannotBlockError} Blocking is not possible here, or nothing could ever settle the future.
   *
   * @example
   * ```ts
   * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
   *
   * const pool = new ThreadPoolExecutor();
   * console.log(pool.submit((n: number) => n ** 2, 12).resultSync()); // 144
   * pool.shutdownSync();
   * ```
   */
  resultSync(options?: { readonly timeout?: number | undefined }): T {
    this.#block(options, "Future.resultSync");
    return this.#take();
  }

  /**
   * Resolves with what the call threw, or undefined when it threw nothing.
   *
   * Python: `concurrent.futures.Future.exception`
   *
   * Differs: for `undefined` or `null` that was thrown, there is a {@link RuntimeError}.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait, not the call, with the signal's reason.
   * @throws {TimeoutError} The call was not over in time.
   * @throws {CancelledError} The call was cancelled.
   *
   * @example
   * ```ts
   * import { Future } from "heddle/concurrent/futures";
   *
   * const future = new Future<number>();
   * future.setException(new RangeError("too far"));
   * console.log(String(await future.exception())); // RangeError: too far
   * ```
   */
  exception(options?: WaitOptions): Waiting<unknown> {
    return waiting((signal) => this.#wait(withTaskSignal(options, signal), "Future.exception"), {
      deliver: () => this.#takeError(),
      giveBack: STAYS_UNREAD,
    });
  }

  /** The blocking twin of {@link Future.exception}. `options.timeout` is in milliseconds. Python: `concurrent.futures.Future.exception` */
  exceptionSync(options?: { readonly timeout?: number | undefined }): unknown {
    this.#block(options, "Future.exceptionSync");
    return this.#takeError();
  }

  /**
   * Calls `callback` with this future once it is done; at once if it is done already.
   *
   * Callbacks run in the order they were added, in the thread that has the
   * future, with what the caller has in `AsyncLocalStorage` and in a copy of its context
   * variables. What one throws is printed and does not disturb others.
   *
   * Python: `concurrent.futures.Future.add_done_callback`
   *
   * @example
   * ```ts
   * import { Future } from "heddle/concurrent/futures";
   *
   * const future = new Future<number>();
   * future.addDoneCallback((done) => console.log(String(done))); // <Future finished, returned number>
   * future.setResult(1);
   * ```
   */
  addDoneCallback(callback: (future: Future<T>) => void): void {
    this.#whenDone(asCallback(checkedFunction(callback, "Future.addDoneCallback: callback")));
  }

  #whenDone(callback: Callback): void {
    if (this.done()) this.#call(callback);
    else this.#addCallback(callback);
  }

  /**
   * For executors: announces that the call is about to run.
   *
   * Python: `concurrent.futures.Future.set_running_or_notify_cancel`
   *
   * @returns False when the future was cancelled, and the call must not run.
   * @throws {RuntimeError} The future was running or finished.
   */
  setRunningOrNotifyCancel(): boolean {
    if (this.#state === CANCELLED) {
      this.#state = CANCELLED_AND_NOTIFIED;
      this.#notifySettled();
      return false;
    }
    if (this.#state !== PENDING) {
      throw new RuntimeError(`Cannot start the call of ${String(this)}: it is not pending`);
    }
    this.#state = RUNNING;
    return true;
  }

  /**
   * For executors: finishes the future with what the call returned.
   *
   * Python: `concurrent.futures.Future.set_result`
   *
   * @throws {InvalidStateError} The future is done already.
   */
  setResult(value: T): void {
    this.#checkUnfinished("set the result");
    this.#outcome = value;
    this.#state = FINISHED;
    this.#announce();
  }

  /**
   * For executors: finishes the future with what the call threw.
   *
   * Python: `concurrent.futures.Future.set_exception`
   *
   * @throws {InvalidStateError} The future is done already.
   */
  setException(error: unknown): void {
    this.#checkUnfinished("set the exception");
    const failure = new Failure(error);
    // One that is cancelled, as by the end of its pool, has not failed.
    if (!(error instanceof CancelledError)) unreadFailures.add(this, failure);
    this.#outcome = failure;
    this.#state = FINISHED;
    this.#announce();
  }

  /** Lets the future be awaited: `await future` is `await future.result()`. Python: none */
  // oxlint-disable-next-line unicorn/no-thenable -- a future is meant to be awaited
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const taskWait = taskWaitFor(this);
    if (taskWait !== undefined) return taskWait.then(onFulfilled, onRejected);
    if (isNativeReaction(onFulfilled) && isNativeReaction(onRejected)) {
      // An await, which restores its context itself, and does not look at what is returned.
      this.#react(new Reaction(onFulfilled as never, onRejected as never));
      return undefined as never;
    }
    // A promise calls back in its caller's async scope, which costs less than to capture one.
    const promise = new Promise<T>((resolve, reject) => this.#react(new Reaction(resolve, reject)));
    if (!needsCallerContext()) return promise.then(onFulfilled, onRejected);
    const context = new CallerContext();
    return promise.then(context.bound(onFulfilled), context.bound(onRejected));
  }

  #react(reaction: Reaction): void {
    if (this.done()) reaction.run(this);
    else this.#addCallback(reaction);
  }

  /** As a promise's `catch`: calls back with what the call threw, or with why it did not end. Python: none */
  declare readonly catch: Catch<T>;

  /** As a promise's `finally`: calls back once the call is over. Python: none */
  declare readonly finally: Finally<T>;

  /**
   * Lets an asyncio task wait for the future by `yield*`. A task that is cancelled
   * meanwhile cancels the call, if it has not started.
   *
   * Python: none
   */
  [Symbol.iterator](): Iterator<never, T, unknown> {
    return iteratorFor(this);
  }

  /** The future's state in words. Python: `concurrent.futures.Future.__repr__` */
  toString(): string {
    const name = this.#origin?.name;
    return `<Future ${name === undefined ? "" : `"${name}" `}${this.#describe()}>`;
  }

  get [Symbol.toStringTag](): string {
    return "Future";
  }

  #isCancelled(): boolean {
    return this.#state === CANCELLED || this.#state === CANCELLED_AND_NOTIFIED;
  }

  #describe(): string {
    if (this.#isCancelled()) return "cancelled";
    if (this.#state !== FINISHED) return this.running() ? "running" : "pending";
    const outcome = this.#outcome;
    return outcome instanceof Failure
      ? `finished, raised ${typeName(outcome.error)}`
      : `finished, returned ${typeName(outcome)}`;
  }

  #checkUnfinished(attempt: string): void {
    if (this.#state !== PENDING && this.#state !== RUNNING) {
      throw new InvalidStateError(
        `Cannot ${attempt} of ${String(this)}: it is ${this.#describe()}`,
      );
    }
  }

  /** The outcome of the call; the future is done. */
  #take(): T {
    if (this.#isCancelled()) throw this.#cancellation();
    const outcome = this.#outcome;
    if (outcome instanceof Failure) throw readError(outcome);
    return outcome as T;
  }

  #cancellation(): unknown {
    return this.#outcome ?? new CancelledError("The call was cancelled");
  }

  #takeError(): unknown {
    if (this.#isCancelled()) throw this.#cancellation();
    return this.#outcome instanceof Failure ? exceptionFrom(readError(this.#outcome)) : undefined;
  }

  async #wait(options: WaitOptions | undefined, of: string): Promise<void> {
    await withDeadline<void>(options, { of, what: "the result" }, (resolve) => {
      const listener = (): void => resolve();
      this.#whenDone(listener);
      return () => this.#removeCallback(listener);
    });
  }

  #addCallback(callback: Callback): void {
    const present = this.#callbacks;
    if (present === undefined) this.#callbacks = callback;
    else if (Array.isArray(present)) present.push(callback);
    else this.#callbacks = [present, callback];
  }

  #removeCallback(callback: Callback): void {
    const present = this.#callbacks;
    if (present === callback) this.#callbacks = undefined;
    else if (Array.isArray(present))
      this.#callbacks = present.filter((other) => other !== callback);
  }

  #block(options: SyncWaitOptions | undefined, of: string): void {
    const { timeout } = checkedOptions(options, ["timeout"], of);
    const deadlineMs = deadlineAfter(timeout, of);
    if (this.done()) return;
    checkBlockingFor([this], deadlineMs);
    if (!blockForCalls(() => this.done(), deadlineMs)) {
      throw new TimeoutError(`Timed out after ${timeout} ms waiting for the result`);
    }
  }

  #announce(): void {
    const callbacks = this.#callbacks;
    this.#callbacks = undefined;
    if (Array.isArray(callbacks)) for (const callback of callbacks) this.#call(callback);
    else if (callbacks !== undefined) this.#call(callbacks);
    if (this.#state !== CANCELLED) this.#notifySettled();
  }

  #notifySettled(): void {
    const listeners = this.#settledListeners;
    this.#settledListeners = undefined;
    if (listeners !== undefined) for (const listener of listeners) listener();
  }

  #call(callback: Callback): void {
    if (callback instanceof Reaction) return callback.run(this);
    try {
      (callback as (future: Future<T>) => void)(this);
    } catch (error) {
      reportError(`Exception calling callback for ${String(this)}`, error);
    }
  }
}

/** A user's done callback, or a promise. */
type Callback = ((future: never) => void) | Reaction;

/** A promise that is settled as the future is. */
class Reaction {
  readonly #resolve: (value: never) => void;
  readonly #reject: (error: unknown) => void;

  constructor(resolve: (value: never) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  run(future: Future<unknown>): void {
    let outcome: unknown;
    try {
      outcome = takeOutcome(future);
    } catch (error) {
      rejectAt(error, this.#resolve, this.#reject);
      return;
    }
    this.#resolve(outcome as never);
  }
}

/**
 * The futures as a set. Not public.
 *
 * @throws {TypeError} One of them is not a future of this copy of heddle.
 */
export function checkedFutures<F extends Future<unknown>>(futures: Iterable<F>): Set<F> {
  const all = new Set(checkedIterable(futures, "wait: futures"));
  for (const future of all) {
    if (future instanceof Future) continue;
    const given: unknown = future;
    const hint =
      Object.prototype.toString.call(given) === "[object Future]"
        ? " of another copy of heddle"
        : "";
    throw new TypeError(`wait: every element must be a Future, got ${typeName(given)}${hint}`);
  }
  return all;
}

/** Of a wait that is cancelled: the outcome is there for the next that asks, and a failure is not read. */
const STAYS_UNREAD = (): boolean => true;

/** The error; from now on the program has learned of it. */
function readError(failure: Failure): unknown {
  unreadFailures.markRead(failure);
  return failure.error;
}
