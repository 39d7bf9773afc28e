/**
 * A task's wait for an object of threads: a lock, a queue, a thread.
 *
 * The wait begins at once, as the promise forms' do. It may be over, with a lock taken
 * or an item, at the very moment at which the task is cancelled. So a cancellation asks
 * the wait to end, and then waits until it has: if it ended in time, nothing has been
 * taken, and the task is thrown what was to be thrown. If it was too late, what was taken
 * is given back, and likewise. What cannot be given back is the task's: it gets that, and
 * is cancelled at its next wait, but not at its end, with which the result would be lost.
 *
 *   WAITING → TAKEN       the promise is fulfilled
 *   WAITING → REJECTED    it is rejected
 *   TAKEN → REJECTED      the task is cancelled, and what was taken is given back
 *   TAKEN → DELIVERED     the task gets it
 *   TAKEN → REJECTED      or what was taken turns out to be a failure, when it is to get it
 */
import { CancelledError } from "../../errors.ts";
import {
  addTaskSide,
  type ExecutorFuture,
  type TaskSide,
  type TaskSignal,
  type Taking,
  type Waiting,
} from "../../waiting/task-waits.ts";
import { withUserFrames } from "../../wire/stack.ts";
import { CallCore, link } from "../engine/calls.ts";
import { runningLoop, taskOfCaller } from "../engine/caller.ts";
import { callWhenDone, FINISHED, FutureCore } from "../engine/future-core.ts";
import type { LoopCore } from "../engine/loop-core.ts";
import { answerProbe, PROBE } from "../engine/probe.ts";
import { thenOf } from "../engine/thenable.ts";
import type { Suspend } from "../events.ts";

const WAITING = 0;
const TAKEN = 1;
const REJECTED = 2;
const DELIVERED = 3;

/** `G` is what is taken, `T` what the task gets of it. */
class ThreadWait<G, T> implements Iterator<Suspend, T, unknown> {
  readonly #promise: Promise<G>;
  readonly #taking: Taking<G, T> | undefined;
  #state: typeof WAITING | typeof TAKEN | typeof REJECTED | typeof DELIVERED = WAITING;
  /** What was taken, what was delivered, or the error. */
  #value: unknown;
  #abortion: AbortController | undefined;
  /** What the task is to be thrown once the wait has ended. */
  #thrown: { readonly error: unknown } | undefined;
  /** Whether the task has gone without a result. */
  #isClosed = false;
  /** What the task waits for. */
  #end: FutureCore<void> | undefined;

  constructor(start: (signal: TaskSignal) => Promise<G>, taking: Taking<G, T> | undefined) {
    this.#taking = taking;
    this.#promise = start(() => (this.#abortion ??= new AbortController()).signal);
    this.#promise.then(
      (value) => this.#over(TAKEN, value),
      (error: unknown) => this.#over(REJECTED, error),
    );
  }

  #over(state: typeof TAKEN | typeof REJECTED, value: unknown): void {
    this.#state = state;
    this.#value = value;
    if (this.#isClosed) this.#giveBack(undefined);
    this.#end?.settleOnce(FINISHED, undefined);
  }

  [Symbol.iterator](): Iterator<Suspend, T, unknown> {
    return this;
  }

  next(sent?: unknown): IteratorResult<Suspend, T> {
    if (sent === PROBE) answerProbe();
    else if (this.#state !== WAITING) return this.#result();
    if (this.#end?.isPending !== true) this.#end = new FutureCore(runningLoop());
    return { done: false, value: this.#end as unknown as Suspend };
  }

  #result(): IteratorResult<Suspend, T> {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    if (thrown !== undefined) this.#giveBack(thrown.error);
    if (this.#state === REJECTED)
      throw withUserFrames(thrown === undefined ? this.#value : thrown.error) as Error;
    if (thrown !== undefined) {
      const task = taskOfCaller();
      if (task === undefined || !(thrown.error instanceof CancelledError))
        throw thrown.error as Error;
      task.cancelLater(thrown.error);
    }
    return { done: true, value: this.#deliver() };
  }

  /** Gives back what was taken, if that can be done; from then on the wait has failed with the error. */
  #giveBack(error: unknown): void {
    if (this.#state !== TAKEN || this.#taking?.giveBack(this.#value as G) !== true) return;
    this.#state = REJECTED;
    this.#value = error;
  }

  #deliver(): T {
    if (this.#state === TAKEN) {
      const deliver = this.#taking?.deliver;
      this.#state = DELIVERED;
      if (deliver !== undefined) this.#value = this.#made(deliver);
    }
    return this.#value as T;
  }

  /** What cannot be made of what was taken has failed, also for those who ask again. */
  #made(deliver: (taken: G) => T): T {
    try {
      return deliver(this.#value as G);
    } catch (error) {
      this.#state = REJECTED;
      this.#value = error;
      throw withUserFrames(error) as Error;
    }
  }

  throw(error: unknown): IteratorResult<Suspend, T> {
    this.#thrown = { error };
    if (this.#state === WAITING) (this.#abortion ??= new AbortController()).abort(error);
    return this.next();
  }

  return(value: T): IteratorResult<Suspend, T> {
    this.#isClosed = true;
    if (this.#state === WAITING) (this.#abortion ??= new AbortController()).abort();
    else this.#giveBack(undefined);
    return { done: true, value };
  }

  // oxlint-disable-next-line unicorn/no-thenable -- stands for a promise
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    onRejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return thenOf(this as Waiting<T>, onFulfilled, onRejected, (_wait, resolve, reject) => {
      void this.#promise.then(() => this.#result().value as T).then(resolve, reject);
    });
  }

  async catch<R = never>(
    onRejected?: ((reason: unknown) => R | PromiseLike<R>) | null,
  ): Promise<T | R> {
    return this.then(undefined, onRejected);
  }

  async finally(onEnd?: (() => void) | null): Promise<T> {
    return this.then((value) => value).finally(onEnd);
  }

  get [Symbol.toStringTag](): string {
    return "Promise";
  }
}

let isKnown = false;

/** Lets the promise forms of threads' objects know of this copy's tasks: before the first task. */
export function introduceTasks(): void {
  if (isKnown) return;
  isKnown = true;
  addTaskSide(side());
}

function side(): TaskSide {
  let isStarting = false;
  return {
    wait: <R, T>(
      start: (signal: () => AbortSignal) => Promise<R>,
      taking: Taking<R, T> | undefined,
    ) => {
      // What a wait consists of is not the task's, but the wait's.
      if (isStarting || taskOfCaller() === undefined) return undefined;
      isStarting = true;
      try {
        return new ThreadWait(start, taking) as unknown as Waiting<T>;
      } finally {
        isStarting = false;
      }
    },
    waitFor: (future) => {
      const loop = taskOfCaller()?.loop;
      return loop === undefined ? undefined : (new CallWait(future, loop) as never);
    },
  };
}

/** What a task's wait for a future of an executor is: one that can be awaited as well. */
class CallWait<T> implements Iterable<Suspend, T> {
  readonly #core: CallCore<T>;

  constructor(future: ExecutorFuture<T>, loop: LoopCore) {
    this.#core = new CallCore<T>(loop);
    link(this.#core, future);
  }

  [Symbol.iterator](): Iterator<Suspend, T, unknown> {
    return this.#core;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- stands for a promise
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    onRejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return thenOf(this.#core, onFulfilled, onRejected, callWhenDone);
  }
}
