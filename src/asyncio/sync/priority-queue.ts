import { compareKeys, type Key, keyOf } from "../../base/item-order.ts";
import { BinaryHeap } from "../../base/binary-heap.ts";
import { Queue, type QueueStorage } from "./queue.ts";

/**
 * A {@link Queue} that gives the least item first.
 *
 * Items are ordered as Python orders numbers, strings and tuples: an array
 * `[priority, item]` comes before one with a greater priority.
 *
 * Python: `asyncio.PriorityQueue`
 * Differs: an item that has no order, or none relative to the others, is refused with a
 *   TypeError, and the queue stays as it is.
 *
 * @example
 * ```ts
 * import { PriorityQueue } from "heddle/asyncio";
 *
 * const queue = new PriorityQueue<[number, string]>();
 * queue.putNowait([2, "later"]);
 * queue.putNowait([1, "first"]);
 * console.log(queue.getNowait()[1]); // first
 * ```
 */
export class PriorityQueue<T> extends Queue<T> {
  protected override makeStorage(): QueueStorage<T> {
    return new PriorityStorage<T>();
  }
}

interface Entry<T> {
  readonly key: Key;
  readonly item: T;
}

class PriorityStorage<T> implements QueueStorage<T> {
  readonly #entries = new BinaryHeap<Entry<T>>((a, b) => compareKeys(a.key, b.key) < 0);

  get size(): number {
    return this.#entries.size;
  }

  put(item: T): void {
    this.#entries.add({ key: keyOf(item), item });
  }

  take(): T {
    return this.#entries.takeFirst().item;
  }
}
