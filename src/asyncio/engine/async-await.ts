/**
 * One wait for something of heddle's, by an async function that belongs to a task.
 *
 * `await` calls `then` one microtask later; from there on this drives the operation's
 * iterator, as a generator task drives its own, and settles `await`'s promise in the
 * end. So library code is written once, as generators.
 *
 * The async function goes on in microtasks after that, so the loop is told to
 * follow the task from a wake-up until the next wait begins.
 */
import { type Contents, contextState, currentContents } from "../../contextvars/contents.ts";
import {
  addAwait,
  mustCancel,
  type PendingAwait,
  removeAwait,
  strike,
  strikesAfter,
  strikeWait,
} from "./cancellation.ts";
import type { Suspend } from "./coroutine-types.ts";
import { addWaiter, type Future, NO_ERROR, takeError } from "./future.ts";
import { PartOfTask } from "./part-of-task.ts";
import { iterationsOf } from "./loop-core.ts";
import type { Runnable } from "./runnable.ts";
import { checkedSuspension } from "./suspension.ts";
import type { Task } from "./task.ts";

type Operation = Iterator<Suspend, unknown, unknown>;

export class AsyncAwait implements Runnable, PendingAwait {
  readonly #task: Task<unknown>;
  readonly operation: Operation;
  /** The async function's context, which need not be the task's. */
  readonly #contents: Contents = currentContents();
  readonly #resolve: (value: unknown) => void;
  readonly #reject: (reason: unknown) => void;
  #waitingOn: Future<unknown> | undefined;

  constructor(
    task: Task<unknown>,
    operation: Operation,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#task = task;
    this.operation = operation;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get task(): Task<unknown> {
    return this.#task;
  }

  get waitsFor(): Future<unknown> | undefined {
    return this.#waitingOn;
  }

  /** Takes the operation's first step. */
  start(): void {
    this.#step(NO_ERROR);
  }

  cancel(message: unknown): boolean {
    return this.#waitingOn?.cancel(message) ?? false;
  }

  toString(): string {
    return String(this.#task);
  }

  /** What it waits for is done. */
  run(): void {
    const task = this.#task;
    const future = this.#waitingOn;
    this.#waitingOn = undefined;
    removeAwait(task, this);
    let error = future === undefined ? NO_ERROR : takeError(future);
    if (mustCancel(task) && strikesAfter(future)) error = strike(task, error);
    iterationsOf(task.getLoop()).follow(task, this.#contents);
    this.#step(error);
  }

  #step(error: unknown): void {
    const state = contextState();
    const { step, stepTask } = state;
    state.step = this.#contents;
    state.stepTask = this.#task;
    let result: IteratorResult<unknown, unknown>;
    try {
      result = error === NO_ERROR ? this.operation.next() : throwInto(this.operation, error);
    } catch (thrown) {
      this.#reject(thrown);
      return;
    } finally {
      state.step = step;
      state.stepTask = stepTask;
    }
    if (result.done === true) this.#resolve(result.value);
    else this.#park(result.value);
  }

  #park(suspension: unknown): void {
    const task = this.#task;
    const iterations = iterationsOf(task.getLoop());
    if (suspension === undefined) {
      iterations.parked(task);
      addAwait(task, this);
      iterations.push(this);
      return;
    }
    const future = checkedSuspension(suspension, task);
    this.#waitingOn = future;
    addWaiter(future, this);
    // The step goes on within that part of the task.
    if (future instanceof PartOfTask) return;
    iterations.parked(task);
    addAwait(task, this);
    if (mustCancel(task)) strikeWait(task, future);
  }
}

/** What `yield*` does with an error: an operation that takes none is closed. */
function throwInto(operation: Operation, error: unknown): IteratorResult<unknown, unknown> {
  if (operation.throw !== undefined) return operation.throw(error);
  operation.return?.();
  // oxlint-disable-next-line typescript/only-throw-error -- whatever was to be thrown into it
  throw error;
}
