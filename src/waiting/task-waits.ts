/**
 * How the promise forms of threads' objects can be waited for by asyncio's tasks.
 *
 * Outside of tasks they are promises. To a task they give something that it can
 * `yield*` as well as `await`, and that ends its wait when the task is cancelled.
 * asyncio, once it is used, says here how; nothing here knows it.
 */
import { isPlainObject } from "../base/options.ts";
import type { WebAbortSignal } from "../base/web-types.ts";
import { threadRegistry } from "../base/registry.ts";
import {
  checkedWait,
  isSignal,
  noteTaskSignal,
  type CheckedWait,
  type WaitOptions,
} from "./wait-options.ts";

/**
 * A promise that an asyncio task can also wait for by `yield*`.
 *
 * If the task is cancelled meanwhile, the wait ends, and what it has taken is given back: an
 * item becomes the first of its queue again, a lock or a permit is free. What cannot be given
 * back, such as a barrier that has been passed, is the task's: it gets the result, and is
 * cancelled at its next wait; if there is none, it ends with its result.
 *
 * Python: none
 */
export interface Waiting<T> extends Promise<T> {
  /** Lets an asyncio task wait by `yield*`. Python: none */
  [Symbol.iterator](): Iterator<never, T, unknown>;
}

/** What a wait takes, and how it is given back where the task that waited is cancelled. */
export interface Taking<R, T = R> {
  /** Makes the result of what was taken, or throws it. Called once, when the task gets it. */
  readonly deliver: ((taken: R) => T) | undefined;
  /** Gives it back. False if that is not possible any more: then it is the task's. Must not throw. */
  readonly giveBack: (taken: R) => boolean;
}

/** For waits that take nothing: for the end of something, or a result that can be read again. */
export const TAKES_NOTHING: {
  readonly deliver: undefined;
  readonly giveBack: (taken: unknown) => boolean;
} = { deliver: undefined, giveBack: () => true };

/** Gives the signal that ends the wait; called when it turns out that there is one. */
export type TaskSignal = () => WebAbortSignal;

/** A future of an executor, of whichever copy of heddle. */
export interface ExecutorFuture<T> {
  /** Calls back once the future is done. Python: `concurrent.futures.Future.add_done_callback` */
  addDoneCallback(callback: () => void): void;
  /** Cancels the call if it has not started; asked so, stops it while it runs. Python: `concurrent.futures.Future.cancel` */
  cancel(options?: { readonly running: true; readonly grace: number }): boolean;
  /** Whether the call was cancelled. Python: `concurrent.futures.Future.cancelled` */
  cancelled(): boolean;
  /** Whether the call is over. Python: `concurrent.futures.Future.done` */
  done(): boolean;
  /** What the call threw. Python: `concurrent.futures.Future.exception` */
  exceptionSync(): unknown;
  /** What the call returned. Python: `concurrent.futures.Future.result` */
  resultSync(): T;
}

/** How tasks wait, in one copy of heddle. */
export interface TaskSide {
  /** Makes a task's wait of what `start` starts; undefined outside its tasks. */
  wait<R, T>(
    start: (signal: TaskSignal) => Promise<R>,
    taking: Taking<R, T> | undefined,
  ): Waiting<T> | undefined;
  /** Makes a task's wait for a future, which cancels the future if it is cancelled; undefined outside its tasks. */
  waitFor<T>(future: ExecutorFuture<T>): Waiting<T> | undefined;
}

interface TaskSides {
  readonly list: TaskSide[];
}

let sides: TaskSides | undefined;

function taskSides(): readonly TaskSide[] {
  return (sides ??= threadRegistry("task sides@2", () => ({ list: [] }))).list;
}

/** For asyncio: has tasks wait like that from now on. */
export function addTaskSide(side: TaskSide): void {
  (taskSides() as TaskSide[]).push(side);
}

/** Makes a task's wait of what `start` starts; undefined outside of tasks. */
export function taskWait<R, T = R>(
  start: (signal: TaskSignal) => Promise<R>,
  taking: Taking<R, T> | undefined,
): Waiting<T> | undefined {
  for (const side of taskSides()) {
    const wait = side.wait(start, taking);
    if (wait !== undefined) return wait;
  }
  return undefined;
}

