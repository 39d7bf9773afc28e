/** Python's Timer. */
import { checkedType } from "../base/options.ts";
import type { AnyFunction } from "../base/functions.ts";
import { checkedFunction } from "../base/functions.ts";
import { RuntimeError } from "../errors.ts";
import { Event } from "./event.ts";
import { Thread } from "./thread.ts";
import type { TimerStart } from "../_thread/thread-start.ts";
import type { Giving } from "../base/advice.ts";

/**
 * A thread that calls a function after a while, unless it is cancelled before.
 *
 * The function runs in the timer's thread: it takes along what it uses of
 * its module. To run code of this thread later, use `setTimeout`.
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
  // Not public fields: those of a subclass's object are copied into the thread, and functions cannot be.
  readonly #function: (...args: never[]) => R | PromiseLike<R>;
  readonly #args: readonly unknown[];
  readonly #kwargs: object;

  /** What it calls; known in the thread that made the timer. Python: `threading.Timer.function` */
  get function(): (...args: never[]) => R | PromiseLike<R> {
    return #function in this ? this.#function : unknownHere("function");
  }

  /** The function's arguments, without `kwargs`; known in the thread that made the timer. Python: `threading.Timer.args` */
  get args(): readonly unknown[] {
    return #args in this ? this.#args : unknownHere("args");
  }

  /** What the function is passed behind the arguments; empty if nothing; known in the thread that made the timer. Python: `threading.Timer.kwargs` */
  get kwargs(): object {
    return #kwargs in this ? this.#kwargs : unknownHere("kwargs");
  }

  /**
   * @param interval How long to wait before the call, in milliseconds.
   * @param fn Takes along what it uses of its module.
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
    checkedType(interval, "number", "Timer: interval");
    if (!(interval >= 0))
      throw new RangeError(`Timer: interval must be 0 or more milliseconds, got ${interval}`);
    super({
      target: checkedFunction(fn, "Timer: fn") as AnyFunction,
      args: (args ?? []) as never,
      ...(kwargs === undefined || kwargs === null ? {} : { kwargs }),
    } as never);
    this.interval = interval;
    this.#function = fn;
    this.#args = [...(args ?? [])];
    this.#kwargs = { ...kwargs };
  }

  /** Keeps the function from being called, if it has not begun; may be called before the start. Python: `threading.Timer.cancel` */
  cancel(): void {
    this.finished.set();
  }

  /** @internal */
  protected override giving(): Giving {
    return (fn, values) => `new Timer(interval, ${fn}, [${values}])`;
  }

  /** @internal */
  protected override timerStart(): TimerStart {
    return { finished: this.finished, intervalMs: this.interval };
  }
}

function unknownHere(what: string): never {
  throw new RuntimeError(
    `Cannot read the timer's ${what}: only the thread that made the timer knows it`,
  );
}
