/**
 * What asyncio's files know of each other: loops, handles, futures and tasks as the engine
 * sees them, and what can be waited for. Types only.
 *
 * The public classes, in asyncio/engine/classes.ts, are above everything that they are made of.
 * What has to do with their objects all the same sees them as the interfaces here.
 */
import type { Catch, Finally } from "../base/catch-finally.ts";
import type { AnyFunction } from "../base/functions.ts";
import type { Context } from "../contextvars/context.ts";
import type { ExecutorFuture } from "../waiting/task-waits.ts";

declare const SUSPEND: unique symbol;

/**
 * What a coroutine hands to its loop when it has to wait. Only heddle's own operations make one.
 *
 * Python: none
 */
export interface Suspend {
  /** Exists in types only. */
  readonly [SUSPEND]: true;
}

/**
 * A generator that a task can run: `function* work(): Coroutine<number> { yield* sleep(1); return 2; }`.
 *
 * Calling the function runs nothing: as in Python, a coroutine runs when it is
 * waited for by `yield*`, or made a task.
 *
 * Python: `collections.abc.Coroutine`
 */
export type Coroutine<T> = Generator<Suspend, T, unknown>;

/**
 * An operation that starts when it is waited for: by `yield*` in a generator, by `await` in an async function.
 *
 * Python: `collections.abc.Awaitable`
 */
export interface Awaitable<T> extends PromiseLike<T> {
  /** Waits, by `yield*`. Python: `collections.abc.Awaitable` */
  [Symbol.iterator](): Iterator<Suspend, T, unknown>;

  /** As a promise's `catch`: calls back with the exception. Python: none */
  readonly catch: Catch<T>;

  /** As a promise's `finally`: calls back once the wait is over. Python: none */
  readonly finally: Finally<T>;
}

/**
 * What a task can be made of: a coroutine, any operation of heddle's, or a function that returns one, or a promise.
 *
 * An async function is given as it is, or in an arrow function with its arguments:
 * `createTask(() => work(1))`. Its promise is refused: it would run already, and
 * could not be cancelled.
 *
 * Python: none
 */
export type Spawnable<T> = Coroutine<T> | Awaitable<T> | (() => Coroutine<T> | PromiseLike<T>);

/** What the task of a {@link Spawnable} results in. Python: none */
export type Result<C> =
  C extends Generator<unknown, infer T, unknown>
    ? T
    : C extends PromiseLike<infer T>
      ? T
      : C extends () => Generator<unknown, infer T, unknown>
        ? T
        : C extends () => PromiseLike<infer T>
          ? T
          : never;

/**
 * The body of a block such as {@link timeout}: a generator function, an async function or a plain one.
 *
 * Python: none
 */
export type Body<A extends unknown[], T> = (...args: A) => Coroutine<T> | PromiseLike<T> | T;

/** One function on a task's stack. Python: none */
export interface StackFrame {
  /** The function's name. */
  readonly name: string;

  /** The path or URL of its file. */
  readonly file: string;

  /** Counted from 1. */
  readonly line: number;

  /** Counted from 1. */
  readonly column: number;
}

/**
 * The time of a {@link Loop}, and what wakes it when a timer is due.
 *
 * Give a loop one of your own to let a test say what time it is; see
 * `VirtualClock` of `heddle/testing`.
 *
 * Python: none
 */
export interface LoopClock {
  /** Milliseconds, from an arbitrary start; never goes back. Python: `asyncio.loop.time` */
  time(): number;

  /** Calls `wake` once that time, in milliseconds, has come, unless it is cancelled before. Python: none */
  wakeAt(timeMs: number, wake: () => void): { cancel(): void };

  /** Called when a loop that was idle has something to run: a clock may stand still meanwhile. Python: none */
  loopBusy?(): void;

  /** Called when that loop has run all that was ready, and waits. Python: none */
  loopIdle?(): void;
}

