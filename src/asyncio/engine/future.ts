/**
 * The eventual result of an operation.
 *
 *   PENDING    → FINISHED    setResult
 *   PENDING    → FAILED      setException
 *   PENDING    → CANCELLED   cancel
 *
 * Nothing that waits for a future runs while it is being settled: it is put into
 * the loop's ready queue. What waits is either a callback or, directly, a task.
 *
 * A future is its own iterator, which needs no state: as long as it is pending,
 * `next` yields the future to the task that asks, and afterwards returns the result.
 * These methods are not in the type, since only `yield*` is to call them.
 */
import { CancelledError, InvalidStateError } from "../../errors.ts";
import type { Context } from "../../contextvars/context.ts";
import { contentsOf } from "../../contextvars/context.ts";
import { showAsText } from "../../base/text.ts";
import { checkedOptions } from "../../base/options.ts";
import type { Awaitable, Suspend } from "./coroutine-types.ts";
import { creationOf } from "./creation-sites.ts";
import { Call } from "./handle.ts";
import type { Loop } from "./loop.ts";
import { answerProbe, PROBE } from "./probe.ts";
import { iterationsOf, LoopCore } from "./loop-core.ts";
import type { Runnable } from "./runnable.ts";
import { getRunningLoop } from "./running-loop.ts";
import { thenOf } from "./thenable.ts";
import { unretrieved, type UnreadFailure } from "./unretrieved.ts";

const PENDING = "pending";
export const FINISHED = "finished";
export const FAILED = "failed";
export const CANCELLED = "cancelled";

type State = typeof PENDING | typeof FINISHED | typeof FAILED | typeof CANCELLED;

/** Stands for no error, since anything can be thrown. */
export const NO_ERROR: unique symbol = /* @__PURE__ */ Symbol("no error");

/** Whether it is a future of this copy of heddle. Not public. */
export let isFuture: (value: unknown) => value is Future<unknown>;
/** Whether it is pending, of any kind: what `done` denies. Not public. */
export let isPending: (future: Future<unknown>) => boolean;
/** Settles a pending future. Not public. */
export let settle: (future: Future<unknown>, state: State, value: unknown) => void;
/** Settles a pending future, and returns what waits for it, which must run now. Not public. */
export let settleAndTake: (
  future: Future<unknown>,
  state: State,
  value: unknown,
) => readonly Runnable[];
/** Makes a runnable ready as soon as the future is done. Not public. */
export let addWaiter: (future: Future<unknown>, waiter: Runnable) => void;
/** What waits for the future. Not public. */
export let waitersOf: (future: Future<unknown>) => readonly Runnable[];
/** The error of a future that is done, which counts as read by that, or NO_ERROR. Not public. */
export let takeError: (future: Future<unknown>) => unknown;

/** What a {@link Future} can be made with. Python: none */
export interface FutureOptions {
  /** The loop that calls what waits for it. Default: the running one. */
  readonly loop?: Loop | undefined;
}

/** What {@link Future.addDoneCallback} takes besides the callback. Python: none */
export interface CallbackOptions {
  /** What the callback is called in. Default: the current context. */
  readonly context?: Context | undefined;
}

/**
 * The eventual result of an operation that somebody else completes.
 *
 * Wait for it with `yield*` or `await`. It belongs to one loop. Other threads must
 * not touch it.
 *
 * Python: `asyncio.Future`
 * Differs: code outside of tasks can await it, too. An async function cannot return a future: the
 *   promise takes its result instead.
 *
 * @example
 * ```ts
 * import { Future, getRunningLoop, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const future = new Future<number>();
 *   getRunningLoop().callSoon(() => future.setResult(42));
 *   console.log(await future); // 42
 * });
 * ```
 */
export class Future<T> implements Awaitable<T> {
  readonly #loop: Loop;
  #state: State = PENDING;
  /** The result, the error, or what was given to cancel. */
  #value: unknown = undefined;
  /** What to make ready when it is done. Mostly there is just one. */
  #waiters: Runnable | Runnable[] | undefined = undefined;
  /** There while nobody has seen the error. */
  #unread: UnreadFailure | undefined = undefined;

