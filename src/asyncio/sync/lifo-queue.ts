import { Queue, type QueueStorage } from "./queue.ts";

/**
 * A {@link Queue} that gives the item first that was put in last.
 *
 * Python: `asyncio.LifoQueue`
 *
 * @example
 * ```ts
 * import { LifoQueue } from "heddle/asyncio";
 *
 * const queue = new LifoQueue<number>();
 * queue.putNowait(1);
 * queue.putNowait(2);
 * console.log(queue.getNowait()); // 2
 * ```
 */
export class LifoQueue<T> extends Queue<T> {
  protected override makeStorage(): QueueStorage<T> {
    return new LifoStorage<T>();
  }
}

class LifoStorage<T> implements QueueStorage<T> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  put(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    return this.#items.pop() as T;
  }
}
