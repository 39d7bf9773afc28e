/** Python's queue, last in, first out. */
import { LIFO_QUEUE } from "../program/kinds.ts";
import { Queue } from "./queue.ts";

/**
 * A queue between threads whose latest item is the first got.
 *
 * In everything else it is a {@link Queue}.
 *
 * Python: `queue.LifoQueue`
 *
 * @example
 * ```ts
 * import { LifoQueue } from "heddle/queue";
 *
 * const queue = new LifoQueue<string>();
 * queue.putNowait("first");
 * queue.putNowait("second");
 * console.log(queue.getNowait()); // second
 * ```
 */
export class LifoQueue<T = unknown> extends Queue<T> {
  /** Which kind of shared object the instances are. @internal */
  static override readonly kind: number = LIFO_QUEUE;
}
