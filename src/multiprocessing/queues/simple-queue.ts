/** Python's SimpleQueue between processes. */
import { define } from "../../base/define.ts";
import { showAsText } from "../../base/text.ts";
import { reduce } from "../../shipping/reduce.ts";
import type { Waiting } from "../../waiting/task-waits.ts";
import {
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../../waiting/wait-options.ts";
import { ChannelQueue, isDescriptor } from "./channel-queue.ts";

/**
 * A queue between processes without a limit, and with few methods. What can be an item is said
 * at {@link Queue}.
 *
 * Python: `multiprocessing.SimpleQueue`
 * Differs: `get` and `put` take a timeout.
 *
 * @example
 * ```ts
 * import { Process, SimpleQueue } from "heddle/multiprocessing";
 *
 * const replies = new SimpleQueue<number>();
 * const child = new Process({
 *   target: (replies: SimpleQueue<number>) => replies.putSync(6 * 7),
 *   args: [replies],
 * });
 * child.start();
 * console.log(await replies.get()); // 42
 * await child.join();
 * ```
 */
export class SimpleQueue<T = unknown> {
  readonly #queue: ChannelQueue;

  static {
    showAsText(this.prototype);
    // Not written as a method, since its key is an imported symbol.
    define(this.prototype, reduce, function value(this: SimpleQueue) {
      return [this.constructor, [this.#queue.describe()]];
    });
  }

  /** @throws {UnsupportedError} The runtime has no processes. */
  constructor(...given: readonly never[]) {
    const [descriptor] = given as readonly unknown[];
    if (given.length > 0 && !isDescriptor(descriptor)) {
      throw new TypeError("SimpleQueue: the constructor takes no arguments");
    }
    this.#queue = new ChannelQueue("SimpleQueue", isDescriptor(descriptor) ? descriptor : 0);
  }

  /**
   * Puts an item; never waits.
   *
   * Python: `multiprocessing.queues.SimpleQueue.put`
   *
   * @param options.timeout Ignored, as all options are: milliseconds.
   * @throws {SendError} Something in the item cannot be sent.
   * @throws {OSError} The queue has been closed, or the process that made it has ended.
   */
  put(item: T, options?: WaitOptions): Waiting<void> {
    return this.#queue.put(item, options, "SimpleQueue.put");
  }

  /** The same, at once. `options.timeout`, in milliseconds, is ignored. Python: `multiprocessing.queues.SimpleQueue.put` */
  putSync(item: T, options?: SyncWaitOptions): void {
    this.#queue.putSync(item, checkedDeadline(options, "SimpleQueue.putSync"));
  }

  /**
   * Takes the next item out, waiting for one.
   *
   * Python: `multiprocessing.queues.SimpleQueue.get`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; no item is taken then.
   * @throws {Empty} The queue was empty until the timeout.
   * @throws {OSError} The queue has been closed, or the process that made it has ended.
   */
  get(options?: WaitOptions): Waiting<T> {
    return this.#queue.get(options, "SimpleQueue.get") as Waiting<T>;
  }

  /** The blocking twin of {@link SimpleQueue.get}. `options.timeout` is in milliseconds. Python: `multiprocessing.queues.SimpleQueue.get` */
  getSync(options?: SyncWaitOptions): T {
    return this.#queue.getSync(checkedDeadline(options, "SimpleQueue.getSync")) as T;
  }

  /**
   * Whether there is no item inside, at this moment. Blocks until the process answers that made the
   * queue.
   *
   * Python: `multiprocessing.queues.SimpleQueue.empty`
   *
   * @throws {OSError} The queue has been closed.
   */
  empty(): boolean {
    return this.#queue.size === 0;
  }

  /** Gives this process's queue up; others keep theirs. May be called again. Python: `multiprocessing.queues.SimpleQueue.close` */
  close(): void {
    this.#queue.close();
  }

  /** The state in words. Python: none */
  toString(): string {
    return this.#queue.toString();
  }
}
