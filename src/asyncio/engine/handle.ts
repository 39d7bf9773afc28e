/** Callbacks that a loop is going to call. */
import { type Contents, contextState, currentContents } from "../../contextvars/contents.ts";
import { type Context, contextOf } from "../../contextvars/context.ts";
import type { Runnable } from "./runnable.ts";
import type { ExceptionContext } from "./exception-context.ts";
import type { HeapTimer } from "./timer-heap.ts";

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

export type Callback = (...args: never[]) => unknown;

const NO_ARGUMENTS: readonly unknown[] = [];

/** Where errors of callbacks go. */
interface Reports {
  callExceptionHandler(context: ExceptionContext): void;
}

/** A callback with its arguments and its context. */
export class Call implements Handle, Runnable {
  readonly #reports: Reports;
  readonly #contents: Contents;
  /** Undefined once it is cancelled. */
  #callback: Callback | undefined;
  #args: readonly unknown[];

  constructor(
    reports: Reports,
    callback: Callback,
    args: readonly unknown[],
    contents: Contents = currentContents(),
  ) {
    this.#reports = reports;
    this.#contents = contents;
    this.#callback = callback;
    this.#args = args;
  }

  get callback(): Callback | undefined {
    return this.#callback;
  }

  cancel(): void {
    this.#callback = undefined;
    this.#args = NO_ARGUMENTS;
  }

  cancelled(): boolean {
    return this.#callback === undefined;
  }

  getContext(): Context {
    return contextOf(this.#contents);
  }

  run(): void {
    const callback = this.#callback;
    if (callback === undefined) return;
    const state = contextState();
    const { step, stepTask } = state;
    state.step = this.#contents;
    state.stepTask = null;
    try {
      callback(...(this.#args as never[]));
    } catch (error) {
      this.#report(error, callback);
    } finally {
      state.step = step;
      state.stepTask = stepTask;
    }
  }

  toString(): string {
    const callback = this.#callback;
    return `<Handle ${callback === undefined ? "cancelled" : callback.name || "(anonymous)"}>`;
  }

  #report(error: unknown, callback: Callback): void {
    const message = `Exception in callback ${callback.name || "(anonymous)"}`;
    this.#reports.callExceptionHandler({ message, exception: error, handle: this });
  }
}

/** What a {@link TimedCall} tells when it is cancelled. */
interface TimerOwner {
  noteTimerCancelled(): void;
}

/** A callback with the time at which it is due. */
export class TimedCall extends Call implements TimerHandle, HeapTimer {
  readonly whenMs: number;
  readonly sequence: number;
  /** Whether it is among the owner's timers. */
  isScheduled = true;
  readonly #owner: TimerOwner;

  constructor(
    reports: Reports,
    callback: Callback,
    args: readonly unknown[],
    due: { readonly whenMs: number; readonly sequence: number; readonly owner: TimerOwner },
  ) {
    super(reports, callback, args);
    this.whenMs = due.whenMs;
    this.sequence = due.sequence;
    this.#owner = due.owner;
  }

  get isCancelled(): boolean {
    return this.cancelled();
  }

  when(): number {
    return this.whenMs;
  }

  override cancel(): void {
    if (this.cancelled()) return;
    super.cancel();
    if (this.isScheduled) this.#owner.noteTimerCancelled();
  }
}
