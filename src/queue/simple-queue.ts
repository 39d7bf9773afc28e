/** Python's queue without a limit and without an end. */
import { checkedOptions } from "../base/options.ts";
import { showAsText } from "../base/text.ts";
import { SIMPLE_QUEUE } from "../program/kinds.ts";
import { type Waiting, waiting } from "../waiting/task-waits.ts";
import {
  checkedDeadline,
  type CheckedWait,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { tellsWaiting } from "../waiting/wait-point.ts";
import { SharedQueue } from "./shared-queue.ts";

/** Takes the next item by options that have been checked. Not public. */
export let takeFrom: (queue: SimpleQueue, wait: CheckedWait) => Promise<unknown>;
/** Puts bytes, of which the taker gets a copy. Not public. */
export let putBytesInto: (queue: SimpleQueue, bytes: Uint8Array) => void;
/** The blocking twin of {@link takeFrom}, for what another process sends. Not public. */
export let takeSyncFrom: (queue: SimpleQueue, deadlineMs: number) => unknown;

/**
 * A queue between threads without a limit: the first item put is the first got.
 *
 * It does not count what is done, and cannot be shut down. What can be an item
 * is said at {@link Queue}.
 *
 * Python: `queue.SimpleQueue`
 *
 * @example
 * ```ts
 * import { SimpleQueue } from "heddle/queue";
 * import { Thread } from "heddle/threading";
 *
 * const replies = new SimpleQueue<string>();
 * const thread = new Thread({
 *   target: (replies: SimpleQueue<string>) => replies.putSync("hello"),
 *   args: [replies],
 * });
 * thread.start();
 * console.log(await replies.get()); // hello
 * await thread.join();
 * ```
 */
export class SimpleQueue<T = unknown> {
  readonly #queue: SharedQueue;

  static {
    showAsText(this.prototype);
    tellsWaiting(this.prototype, (queue) => queue.#queue.waiting);
    takeFrom = (queue, wait) => queue.#queue.take(wait);
    putBytesInto = (queue, bytes) => queue.#queue.tryPutBytes(bytes);
    takeSyncFrom = (queue, deadlineMs) => queue.#queue.getSync(deadlineMs, 0);
  }

  constructor() {
    if (arguments.length > 0) {
      throw new TypeError("SimpleQueue: the constructor takes no arguments");
    }
    this.#queue = new SharedQueue(this, SIMPLE_QUEUE, 0);
  }

  /**
   * Puts an item. Never waits: it returns a promise so that it can stand for {@link Queue.put}.
   *
   * Python: `queue.SimpleQueue.put`
   *
   * @param options Ignored, also the `timeout` in milliseconds: this never waits.
   * @throws {SendError} Something in the item cannot be copied.
   * @throws {RangeError} There is no shared memory left.
   */
  put(item: T, options?: WaitOptions): Waiting<void> {
    return waiting(async () => {
      checkedOptions(options, ["timeout", "signal"], "SimpleQueue.put");
      this.#queue.tryPut(item);
    });
  }

  /** Puts an item, as {@link SimpleQueue.put} does, and never blocks. `options` are ignored, also the `timeout` in milliseconds. Python: `queue.SimpleQueue.put` */
  putSync(item: T, options?: SyncWaitOptions): void {
    checkedOptions(options, ["timeout"], "SimpleQueue.putSync");
    this.#queue.tryPut(item);
  }

  /** Puts an item, as {@link SimpleQueue.put} does. Never waits. Python: `queue.SimpleQueue.put_nowait` */
  putNowait(item: T): void {
    this.#queue.tryPut(item);
  }

  /**
   * Takes the next item out, waiting for one.
   *
   * Python: `queue.SimpleQueue.get`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason; no item is taken then.
   * @returns The item.
   * @throws {Empty} The queue was empty until the timeout.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   */
  get(options?: WaitOptions): Waiting<T> {
    return this.#queue.get(options, "SimpleQueue.get") as Waiting<T>;
  }

  /**
   * The blocking twin of {@link SimpleQueue.get}. `options.timeout` is in milliseconds.
   *
   * Python: `queue.SimpleQueue.get`
   *
   * @throws {CannotBlockError} The queue is empty, and the calling thread may not block.
   * @throws {DeadlockError} No thread that could put an item will ever run again.
   */
  getSync(options?: SyncWaitOptions): T {
    return this.#queue.getSync(checkedDeadline(options, "SimpleQueue.getSync")) as T;
  }

  /**
   * Takes the next item out if there is one. Never waits.
   *
   * Python: `queue.SimpleQueue.get_nowait`
   *
   * @throws {Empty} There is none.
   */
  getNowait(): T {
    return this.#queue.tryGet() as T;
  }

  /** How many items are inside, at this moment. Python: `queue.SimpleQueue.qsize` */
  qsize(): number {
    return this.#queue.size;
  }

  /** Whether there is no item inside, at this moment. Python: `queue.SimpleQueue.empty` */
  empty(): boolean {
    return this.#queue.size === 0;
  }

  /** The queue's state in words: `<SimpleQueue-1 size=2>`. Python: `queue.SimpleQueue.__repr__` */
  toString(): string {
    return this.#queue.toString();
  }
}
