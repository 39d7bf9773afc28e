/** What a loop does with callbacks, and with errors. It knows nothing of futures and tasks. */
import { RuntimeError } from "../../errors.ts";
import type { LoopClock } from "./clock.ts";
import { noteCreation } from "./creation-sites.ts";
import type { ExceptionContext } from "./exception-context.ts";
import { type ExceptionHandler, ExceptionReports } from "./exception-reports.ts";
import { Call, type Callback, type Handle, TimedCall, type TimerHandle } from "./handle.ts";
import { Iterations } from "./iterations.ts";
import type { Loop } from "./loop.ts";
import { noteLoop } from "./loops.ts";
import { countDebugLoop } from "./never-awaited.ts";
import type { Runnable } from "./runnable.ts";
import { Session } from "./session.ts";
import { madeAt, warn } from "./warnings.ts";

/** What runs a loop's callbacks. Not public. */
export let iterationsOf: (loop: LoopCore) => Iterations;
/** The runs that have not ended, the latest last; the first is no run's. Not public. */
export let sessionsOf: (loop: LoopCore) => Session[];

/** The part of a {@link Loop} that calls functions. */
export abstract class LoopCore {
  readonly #clock: LoopClock;
  readonly #iterations: Iterations;
  readonly #reports: ExceptionReports;
  readonly #sessions: Session[];
  #timersMade = 0;
  #isDebug = false;
  /** In debug mode, callbacks and steps that take so many milliseconds are reported. Python: `asyncio.loop.slow_callback_duration` */
  slowCallbackDuration = 100;

  static {
    iterationsOf = (loop) => loop.#iterations;
    sessionsOf = (loop) => loop.#sessions;
  }

  /** @param clock What time it is, and what wakes the loop. */
  constructor(clock: LoopClock) {
    const loop = this as unknown as Loop;
    this.#clock = clock;
    this.#iterations = new Iterations(loop, clock);
    this.#reports = new ExceptionReports(loop);
    this.#sessions = [new Session(loop)];
    noteLoop(loop);
  }

  /** The loop's time, in milliseconds from an arbitrary start. Python: `asyncio.loop.time` */
  time(): number {
    return this.#clock.time();
  }

  /**
   * Has a function called in the next iteration, in the context that is current now.
   *
   * Functions are called in the order in which they were given.
   *
   * Python: `asyncio.loop.call_soon`
   *
   * Differs: no `context`: call this within `context.run`.
   *
   * @throws {TypeError} `callback` is no function.
   * @throws {RuntimeError} The loop is closed.
   */
  callSoon<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    checkCall(this, callback, "callSoon");
    const call = new Call(this, callback, args);
    if (this.#isDebug) noteCreation(call);
    this.#iterations.push(call);
    return call;
  }

  /**
   * Does the same as {@link Loop.callSoon}.
   *
   * Python: `asyncio.loop.call_soon_threadsafe`
   * Differs: in another thread, a loop arrives as a {@link LoopHandle}. The loop
   *   needs no wake-up.
   */
  callSoonThreadsafe<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    checkCall(this, callback, "callSoonThreadsafe");
    return this.callSoon(callback, ...args);
  }

  /**
   * Has a function called after so many milliseconds, in the context that is current now.
   *
   * Python: `asyncio.loop.call_later`
   *
   * @throws {TypeError} `delayMs` is no number, or `callback` no function.
   * @throws {RangeError} `delayMs` is NaN.
   * @throws {RuntimeError} The loop is closed.
   */
  callLater<A extends unknown[]>(
    delayMs: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkTime(delayMs, "callLater");
    return this.callAt(this.time() + delayMs, callback, ...args);
  }

  /**
   * Has a function called when the loop's clock, in milliseconds, shows that time.
   *
   * Python: `asyncio.loop.call_at`
   *
   * @throws {TypeError} `whenMs` is no number, or `callback` no function.
   * @throws {RangeError} `whenMs` is NaN.
   * @throws {RuntimeError} The loop is closed.
   */
  callAt<A extends unknown[]>(
    whenMs: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkTime(whenMs, "callAt");
    checkCall(this, callback, "callAt");
    const due = { whenMs, sequence: this.#timersMade++, owner: this.#iterations };
    const timer = new TimedCall(this, callback, args, due);
    if (this.#isDebug) noteCreation(timer);
    this.#iterations.addTimer(timer);
    return timer;
  }

  /**
   * Has a function told of errors that nobody else gets; `null` to have them printed.
   *
   * Python: `asyncio.loop.set_exception_handler`
   *
   * @throws {TypeError} It is neither a function nor `null`.
   */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    this.#reports.setHandler(handler);
  }

  /** What is told of errors, if anything was set. Python: `asyncio.loop.get_exception_handler` */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#reports.handler;
  }

  /** Prints what happened on standard error. Python: `asyncio.loop.default_exception_handler` */
  defaultExceptionHandler(context: ExceptionContext): void {
    this.#reports.print(context);
  }

  /** Tells the exception handler what happened. Python: `asyncio.loop.call_exception_handler` */
  callExceptionHandler(context: ExceptionContext): void {
    this.#reports.report(context);
  }

  /** Whether debug mode is on. Python: `asyncio.loop.get_debug` */
  getDebug(): boolean {
    return this.#isDebug;
  }

  /**
   * Switches debug mode on or off. It makes everything slower, and writes on standard error:
   *
   * - steps and callbacks that take long, see {@link Loop.slowCallbackDuration};
   * - operations that were made and never waited for, once they are collected or the program ends;
   * - tasks that were cancelled and returned as if nothing had been;
   * - tasks that were cancelled a second ago, and still await a promise that is not heddle's.
   *
   * With these, and with errors that nobody gets, it tells where the task or callback was made.
   *
   * Python: `asyncio.loop.set_debug`
   * Differs: Python reports coroutines that were never awaited in any mode, and does not report
   *   swallowed cancellations.
   */
  setDebug(isDebug: boolean): void {
    if (isDebug !== this.#isDebug) countDebugLoop(isDebug ? 1 : -1);
    this.#isDebug = isDebug;
    this.#iterations.onStep = isDebug ? this.#reportSlowStep : undefined;
  }

  readonly #reportSlowStep = (step: Runnable, tookMs: number): void => {
    if (tookMs < this.slowCallbackDuration) return;
    warn(
      `Executing ${String(step)} took ${Math.round(tookMs)} ms`,
      ["until it waits at", step.getStack?.()],
      madeAt(step.task ?? step),
    );
  };

  /** Whether the loop has been closed. Python: `asyncio.loop.is_closed` */
  abstract isClosed(): boolean;
}

/** @throws {TypeError} It is no function. @throws {RuntimeError} The loop is closed. */
export function checkCall(loop: LoopCore, callback: Callback, method: string): void {
  if (typeof callback !== "function")
    throw new TypeError(`Loop.${method}: expected a function, not ${typeof callback}`);
  if (loop.isClosed())
    throw new RuntimeError(`Cannot call Loop.${method}: the event loop is closed`);
}

function checkTime(timeMs: unknown, method: string): void {
  if (typeof timeMs !== "number")
    throw new TypeError(`Loop.${method}: expected milliseconds, not ${typeof timeMs}`);
  if (Number.isNaN(timeMs)) throw new RangeError(`Loop.${method}: the time must not be NaN`);
}
