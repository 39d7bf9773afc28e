/**
 * What a future consists of, for the engine: the record behind a `Future`.
 *
 *   PENDING    → FINISHED    a result
 *   PENDING    → FAILED      an error
 *   PENDING    → CANCELLED   cancel
 *
 * Nothing that waits for a future runs while it is being settled: it is put into
 * the loop's ready queue. What waits is either a callback or, directly, a task.
 *
 * Users hold a `Future`, the face of such a record. The waits that heddle's own
 * operations make have none: a task waits for the record itself, which costs one object
 * less. A core is its own iterator, which needs no state: as long as it is pending,
 * `next` yields the core to the task that asks, and afterwards returns the result.
 */
import { isObject } from "../../base/options.ts";
import { kindOf, nameOf } from "../../base/text.ts";
import { exceptionFrom } from "../../base/thrown.ts";
import { currentTaskObject } from "../../contextvars/contents.ts";
import { CancelledError, InvalidStateError, RuntimeError } from "../../errors.ts";
import type { FutureFace, Runnable, Suspend } from "../events.ts";
import { freshError, withUserFrames } from "../../wire/stack.ts";
import { creationOf } from "./debug.ts";
import { Call, sessionOfCallback } from "./handle.ts";
import type { LoopCore } from "./loop-core.ts";
import { answerProbe, PROBE } from "./probe.ts";
import { NO_ERROR, thrownInto } from "./step.ts";
import { unretrieved, type UnreadFailure } from "./unretrieved.ts";

export const PENDING = "pending";
export const FINISHED = "finished";
export const FAILED = "failed";
export const CANCELLED = "cancelled";

const READ = 1;
const READ_AGAIN = 2;

export type State = typeof PENDING | typeof FINISHED | typeof FAILED | typeof CANCELLED;

/**
 * Its fields are declared and then assigned by the constructor, as are those of tasks: where
 * a class defines its fields, JavaScriptCore calls a function for that, and making a future
 * takes a third longer.
 */
export class FutureCore<T = unknown> implements Iterator<Suspend, T, unknown> {
  declare readonly loop: LoopCore;
  declare state: State;
  /** The result, the error, or what was given to cancel. */
  declare value: unknown;
  /** What to make ready when it is done. Mostly there is just one. */
  declare waiters: Runnable | Runnable[] | undefined;
  /** There while nobody has seen the error; then whether one has asked for it, or several. */
  declare unread: UnreadFailure | typeof READ | typeof READ_AGAIN | undefined;
  /** What users have of it, if they have it at all. */
  declare face: FutureFace | undefined;

  constructor(loop: LoopCore) {
    this.loop = loop;
    this.state = PENDING;
    this.value = this.waiters = this.unread = this.face = undefined;
  }

  /** An await of it runs no code of the user's. */
  get isOwnOperation(): true {
    return true;
  }

  get isPending(): boolean {
    return this.state === PENDING;
  }

  get isCancelled(): boolean {
    return this.state === CANCELLED;
  }

  /** Ends the wait of everything that waits for it. It must be pending. */
  settle(state: State, value: unknown): void {
    this.state = state;
    this.value = value;
    const { waiters } = this;
    if (state === FAILED && !this.allWaiters().some(mayReadError)) noteUnread(this);
    if (waiters === undefined) return;
    this.waiters = undefined;
    const { iterations } = this.loop;
    if (Array.isArray(waiters)) for (const waiter of waiters) iterations.push(waiter);
    else iterations.push(waiters);
  }

  /** Does nothing if it is done: for callbacks that may come late. */
  settleOnce(state: State, value: unknown): void {
    if (this.state === PENDING) this.settle(state, value);
  }

  /** Makes a runnable ready as soon as it is done. */
  addWaiter(waiter: Runnable): void {
    const { waiters } = this;
    if (this.state !== PENDING) this.loop.iterations.push(waiter);
    else if (waiters === undefined) this.waiters = waiter;
    else if (Array.isArray(waiters)) waiters.push(waiter);
    else this.waiters = [waiters, waiter];
  }

  /** What waits for it. */
  allWaiters(): readonly Runnable[] {
    const { waiters } = this;
    if (waiters === undefined) return [];
    return Array.isArray(waiters) ? waiters : [waiters];
  }

  /** Prevents that a callback runs; returns how many times it had been added. */
  removeCallback(callback: unknown): number {
    const before = this.allWaiters();
    const kept = before.filter(
      (waiter) => !(waiter instanceof Call && waiter.callback === callback),
    );
    this.waiters = kept.length === 0 ? undefined : kept;
    return before.length - kept.length;
  }

  /** Cancels it, if it is not done; says whether it was not. */
  cancel(message?: unknown): boolean {
    if (this.state !== PENDING) return false;
    this.settle(CANCELLED, message);
    return true;
  }

  /** Cancels it as a user would: a class of the user's may have another idea of that. */
  requestCancel(message?: unknown): boolean {
    const { face } = this;
    return face === undefined ? this.cancel(message) : face.cancel(message);
  }

  /**
   * Returns the result, or throws the error.
   *
   * @throws {InvalidStateError} It is not done.
   */
  result(): T {
    if (this.state === FINISHED) return this.value as T;
    this.#checkDone("result");
    throw withUserFrames(this.takeError()) as Error;
  }

  /** What was cancelled, as an error says it that was given no other text. */
  get subject(): string {
    return "The future";
  }

