/**
 * A loop's timers, the earliest first; those of the same time in the order in which they were set.
 *
 * A cancelled timer stays where it is until it comes to the top: most never do,
 * since they are taken out together once they are many and more than half of all.
 */
export interface HeapTimer {
  readonly whenMs: number;
  readonly sequence: number;
  readonly isCancelled: boolean;
}

/** Fewer cancelled timers than this are left in peace. */
const WORTH_PURGING = 100;

export class TimerHeap<T extends HeapTimer> {
  #timers: T[] = [];
  #cancelled = 0;

  /** How many there are, cancelled ones included. */
  get size(): number {
    return this.#timers.length;
  }

  add(timer: T): void {
    this.#timers.push(timer);
    this.#siftUp(this.#timers.length - 1, timer);
  }

  /** The earliest that is not cancelled. */
  first(): T | undefined {
    while (this.#timers[0]?.isCancelled) {
      this.#takeFirst();
      this.#cancelled -= 1;
    }
    return this.#timers[0];
  }

  /** Takes the earliest, if it is due by then. */
  takeDue(timeMs: number): T | undefined {
    const first = this.first();
    if (first === undefined || first.whenMs > timeMs) return undefined;
    return this.#takeFirst();
  }

  /** Notes that a timer in here has been cancelled. */
  noteCancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled < WORTH_PURGING || this.#cancelled * 2 < this.#timers.length) return;
    const live = this.#timers.filter((timer) => !timer.isCancelled);
    this.#timers = [];
    this.#cancelled = 0;
    for (const timer of live) this.add(timer);
  }

  clear(): void {
    this.#timers = [];
    this.#cancelled = 0;
  }

  #takeFirst(): T {
    const timers = this.#timers;
    const first = timers[0] as T;
    const last = timers.pop() as T;
    if (timers.length > 0) this.#siftDown(last);
    return first;
  }

  #siftUp(from: number, timer: T): void {
    const timers = this.#timers;
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = timers[parentAt] as T;
      if (!isEarlier(timer, parent)) break;
      timers[at] = parent;
      at = parentAt;
    }
    timers[at] = timer;
  }

  #siftDown(timer: T): void {
    const timers = this.#timers;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= timers.length) break;
      const right = timers[childAt + 1];
      if (right !== undefined && isEarlier(right, timers[childAt] as T)) childAt += 1;
      const child = timers[childAt] as T;
      if (!isEarlier(child, timer)) break;
      timers[at] = child;
      at = childAt;
    }
    timers[at] = timer;
  }
}

function isEarlier(a: HeapTimer, b: HeapTimer): boolean {
  return a.whenMs < b.whenMs || (a.whenMs === b.whenMs && a.sequence < b.sequence);
}
