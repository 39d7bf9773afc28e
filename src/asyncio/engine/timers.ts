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

export class TimerHeap<T extends HeapTimer> extends BinaryHeap<T> {
  #cancelled = 0;

  constructor() {
    super(isEarlier);
  }

  /** The earliest that is not cancelled. */
  earliest(): T | undefined {
    while (this.first?.isCancelled) {
      this.takeFirst();
      this.#cancelled -= 1;
    }
    return this.first;
  }

  /** Takes the earliest, if it is due by then. */
  takeDue(timeMs: number): T | undefined {
    const first = this.earliest();
    if (first === undefined || first.whenMs > timeMs) return undefined;
    return this.takeFirst();
  }

  /** Notes that a timer in here has been cancelled. */
  noteCancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled < WORTH_PURGING || this.#cancelled * 2 < this.size) return;
    this.filter((timer) => !timer.isCancelled);
    this.#cancelled = 0;
  }
}

function isEarlier(a: HeapTimer, b: HeapTimer): boolean {
  return a.whenMs < b.whenMs || (a.whenMs === b.whenMs && a.sequence < b.sequence);
}

/** The longest delay that the runtimes' timers take; an alarm that goes off early is set again. */
const LONGEST_DELAY_MS = 2_147_483_647;

/** Real time. Its alarms keep the agent alive. */
export const realClock: LoopClock = {
  time: () => performance.now(),
  wakeAt: (timeMs, wake) => {
    const delayMs = Math.ceil(timeMs - performance.now());
    const timer = setTimeout(wake, Math.min(Math.max(delayMs, 0), LONGEST_DELAY_MS));
    return { cancel: () => clearTimeout(timer) };
  },
};
