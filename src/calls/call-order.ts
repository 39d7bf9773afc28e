/**
 * Calls that wait for their turn where some are more urgent than others. The workers take calls in the
 * order in which they get them, so a pool that is ordered hands over no more than they can run at once.
 *
 * Waiting counts: a call that has waited for AGE_MS longer than another one comes before it, though its
 * priority is less by one. So each call has an instant by which they are ordered, which does not
 * change while it waits, and no call waits for ever behind more urgent ones.
 */
import { BinaryHeap } from "../base/binary-heap.ts";
import type { Call } from "./call.ts";

/** How long a wait is worth as much as a priority that is greater by one, in milliseconds. */
const AGE_MS = 1000;

/** What is to be handed to a worker. */
export interface OrderedCall {
  readonly call: Call;
  readonly functionId: number;
  /** A copy. */
  readonly args: readonly unknown[];
}

interface Entry extends OrderedCall {
  readonly keyMs: number;
  /** Of equal ones, that which came first is first. */
  readonly number: number;
}

export class CallOrder {
  readonly #heap = new BinaryHeap<Entry>((a, b) =>
    a.keyMs === b.keyMs ? a.number < b.number : a.keyMs < b.keyMs,
  );
  readonly #waiting = new Set<Call>();
  #count = 0;

  get size(): number {
    return this.#waiting.size;
  }

  add(ordered: OrderedCall): void {
    const priority = ordered.call.wishes?.priority ?? 0;
    const keyMs = performance.now() - priority * AGE_MS;
    this.#waiting.add(ordered.call);
    this.#heap.add({ ...ordered, keyMs, number: this.#count++ });
  }

  /** Takes the next one, if there is one. */
  take(): OrderedCall | undefined {
    while (this.#heap.size > 0) {
      const next = this.#heap.takeFirst();
      if (this.#waiting.delete(next.call)) return next;
    }
    return undefined;
  }

  /** Whether the call waited here; it does not any more. */
  remove(call: Call): boolean {
    if (!this.#waiting.delete(call)) return false;
    // Its arguments are let go of when most of what is here is such.
    if (this.#heap.size > 2 * this.#waiting.size)
      this.#heap.filter((entry) => this.#waiting.has(entry.call));
    return true;
  }

  all(): readonly Call[] {
    return [...this.#waiting];
  }
}
