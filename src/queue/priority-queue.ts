/** Python's queue, smallest item first. */
import { PRIORITY_QUEUE } from "../program/kinds.ts";
import { Queue } from "./queue.ts";

/** What a {@link PriorityQueue} can put in order. Python: none */
export type Ordered = number | bigint | string | boolean | readonly [Ordered, ...unknown[]];

/**
 * A queue between threads whose smallest item is the first got.
 *
 * Numbers, bigints and booleans are compared by value, strings by code units,
 * arrays as Python compares tuples: the first elements that differ decide. So
 * `[priority, item]` is got by priority. Among equals there is no order: put a
 * number that counts up between the two, `[priority, count, item]`.
 *
 * In everything else it is a {@link Queue}.
 *
 * Python: `queue.PriorityQueue`
 * Differs: objects other than arrays have no order, and there is no comparison function, since
 *   the threads that get items would need it, too. An item that cannot be compared is refused;
 *   Python raises after it has put the item. `getNowait` and the like never throw because items
 *   cannot be compared.
 *
 * @example
 * ```ts
 * import { PriorityQueue } from "heddle/queue";
 *
 * const queue = new PriorityQueue<[priority: number, name: string]>();
 * queue.putNowait([2, "later"]);
 * queue.putNowait([1, "sooner"]);
 * console.log(queue.getNowait()[1]); // sooner
 * ```
 *
 * @example What has no order cannot be put
 * ```ts
 * import { PriorityQueue } from "heddle/queue";
 *
 * const queue = new PriorityQueue<[number, object]>();
 * queue.putNowait([1, { task: "a" }]);
 * queue.putNowait([2, { task: "b" }]);
 * try {
 *   queue.putNowait([1, { task: "c" }]);
 * } catch (error) {
 *   console.log((error as Error).name); // TypeError
 * }
 * ```
 */
export class PriorityQueue<T extends Ordered = Ordered> extends Queue<T> {
  /** Which kind of shared object the instances are. @internal */
  static override readonly kind: number = PRIORITY_QUEUE;
}
