/**
 * How tasks are cancelled.
 *
 * `cancel` first cancels what the task waits for: that makes the task ready, with a
 * CancelledError to be thrown where it waits. If it waits for nothing that can be
 * cancelled, the request is noted, and strikes at the next step, or, where a task
 * cancels itself, at its next wait. One request strikes once: code that catches the
 * error goes on undisturbed, until somebody cancels the task again.
 *
 * A task waits for one future of its own (`#waitingOn`), where a generator runs, and
 * for what async functions in it await (`#awaits`), which can be several things at
 * once. The end of an async function that is a {@link PartOfTask} counts for neither:
 * the awaits within it do.
 */
import { CancelledError } from "../../errors.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import type { Suspend } from "./coroutine-types.ts";
import { Future, isPending } from "./future.ts";
import { PartOfTask } from "./part-of-task.ts";

/** What an async function awaits. */
export interface PendingAwait {
  /** What it waits for; undefined if its next step is due. */
  readonly waitsFor: Future<unknown> | undefined;
  /** What is run in it. */
  readonly operation: Iterator<Suspend, unknown, unknown>;
  /** Cancels what is awaited; returns whether it was pending. */
  cancel(message: unknown): boolean;
}

/** What a task's own generator waits for, if it waits. Not public. */
export let waitedFor: (task: CancellableTask<unknown>) => Future<unknown> | undefined;
/** Notes what the task's own generator waits for. Not public. */
export let setWaitedFor: (
  task: CancellableTask<unknown>,
  future: Future<unknown> | undefined,
) => void;
/** Notes that an async function of the task awaits something. Not public. */
export let addAwait: (task: CancellableTask<unknown>, pending: PendingAwait) => void;
/** Notes that it does no more. Not public. */
export let removeAwait: (task: CancellableTask<unknown>, pending: PendingAwait) => void;
/** What async functions of the task await. Not public. */
export let awaitsOf: (task: CancellableTask<unknown>) => readonly PendingAwait[];
/** Whether a cancellation was requested that has not struck. Not public. */
export let mustCancel: (task: CancellableTask<unknown>) => boolean;
/** What to throw into the task, now that the cancellation strikes, in place of the error. Not public. */
export let strike: (task: CancellableTask<unknown>, error: unknown) => unknown;
/** Has a cancellation strike at the wait that just began. Not public. */
export let strikeWait: (task: CancellableTask<unknown>, future: Future<unknown>) => void;
/** Has a cancellation that struck too late strike once more, at the next wait. Not public. */
export let strikeLater: (task: CancellableTask<unknown>, error: CancelledError) => void;
/** What was given to the request that has not struck. Not public. */
export let cancelMessage: (task: CancellableTask<unknown>) => unknown;

/** Whether a step that begins when this is done is a new one: the end of a part of a task goes on with the same. */
export function strikesAfter(future: Future<unknown> | undefined): boolean {
  return !(future instanceof PartOfTask);
}

/** The part of a task that can be cancelled. */
export abstract class CancellableTask<T> extends Future<T> {
  /** How often it was asked to cancel, less how often that was taken back. */
  #requests = 0;
  #mustCancel = false;
  #message: unknown = undefined;
  #waitingOn: Future<unknown> | undefined = undefined;
  #awaits: PendingAwait[] | undefined = undefined;
  #abortion: AbortController | undefined = undefined;

  static {
    waitedFor = (task) => task.#waitingOn;
    setWaitedFor = (task, future) => {
      task.#waitingOn = future;
    };
    addAwait = (task, pending) => {
      if (task.#awaits === undefined) task.#awaits = [pending];
      else task.#awaits.push(pending);
    };
    removeAwait = (task, pending) => {
      const awaits = task.#awaits;
      if (awaits === undefined) return;
      if (awaits.length === 1 && awaits[0] === pending) awaits.pop();
      else task.#awaits = awaits.filter((other) => other !== pending);
    };
    awaitsOf = (task) => task.#awaits ?? [];
    mustCancel = (task) => task.#mustCancel;
    strikeLater = (task, error) => {
      task.#mustCancel = true;
      task.#message = error.msg;
    };
    cancelMessage = (task) => task.#message;
    strike = (task, error) => {
      task.#mustCancel = false;
      return error instanceof CancelledError ? error : new CancelledError(task.#message);
    };
    strikeWait = (task, future) => {
      if (!(future instanceof PartOfTask) && future.cancel(task.#message)) task.#mustCancel = false;
    };
  }

  /**
   * Asks the task to end: a {@link CancelledError} is thrown in it, where it waits.
   *
   * The task may clean up, even wait, and should let the error pass. If it catches
   * it, it goes on. Cancelling a task that waits for another cancels that one.
   *
   * Python: `asyncio.Task.cancel`
   *
   * Differs: an async function that awaits a promise that is not heddle's goes on until that
   *   settles, and is cancelled at its next wait for something of heddle's; see {@link
   *   fromPromise}.
   *
   * @param message What the error is to say.
   * @returns Whether the task was not done.
   *
   * @example
   * ```ts
   * import { CancelledError } from "heddle";
   * import { createTask, run, sleep } from "heddle/asyncio";
   *
   * await run(async () => {
   *   const task = createTask(async () => {
   *     try {
   *       await sleep(3_600_000);
   *     } catch (error) {
   *       console.log(error instanceof CancelledError); // true
   *       throw error;
   *     }
   *   });
   *   await sleep(0);
   *   task.cancel();
   *   await sleep(0);
   *   console.log(task.cancelled()); // true
   * });
   * ```
   */
  override cancel(message?: unknown): boolean {
    if (!isPending(this)) return false;
    if (this.getLoop().getDebug()) this.noteRequest();
    this.#requests += 1;
    const abortion = this.#abortion;
    if (abortion !== undefined) {
      this.#abortion = undefined;
      abortion.abort(new CancelledError(message));
    }
    if (this.#cancelWaits(message)) return true;
    this.#mustCancel = true;
    this.#message = message;
    return true;
  }

  /**
   * How often the task was asked to cancel, less how often that was taken back.
   *
   * Python: `asyncio.Task.cancelling`
   */
  cancelling(): number {
    return this.#requests;
  }

  /**
   * Takes one request to cancel back; returns how many remain.
   *
   * Code that cancels a task for a purpose of its own, and catches the error, says
   * so by this: otherwise blocks around it take it that somebody else cancelled the task.
   *
   * Python: `asyncio.Task.uncancel`
   */
  uncancel(): number {
    if (this.#requests > 0) {
      this.#requests -= 1;
      if (this.#requests === 0) this.#mustCancel = false;
    }
    return this.#requests;
  }

  /**
   * Is aborted by {@link Task.cancel}, for APIs that take a signal. After that there is a new one.
   *
   * Better, where it can be done, is {@link fromPromise}, whose signal is for one wait.
   *
   * Python: none
   */
  get signal(): WebAbortSignal {
    return (this.#abortion ??= new AbortController()).signal;
  }

  /** Called, in debug mode, when it is asked to cancel. @internal */
  protected abstract noteRequest(): void;

  #cancelWaits(message: unknown): boolean {
    let hasCancelled = false;
    for (const pending of this.#awaits?.slice() ?? [])
      if (pending.cancel(message)) hasCancelled = true;
    const future = this.#waitingOn;
    if (future === undefined || future instanceof PartOfTask) return hasCancelled;
    return future.cancel(message) || hasCancelled;
  }
}