/**
 * Starts a wait, whether the caller is a task or not.
 *
 * @param taking What can be done about what it takes. Default: it stays taken, and is the task's.
 */
export function waiting<R, T = R>(
  start: (signal?: TaskSignal) => Promise<R>,
  taking?: Taking<R, T>,
): Waiting<T> {
  const wait = taskWait(start, taking);
  if (wait !== undefined) return wait;
  const deliver = taking?.deliver;
  const taken = start();
  return (deliver === undefined ? taken : delivered(taken, deliver)) as Waiting<T>;
}

/** The wait for a promise that others wait for, too: a task that is cancelled waits no more, and `cancelled` is called. */
export function waitingOn<T>(start: () => Promise<T>, cancelled?: () => void): Waiting<T> {
  const until = (taskSignal: TaskSignal): Promise<T> =>
    unlessAborted(start(), taskSignal(), cancelled);
  return taskWait(until, TAKES_NOTHING) ?? (start() as Waiting<T>);
}

function unlessAborted<T>(
  promise: Promise<T>,
  signal: WebAbortSignal,
  aborted: (() => void) | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason);
      aborted?.();
    };
    signal.addEventListener("abort", abort, { once: true });
    const stop = (): void => signal.removeEventListener("abort", abort);
    promise.finally(stop).then(resolve, reject);
  });
}

/** By await, rather than by `then`: JavaScriptCore's stacks follow no other. So do those of the waits below. */
async function delivered<R, T>(taken: Promise<R>, deliver: (taken: R) => T): Promise<T> {
  return deliver(await taken);
}

/** A task's wait for a future; undefined outside of tasks. */
export function taskWaitFor<T>(future: ExecutorFuture<T>): Waiting<T> | undefined {
  for (const side of taskSides()) {
    const wait = side.waitFor(future);
    if (wait !== undefined) return wait;
  }
  return undefined;
}

/** What `yield*` does with a future. */
export function iteratorFor<T>(future: ExecutorFuture<T>): Iterator<never, T, unknown> {
  const wait = taskWaitFor(future);
  if (wait !== undefined) return wait[Symbol.iterator]();
  throw new TypeError(
    "Cannot iterate over a future: only an asyncio task can wait for it by yield*",
  );
}

/** The options, with the task's signal besides the user's. */
export function withTaskSignal<O extends WaitOptions>(
  options: O | undefined,
  taskSignal: TaskSignal | undefined,
): O | undefined {
  if (taskSignal === undefined) return options;
  // What is wrong stays as it is, and is refused where it is checked.
  if (options !== undefined && !isPlainObject(options)) return options;
  const own = { __proto__: null, ...options }.signal;
  if (own !== undefined && !isSignal(own)) return options;
  const signal = taskSignal();
  if (own === undefined) noteTaskSignal(signal);
  const both = own === undefined ? signal : AbortSignal.any([own, signal]);
  return { ...options, signal: both } as O;
}

/** What is special about the promise form of a wait. */
interface WaitParts<R, T> {
  /** See {@link waiting}. */
  readonly taking: Taking<R, T> | undefined;
  /**
   * Takes what is waited for if it can be had now, else gives `undefined`. Tried first where
   * there are no options: most waits are over then.
   */
  readonly quick: (() => R | Promise<R> | undefined) | undefined;
}

const NO_PARTS = { taking: undefined, quick: undefined };

/**
 * The promise form of a wait: checks the options, and has a task's cancellation end the wait.
 *
 * @param of The method, as an error names it.
 * @param start Starts the wait.
 */
export function waitingFor<R, T = R>(
  options: WaitOptions | undefined,
  of: string,
  start: (wait: CheckedWait) => Promise<R>,
  { quick, taking }: WaitParts<R, T> = NO_PARTS,
): Waiting<T> {
  return waiting(async (taskSignal) => {
    const taken = options === undefined ? quick?.() : undefined;
    if (taken !== undefined) return taken;
    const result = await start(checkedWait(withTaskSignal(options, taskSignal), of));
    return result;
  }, taking);
}