  /**
   * The error of a future that is done, which counts as read by that, or {@link NO_ERROR}.
   *
   * @param subject What was cancelled, if it was. Default: the future.
   */
  takeError(subject?: string): unknown {
    if (this.state === FINISHED) return NO_ERROR;
    if (this.state === FAILED) {
      const { unread } = this;
      if (typeof unread === "object") unretrieved.markRead(unread);
      this.unread = unread === READ || unread === READ_AGAIN ? READ_AGAIN : READ;
      return this.value;
    }
    // The error that ended a task is thrown as it is to the first that asks, with its stack.
    const { value } = this;
    if (!(value instanceof CancelledError)) return cancelledError(value, subject ?? this.subject);
    this.value = value.msg;
    return value;
  }

  /**
   * Returns the error, or undefined if there is none.
   *
   * @throws {InvalidStateError} It is not done.
   * @throws {CancelledError} It was cancelled.
   */
  exception(): unknown {
    this.#checkDone("exception");
    const error = this.takeError();
    if (this.state === CANCELLED) throw withUserFrames(error) as CancelledError;
    return error === NO_ERROR ? undefined : exceptionFrom(error);
  }

  #checkDone(what: string): void {
    if (this.state !== PENDING) return;
    throw new InvalidStateError(`Cannot read the ${what}: the future is not done`);
  }

  /** @throws {InvalidStateError} It is done already. */
  checkPending(what: string): void {
    if (this.state === PENDING) return;
    throw new InvalidStateError(`Cannot set the ${what}: the future is already ${this.state}`);
  }

  get stateInWords(): string {
    return this.state === FAILED ? FINISHED : this.state;
  }

  /** What a task waits for that waits for it, in words. */
  get awaitedInWords(): string {
    return this.face === undefined ? `<Future ${this.stateInWords}>` : String(this.face);
  }

  /** The result or error in words, to go after the state. */
  get outcomeInWords(): string {
    if (this.state === FINISHED) return ` result=${inWords(this.value)}`;
    return this.state === FAILED ? ` exception=${inWords(this.value)}` : "";
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(sent?: unknown): IteratorResult<Suspend, T> {
    if (sent === PROBE) answerProbe();
    else if (this.state !== PENDING) return { done: true, value: this.result() };
    return { done: false, value: this as unknown as Suspend };
  }

  throw(error: unknown): IteratorResult<Suspend, T> {
    throw thrownInto(error);
  }

  return(value: T): IteratorResult<Suspend, T> {
    return { done: true, value };
  }
}

/**
 * An error for what is waited for and was cancelled.
 *
 * @param message What was given to cancel. Without it, the error's text says what was cancelled.
 */
export function cancelledError(message: unknown, subject: string): CancelledError {
  const error = freshError(() => new CancelledError(message));
  if (!Object.hasOwn(error, "msg")) error.message = `${subject} was cancelled`;
  return error;
}

function noteUnread(future: FutureCore): void {
  const object = future.face ?? future;
  const what = future.face?.[Symbol.toStringTag] ?? "Future";
  const { loop, value: error } = future;
  const session = sessionOf(future) ?? sessionOfCallback() ?? sessionOf(currentTaskObject());
  const unread = { loop: loop.face, session, error, what, madeAt: creationOf(object) };
  future.unread = unread;
  unretrieved.add(object, unread);
}

/**
 * What to throw into a wait for a future. If that is not the future's own error, which was asked for,
 * the future's counts as unread, unless others have asked for it as well.
 */
export function thrownFor(future: FutureCore | undefined, own: unknown, error: unknown): unknown {
  if (error !== own && future?.state === FAILED && future.unread === READ) noteUnread(future);
  return error;
}

/** The run of a task. */
function sessionOf(task: object | null): object | undefined {
  return task !== null && "session" in task ? (task.session as object) : undefined;
}

/** Calls one of the two once it is done, in a callback of the loop unless it is done already. */
export function callWhenDone<T>(
  future: FutureCore<T>,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): void {
  const settlePromise = (): void => {
    const error = future.takeError();
    if (error === NO_ERROR) resolve(future.result());
    else reject(error);
  };
  if (future.isPending) future.addWaiter(new Call(future.loop.face, settlePromise, []));
  else settlePromise();
}

/** Whether it is a task that waits, which is going to get the error. What callbacks do is not known. */
function mayReadError(waiter: Runnable): boolean {
  return !(waiter instanceof Call);
}

function inWords(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return nameOf(value) || "function";
  if (!isObject(value)) return String(value);
  try {
    if (value instanceof Error) return `${value.name}(${JSON.stringify(value.message)})`;
  } catch {
    // A proxy that throws.
  }
  return kindOf(value);
}

/** Has the loop run until the future is done; returns its result. */
export async function untilDone<T>(future: FutureCore<T>, run: () => Promise<void>): Promise<T> {
  const { face } = future.loop;
  const stop = (): void => face.stop();
  const call = new Call(face, stop, []);
  future.addWaiter(call);
  try {
    await run();
  } finally {
    future.removeCallback(stop);
    call.cancel(); // it may be ready, and would stop the next run
  }
  if (future.isPending)
    throw new RuntimeError("Cannot get the result: the event loop was stopped before that");
  return future.result();
}

/** The core of a future that is given as such, rather than its iterator; undefined for anything else. */
export function coreInside(value: unknown): FutureCore | undefined {
  if (!isObject(value)) return undefined;
  const { [Symbol.iterator]: iterate } = value as Partial<Iterable<unknown>>;
  // A future of an executor has no loop: to iterate over it would begin a wait that nothing reads.
  if (typeof iterate !== "function" || !("getLoop" in value)) return undefined;
  const iterator: unknown = iterate.call(value);
  return iterator instanceof FutureCore && iterator.face === (value as object)
    ? iterator
    : undefined;
}

/** What to complete a future with that was given an error, or its class. */
export function errorFrom(given: unknown): unknown {
  return isErrorClass(given) ? new given() : given;
}

function isErrorClass(value: unknown): value is new () => unknown {
  return typeof value === "function" && (value === Error || value.prototype instanceof Error);
}
