/**
 * A task's wait for an object of threads: a lock, a queue, a thread.
 *
 * The wait begins at once, as the promise forms' do. It may be over, with a lock taken
 * or an item, at the very moment at which the task is cancelled. So a cancellation asks
 * the wait to end, and then waits until it has: if it ended in time, nothing has been
 * taken, and the task is thrown what was to be thrown. If it was too late, the task gets
 * what was taken, and is cancelled at its next wait.
 */
import { CancelledError } from "../../errors.ts";
import type { TaskSignal, Waiting } from "../../waiting/task-waits.ts";
import { strikeLater } from "../engine/cancellation.ts";
import type { Suspend } from "../engine/coroutine-types.ts";
import { FINISHED, type Future, futureOn, isPending, settle } from "../engine/future.ts";
import { answerProbe, PROBE } from "../engine/probe.ts";
import { getRunningLoop } from "../engine/running-loop.ts";
import { taskOfCaller } from "../engine/task-of-caller.ts";
import { thenOf } from "../engine/thenable.ts";

const PENDING = 0;
const TAKEN = 1;
const REJECTED = 2;

export class ThreadWait<T> implements Iterator<Suspend, T, unknown> {
  readonly #promise: Promise<T>;
  #state: typeof PENDING | typeof TAKEN | typeof REJECTED = PENDING;
  #value: unknown;
  #abortion: AbortController | undefined;
  /** What the task is to be thrown once the wait has ended. */
  #thrown: { readonly error: unknown } | undefined;
  /** What the task waits for. */
  #end: Future<void> | undefined;

  constructor(start: (signal: TaskSignal) => Promise<T>) {
    this.#promise = start(() => (this.#abortion ??= new AbortController()).signal);
    this.#promise.then(
      (value) => this.#over(TAKEN, value),
      (error: unknown) => this.#over(REJECTED, error),
    );
  }

  #over(state: typeof TAKEN | typeof REJECTED, value: unknown): void {
    this.#state = state;
    this.#value = value;
    const end = this.#end;
    if (end !== undefined && isPending(end)) settle(end, FINISHED, undefined);
  }

  [Symbol.iterator](): Iterator<Suspend, T, unknown> {
    return this;
  }

  next(sent?: unknown): IteratorResult<Suspend, T> {
    if (sent === PROBE) answerProbe();
    else if (this.#state !== PENDING) return this.#result();
    if (this.#end === undefined || !isPending(this.#end)) this.#end = futureOn(getRunningLoop());
    return { done: false, value: this.#end as unknown as Suspend };
  }

  #result(): IteratorResult<Suspend, T> {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    if (this.#state === REJECTED)
      throw (thrown === undefined ? this.#value : thrown.error) as Error;
    if (thrown !== undefined) {
      const task = taskOfCaller();
      if (task === undefined || !(thrown.error instanceof CancelledError))
        throw thrown.error as Error;
      strikeLater(task, thrown.error);
    }
    return { done: true, value: this.#value as T };
  }

  throw(error: unknown): IteratorResult<Suspend, T> {
    this.#thrown = { error };
    if (this.#state === PENDING) (this.#abortion ??= new AbortController()).abort(error);
    return this.next();
  }

  return(value: T): IteratorResult<Suspend, T> {
    if (this.#state === PENDING) (this.#abortion ??= new AbortController()).abort();
    return { done: true, value };
  }

  // oxlint-disable-next-line unicorn/no-thenable -- stands for a promise
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    onRejected?: ((reason: unknown) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return thenOf(this as Waiting<T>, onFulfilled, onRejected, (_wait, resolve, reject) => {
      void this.#promise.then(resolve, reject);
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