/** What a loop can be made with. Python: none */
export interface LoopOptions {
  /** Where it has its time from. Default: the real time. */
  readonly clock?: LoopClock | undefined;
}

/**
 * A callback that a loop is going to call.
 *
 * Python: `asyncio.Handle`
 * Differs: an interface; only loops make handles.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const handle = getRunningLoop().callSoon(() => console.log("never"));
 *   handle.cancel();
 *   await sleep(0);
 *   console.log(handle.cancelled()); // true
 * });
 * ```
 */
export interface Handle {
  /** Sees to it that the callback is not called; does nothing if it was. Python: `asyncio.Handle.cancel` */
  cancel(): void;

  /** Whether it has been cancelled. Python: `asyncio.Handle.cancelled` */
  cancelled(): boolean;

  /** The context that the callback is called in. Python: `asyncio.Handle.get_context` */
  getContext(): Context;
}

/**
 * A callback that a loop is going to call at a certain time.
 *
 * Python: `asyncio.TimerHandle`
 * Differs: an interface; only loops make handles.
 */
export interface TimerHandle extends Handle {
  /** When it is due, on the loop's clock, in milliseconds. Python: `asyncio.TimerHandle.when` */
  when(): number;
}

/** What is in a loop's ready queue: a callback, or the next step of a task. */
export interface Runnable {
  /** Runs it, once. Reports its errors itself. */
  run(): void;

  /** What it is, for reports. */
  toString(): string;

  /** Whose step it is, if it is another object than this. */
  readonly task?: object;

  /** Where it waits, after it was run, for reports. */
  getStack?(): readonly StackFrame[];
}

/** What {@link Future.addDoneCallback} takes besides the callback. Python: none */
export interface CallbackOptions {
  /** What the callback is called in. Default: a copy of the current context. */
  readonly context?: Context | undefined;
}

/** What {@link createTask} takes besides the coroutine. Python: none */
export interface TaskOptions {
  /** What to call the task. Default: `Task-` and a number. */
  readonly name?: string | undefined;

  /** What the task runs in. Default: a copy of the current context. */
  readonly context?: Context | undefined;

  /**
   * Whether the task takes its first step at once, before `createTask` returns.
   * Default: false, or what the loop's task factory decides.
   */
  readonly eagerStart?: boolean | undefined;
}

/** What {@link Loop.runInExecutor} needs of an executor, such as a `ThreadPoolExecutor`. Python: `concurrent.futures.Executor` */
export interface CallExecutor {
  /** Runs `fn(...args)`. Python: `concurrent.futures.Executor.submit` */
  submit(fn: AnyFunction, ...args: unknown[]): ExecutorFuture<unknown>;
  /** Waits until all calls are done. Python: `concurrent.futures.Executor.shutdown` */
  shutdown(): Promise<void>;
}

/** An error that no other code is there to get, as a loop tells its exception handler. */
export interface Report {
  readonly message: string;
  readonly exception?: unknown;
  readonly future?: FutureFace;
  readonly task?: FutureFace;
  readonly handle?: Handle;
  readonly sourceTraceback?: readonly StackFrame[] | undefined;
}

/** A loop, as the engine uses the public object. */
export interface LoopFace {
  slowCallbackDuration: number;
  callExceptionHandler(report: Report): void;
  callLater<A extends unknown[]>(
    delayMs: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle;
  defaultExceptionHandler(report: Report): void;
  stop(): void;
}

/** A future, as the engine uses the public object: a class of the user's may have changed it. */
export interface FutureFace {
  readonly [Symbol.toStringTag]: string;
  addDoneCallback(callback: () => unknown): void;
  cancel(message?: unknown): boolean;
  toString(): string;
}

/** A task, as the engine uses the public object. */
export interface TaskFace extends FutureFace {
  cancelled(): boolean;
  cancelling(): number;
  done(): boolean;
  exception(): unknown;
  getName(): string;
  getStack(): StackFrame[];
  uncancel(): number;
}
