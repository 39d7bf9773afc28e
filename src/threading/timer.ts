/** Python's Timer. */
import type { AnyFunction } from "../base/functions.ts";
import { checkedFunction } from "../base/functions.ts";
import { Event } from "./event.ts";
import { Thread } from "./thread.ts";
import type { TimerStart } from "../_thread/thread-start.ts";

/**
 * A thread that calls a function after a while, unless it is cancelled before.
 *
 * The function runs in the timer's thread: it must be exported, marked with
 * `task`, or self-contained. To run code of this thread later, use `setTimeout`.
 *
 * Python: `threading.Timer`
 * Differs: the interval is in milliseconds.
 *
 * @example
 * ```ts
 * import { Timer } from "heddle/threading";
 *
 * const timer = new Timer(10, (a: number, b: number) => a + b, [1, 2]);
 * timer.start();
 * console.log(await timer); // 3
 * ```
 */
export class Timer<R = unknown> extends Thread<R> {
  /** How long it waits before the call, in milliseconds. Python: `threading.Timer.interval` */
  readonly interval: number;
  /** Set once the function has returned, or the timer was cancelled. Python: `threading.Timer.finished` */
  readonly finished: Event = new Event();

  /**
   * @param interval How long to wait before the call, in milliseconds.
   * @param fn Exported, marked with `task`, or self-contained.
   * @param args The function's arguments.
   * @param kwargs Passed as one object behind the arguments.
   * @throws {RangeError} The interval is negative or no number.
   * @throws {TypeError} `fn` is not a function.
   */
  constructor(
    interval: number,
    fn: (...args: never[]) => R | PromiseLike<R>,
    args?: readonly unknown[] | null,
    kwargs?: object | null,
  ) {
    if (typeof interval !== "number" || !(interval >= 0)) {
      throw new RangeError(
        `Timer: interval must be 0 or more milliseconds, got ${String(interval)}`,
      );
    }
    super({
      target: checkedFunction(fn, "Timer: fn") as AnyFunction,
      args: (args ?? []) as never,
      ...(kwargs === undefined || kwargs === null ? {} : { kwargs }),
    } as never);
    this.interval = interval;
  }

  /** Keeps the function from being called, if it has not begun; may be called before the start. Python: `threading.Timer.cancel` */
  cancel(): void {
    this.finished.set();
  }

  /** @internal */
  protected override timerStart(): TimerStart {
    return { finished: this.finished, intervalMs: this.interval };
  }
}
