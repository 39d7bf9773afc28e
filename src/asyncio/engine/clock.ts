/** Where a loop has its time from. */

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
}

/** The longest delay that the runtimes' timers take; who is woken early waits again. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** Real time. Its alarms keep the agent alive. */
export const realClock: LoopClock = {
  time: () => performance.now(),
  wakeAt: (timeMs, wake) => {
    const delayMs = Math.ceil(timeMs - performance.now());
    const timer = setTimeout(wake, Math.min(Math.max(delayMs, 0), LONGEST_DELAY_MS));
    return { cancel: () => clearTimeout(timer) };
  },
};