  static {
    showAsText(this.prototype);
    isFuture = (value): value is Future<unknown> =>
      typeof value === "object" && value !== null && #state in value;
    isPending = (future) => future.#state === PENDING;
    settle = (future, state, value) => future.#settle(state, value);
    settleAndTake = (future, state, value) => {
      const waiters = waitersOf(future);
      future.#waiters = undefined;
      future.#state = state;
      future.#value = value;
      return waiters;
    };
    addWaiter = (future, waiter) => future.#addWaiter(waiter);
    waitersOf = (future) => {
      const waiters = future.#waiters;
      if (waiters === undefined) return [];
      return Array.isArray(waiters) ? waiters : [waiters];
    };
    takeError = (future) => future.#takeError();

    const { prototype } = this as unknown as { prototype: Record<string, unknown> };
    const iteration = {
      next(this: Future<unknown>, sent: unknown): IteratorResult<unknown, unknown> {
        if (sent === PROBE) answerProbe();
        else if (this.#state !== PENDING) return { done: true, value: this.result() };
        return { done: false, value: this };
      },
      throw(error: unknown): never {
        throw error;
      },
      return: (value: unknown): IteratorResult<unknown, unknown> => ({ done: true, value }),
    };
    for (const [name, value] of Object.entries(iteration))
      Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  }

  /**
   * Makes a pending future.
   *
   * Python: `asyncio.Future`
   *
   * @throws {RuntimeError} No loop was given, and there is no running one.
   */
  constructor(options?: FutureOptions) {
    // heddle's own code gives the loop itself: an object less for each future and task.
    this.#loop = options instanceof LoopCore ? (options as Loop) : chosenLoop(options);
  }

  /** The loop it belongs to. Python: `asyncio.Future.get_loop` */
  getLoop(): Loop {
    return this.#loop;
  }

  /** Whether it has a result or an error, or was cancelled. Python: `asyncio.Future.done` */
  done(): boolean {
    return this.#state !== PENDING;
  }

  /** Whether it was cancelled. Python: `asyncio.Future.cancelled` */
  cancelled(): boolean {
    return this.#state === CANCELLED;
  }

  /**
   * Returns the result, or throws the error. Never waits.
   *
   * Python: `asyncio.Future.result`
   *
   * @throws {InvalidStateError} It is not done.
   * @throws {CancelledError} It was cancelled.
   * @throws What was set as its exception.
   */
  result(): T {
    if (this.#state === FINISHED) return this.#value as T;
    this.#checkDone("result");
    // oxlint-disable-next-line typescript/only-throw-error -- whatever was set
    throw this.#takeError();
  }

  /**
   * Returns the error, or undefined if there is none. Never waits.
   *
   * Python: `asyncio.Future.exception`
   *
   * @throws {InvalidStateError} It is not done.
   * @throws {CancelledError} It was cancelled.
   */
  exception(): unknown {
    if (this.#state === FINISHED) return undefined;
    this.#checkDone("exception");
    const error = this.#takeError();
    if (this.#state === CANCELLED) throw error as CancelledError;
    return error;
  }

  /**
   * Cancels it, if it is not done. What waits for it gets a {@link CancelledError}.
   *
   * Python: `asyncio.Future.cancel`
   *
   * @param message What the error is to say.
   * @returns Whether it was not done.
   */
  cancel(message?: unknown): boolean {
    if (this.#state !== PENDING) return false;
    this.#settle(CANCELLED, message);
    return true;
  }

  /**
   * Completes it with a result.
   *
   * Python: `asyncio.Future.set_result`
   *
   * @throws {InvalidStateError} It is done.
   */
  setResult(result: T): void {
    if (this.#state !== PENDING) throw this.#alreadyDone("result");
    this.#settle(FINISHED, result);
  }

  /**
   * Completes it with an error, or with one made of the class given.
   *
   * Python: `asyncio.Future.set_exception`
   *
   * Differs: no rule for StopIteration, which JavaScript does not have.
   *
   * @throws {InvalidStateError} It is done.
   */
  setException(exception: unknown): void {
    if (this.#state !== PENDING) throw this.#alreadyDone("exception");
    this.#settle(FAILED, isErrorClass(exception) ? new exception() : exception);
  }

  /**
   * Has a function called with the future, in the next iteration of the loop after it is done.
   *
   * Functions are called in the order in which they were added.
   *
   * Python: `asyncio.Future.add_done_callback`
   *
   * @param options.context What it is called in. Default: the current context.
   *
   * @example
   * ```ts
   * import { createTask, run, sleep } from "heddle/asyncio";
   *
   * await run(async () => {
   *   const task = createTask(() => sleep(1, "slept"));
   *   task.addDoneCallback((done) => console.log(done.result())); // slept
   *   await task;
   *   await sleep(0);
   * });
   * ```
   */
  addDoneCallback(callback: (future: this) => unknown, options?: CallbackOptions): void {
    if (typeof callback !== "function") {
      throw new TypeError(
        `Cannot add a done callback: expected a function, not ${typeof callback}`,
      );
    }
    const { context } = checkedOptions(options, ["context"], "Future.addDoneCallback");
    const contents = context === undefined ? undefined : contentsOf(context);
    this.#addWaiter(new Call(this.#loop, callback, [this], contents));
  }

  /**
   * Has a function not be called that {@link Future.addDoneCallback} was given.
   *
   * Python: `asyncio.Future.remove_done_callback`
   *
   * @returns How many times it had been added.
   */
  removeDoneCallback(callback: (future: this) => unknown): number {
    const before = waitersOf(this);
    const kept = before.filter(
      (waiter) => !(waiter instanceof Call && waiter.callback === callback),
    );
    this.#waiters = kept.length === 0 ? undefined : kept;
    return before.length - kept.length;
  }

  /** Waits, as `yield*` does. Python: `asyncio.Future.__await__` */
  [Symbol.iterator](): Iterator<Suspend, T, unknown> {
    return this as unknown as Iterator<Suspend, T, unknown>;
  }

  /**
   * Waits, as `await` does. Returns a promise for what the function that is called returns.
   *
   * Python: `asyncio.Future.__await__`
   */
  // oxlint-disable-next-line unicorn/no-thenable -- futures can be awaited
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    // oxlint-disable-next-line typescript/no-explicit-any -- as in PromiseLike
    onRejected?: ((reason: any) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return thenOf(this, onFulfilled, onRejected, callWhenDone);
  }

  /** The future's state in words: `<Future finished result=42>`. Python: `asyncio.Future.__repr__` */
  toString(): string {
    return `<${this[Symbol.toStringTag]} ${describeState(this.#state, this.#value)}>`;
  }

  get [Symbol.toStringTag](): string {
    return "Future";
  }

  #settle(state: State, value: unknown): void {
    this.#state = state;
    this.#value = value;
    const waiters = this.#waiters;
    if (state === FAILED && !isReadByWaiter(waiters)) this.#noteFailure(value);
    if (waiters === undefined) return;
    this.#waiters = undefined;
    if (Array.isArray(waiters)) for (const waiter of waiters) iterationsOf(this.#loop).push(waiter);
    else iterationsOf(this.#loop).push(waiters);
  }

  #noteFailure(error: unknown): void {
    const what = this[Symbol.toStringTag];
    this.#unread = { loop: this.#loop, error, what, madeAt: creationOf(this) };
    unretrieved.add(this, this.#unread);
  }

  #addWaiter(waiter: Runnable): void {
    const waiters = this.#waiters;
    if (this.#state !== PENDING) iterationsOf(this.#loop).push(waiter);
    else if (waiters === undefined) this.#waiters = waiter;
    else if (Array.isArray(waiters)) waiters.push(waiter);
    else this.#waiters = [waiters, waiter];
  }

  #takeError(): unknown {
    if (this.#state === FINISHED) return NO_ERROR;
    if (this.#state === FAILED) {
      if (this.#unread !== undefined) unretrieved.markRead(this.#unread);
      this.#unread = undefined;
      return this.#value;
    }
    // The error that ended a task is thrown as it is to the first who asks, with its stack.
    const value = this.#value;
    if (!(value instanceof CancelledError)) return new CancelledError(value);
    this.#value = value.msg;
    return value;
  }

  #checkDone(what: string): void {
    if (this.#state !== PENDING) return;
    throw new InvalidStateError(
      `Cannot read the ${what}: the future is not done; wait for it first`,
    );
  }

  #alreadyDone(what: string): InvalidStateError {
    return new InvalidStateError(`Cannot set the ${what}: the future is ${this.#state} already`);
  }
}

/** A pending future of a loop, for heddle's own code. */
export function futureOn<T>(loop: Loop): Future<T> {
  return new Future<T>(loop as FutureOptions);
}

function chosenLoop(options: FutureOptions | undefined): Loop {
  const { loop } = checkedOptions(options, ["loop"], "new Future()");
  if (loop === undefined) return getRunningLoop();
  if (!(loop instanceof LoopCore)) throw new TypeError('new Future(): "loop" must be a Loop');
  return loop;
}

/** What `then` does where the caller is in no task. */
export function callWhenDone<T>(
  future: Future<T>,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): void {
  const settlePromise = (): void => {
    const error = takeError(future);
    if (error === NO_ERROR) resolve(future.result());
    else reject(error);
  };
  if (future.done()) settlePromise();
  else addWaiter(future, new Call(future.getLoop(), settlePromise, []));
}

/** Whether a task waits, which is going to get the error. What callbacks do is not known. */
function isReadByWaiter(waiters: Runnable | readonly Runnable[] | undefined): boolean {
  if (waiters === undefined) return false;
  if (Array.isArray(waiters)) return waiters.some((waiter) => !(waiter instanceof Call));
  return !(waiters instanceof Call);
}

function isErrorClass(value: unknown): value is new () => unknown {
  return typeof value === "function" && (value === Error || value.prototype instanceof Error);
}

function describeState(state: State, value: unknown): string {
  if (state === FINISHED) return `finished result=${inWords(value)}`;
  if (state === FAILED) return `finished exception=${inWords(value)}`;
  return state;
}

function inWords(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return value.name || "function";
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}(${JSON.stringify(value.message)})`;
  return value.constructor?.name ?? "object";
}
