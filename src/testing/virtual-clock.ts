/** Time that passes only when nothing else is to be done. */
import { checkedFunction } from "../base/functions.ts";
import { platform } from "#platform";
import { showAsText } from "../base/text.ts";
import { checkedNumber, checkedOptions, checkedType } from "../base/options.ts";

/** How a {@link VirtualClock} goes. Python: none */
export interface VirtualClockOptions {
  /** Whether the clock goes on by itself whenever its loop waits for a timer. Default: true. */
  readonly autojump?: boolean | undefined;
}

interface Alarm {
  readonly timeMs: number;
  readonly wake: () => void;
}

/**
 * The clock of an asyncio loop in a test: hours of `sleep` take no time.
 *
 * Whenever its loop has nothing to run, or none of its loops has, the clock jumps to the
 * time of the first timer. It knows nothing of what else a program may wait for, such as
 * a socket.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { Loop, run, sleep } from "heddle/asyncio";
 * import { VirtualClock } from "heddle/testing";
 *
 * const clock = new VirtualClock();
 * await run(() => sleep(3_600_000), { loopFactory: () => new Loop({ clock }) });
 * console.log(clock.time()); // 3600000
 * ```
 */
export class VirtualClock {
  readonly #jumps: boolean;
  #timeMs = 0;
  #alarms: Alarm[] = [];
  #busyLoops = 0;
  #isJumpDue = false;

  static {
    showAsText(
      this.prototype,
      (clock) => `<VirtualClock after ${clock.#timeMs} ms, timers:${clock.#alarms.length}>`,
    );
  }

  /**
   * @param options.autojump Give false to move the time yourself, by {@link VirtualClock.advance}.
   * @throws {TypeError} An option is unknown.
   */
  constructor(options?: VirtualClockOptions) {
    const { autojump = true } = checkedOptions(options, ["autojump"], "VirtualClock");
    this.#jumps = checkedType(autojump, "boolean", 'VirtualClock: "autojump"');
  }

  /** The time, in milliseconds since the clock was made. Python: none */
  time(): number {
    return this.#timeMs;
  }

  /** For loops: calls `wake` once that time, in milliseconds, has come, unless it is cancelled before. Python: none */
  wakeAt(timeMs: number, wake: () => void): { cancel(): void } {
    checkedType(timeMs, "number", "VirtualClock.wakeAt: timeMs");
    if (!(timeMs < Infinity))
      throw new RangeError(`VirtualClock.wakeAt: timeMs must be finite, got ${timeMs}`);
    const alarm = { timeMs, wake: checkedFunction(wake, "VirtualClock.wakeAt: wake") };
    this.#alarms.push(alarm);
    this.#jumpWhenIdle();
    return { cancel: () => void (this.#alarms = this.#alarms.filter((other) => other !== alarm)) };
  }

  /** For loops: the time stands still from here. Python: none */
  loopBusy(): void {
    this.#busyLoops += 1;
  }

  /** For loops: the time may go on. Python: none */
  loopIdle(): void {
    this.#busyLoops -= 1;
    this.#jumpWhenIdle();
  }

  /**
   * Moves the time on, and wakes the loops whose timers are due. Never waits.
   *
   * Python: none
   *
   * @param ms Milliseconds.
   * @throws {RangeError} `ms` is negative or not finite.
   *
   * @example
   * ```ts
   * import { createTask, Loop, run, sleep } from "heddle/asyncio";
   * import { VirtualClock } from "heddle/testing";
   *
   * const clock = new VirtualClock({ autojump: false });
   * const main = async (): Promise<void> => {
   *   const task = createTask(sleep(1000));
   *   await sleep(0);
   *   clock.advance(999);
   *   await sleep(0);
   *   console.log(task.done()); // false
   *   clock.advance(1);
   *   await task;
   * };
   * await run(main, { loopFactory: () => new Loop({ clock }) });
   * ```
   */
  advance(ms: number): void {
    checkedNumber(ms, 0, "VirtualClock.advance: ms");
    this.#timeMs += ms;
    const due = this.#alarms.filter((alarm) => alarm.timeMs <= this.#timeMs);
    this.#alarms = this.#alarms.filter((alarm) => alarm.timeMs > this.#timeMs);
    due.sort((one, other) => one.timeMs - other.timeMs);
    for (const alarm of due) alarm.wake();
  }

  #jumpWhenIdle(): void {
    if (!this.#jumps || this.#isJumpDue || this.#busyLoops > 0 || this.#alarms.length === 0) return;
    this.#isJumpDue = true;
    // A turn later: what is on its way now may come first.
    platform.nextTurn(this.#jump);
  }

  readonly #jump = (): void => {
    this.#isJumpDue = false;
    if (this.#busyLoops > 0 || this.#alarms.length === 0) return; // the loop that is idle next jumps
    const nextMs = Math.min(...this.#alarms.map((alarm) => alarm.timeMs));
    this.advance(Math.max(0, nextMs - this.#timeMs));
    this.#jumpWhenIdle();
  };
}
