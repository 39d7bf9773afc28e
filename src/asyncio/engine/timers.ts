/**
 * A loop's timers, the earliest first; those of the same time in the order in which they were set.
 *
 * A cancelled timer stays where it is until it comes to the top: most never do,
 * since they are taken out together once they are many and more than half of all.
 */
import type { LoopClock } from "../events.ts";
import { BinaryHeap } from "../../base/binary-heap.ts";

export interface HeapTimer {
  readonly whenMs: number;
  readonly sequence: number;
  readonly isCancelled: boolean;
}

/** Fewer cancelled timers than this are not removed early. */
const WORTH_PURGING = 100;

export class TimerHeap<T extends HeapTimer> {
  readonly #timers = new BinaryHeap<T>(isEarlier);
  #cancelled = 0;

  /** How many there are, cancelled ones included. */
  get size(): number {
    return this.#timers.size;
  }

  add(timer: T): void {
    this.#timers.add(timer);
  }

  /** The earliest that is not cancelled. */
  first(): T | undefined {
    while (this.#timers.first?.isCancelled) {
      this.#timers.takeFirst();
      this.#cancelled -= 1;
    }
    return this.#timers.first;
  }

  /** Takes the earliest, if it is due by then. */
  takeDue(timeMs: number): T | undefined {
    const first = this.first();
    if (first === undefined || first.whenMs > timeMs) return undefined;
    return this.#timers.takeFirst();
  }

  /** Notes that a timer in here has been cancelled. */
  noteCancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled < WORTH_PURGING || this.#cancelled * 2 < this.#timers.size) return;
    this.#timers.filter((timer) => !timer.isCancelled);
    this.#cancelled = 0;
  }

  clear(): void {
    this.#timers.clear();
    this.#cancelled = 0;
  }
}

function isEarlier(a: HeapTimer, b: HeapTimer): boolean {
  return a.whenMs < b.whenMs || (a.whenMs === b.whenMs && a.sequence < b.sequence);
}

/** The longest delay that the runtimes' timers take; an alarm that goes off early is set again. */
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
