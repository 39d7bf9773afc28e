/** Python's Queue between processes. */
import { define } from "../../base/define.ts";
import { checkedInteger } from "../../base/options.ts";
import { showAsText } from "../../base/text.ts";
import { reduce } from "../../shipping/reduce.ts";
import { type Waiting, waitingFor } from "../../waiting/task-waits.ts";
import {
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../../waiting/wait-options.ts";
import { ChannelQueue, isDescriptor } from "./channel-queue.ts";

const MOST = 2 ** 31 - 1;

/** The queue behind an object. Not public. */
export let channelOf: (queue: Queue) => ChannelQueue;

/**
 * A queue between processes, and threads: the first item put is the first got.
 *
 * It can be an argument of a process, a thread or a call to a pool, a message of a connection, and
 * an item. Items are copied, as arguments are. They lie with the process that made the queue, and
 * are lost when that ends.
 *
 * Python: `multiprocessing.Queue`
 * Differs: an item is copied when it is put, and refused then if it cannot be sent. There is no
 *   feeder thread of the queue's own, so that `joinThread` waits for what was put and can be called
 *   at any time. A closed queue throws an `OSError`.
 *
 * @example
 * ```ts
 * import { Process, Queue } from "heddle/multiprocessing";
 *
 * const queue = new Queue<string>();
 * const child = new Process({
 *   target: async (queue: Queue<string>) => queue.put("from the child"),
 *   args: [queue],
 * });
 * child.start();
 * console.log(await queue.get()); // from the child
 * await child.join();
 * ```
 */
export class Queue<T = unknown> {
  readonly #queue: ChannelQueue;

  static {
    showAsText(this.prototype);
    // Not written as a method, since its key is an imported symbol.
    define(this.prototype, reduce, function value(this: Queue) {
      return [this.constructor, [this.#queue.describe()]];
    });
    channelOf = (queue) => queue.#queue;
  }

  /**
   * @param maxsize Most items at once; 0 or less for no limit.
   * @throws {TypeError} `maxsize` is not an integer.
   * @throws {UnsupportedError} The runtime has no processes.
   */
  constructor(maxsize: number = 0) {
    const given: unknown = maxsize;
    this.#queue = new ChannelQueue(
      new.target.name,
      isDescriptor(given)
        ? given
        : Math.max(0, checkedInteger(given, -MOST, MOST, 'Queue: "maxsize"')),
    );
  }

  /**
   * Puts an item, waiting while the queue is full.
   *
   * Python: `multiprocessing.queues.Queue.put`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; the item is not put then.
   * @throws {Full} The queue was full until the timeout.
   * @throws {SendError} Something in the item cannot be sent.
   * @throws {OSError} The queue has been closed, or the process that made it has ended.
   */
  put(item: T, options?: WaitOptions): Waiting<void> {
    return this.#queue.put(item, options, "Queue.put");
  }

  /** The blocking twin of {@link Queue.put}. `options.timeout` is in milliseconds. Python: `multiprocessing.queues.Queue.put` */
  putSync(item: T, options?: SyncWaitOptions): void {
    this.#queue.putSync(item, checkedDeadline(options, "Queue.putSync"));
  }

  /**
   * Puts an item if there is room. If the queue has a limit, it blocks until the process answers
   * that made the queue.
   *
   * Python: `multiprocessing.queues.Queue.put_nowait`
   *
   * @throws {Full} There is none.
   */
  putNowait(item: T): void {
    this.#queue.putSync(item, performance.now());
  }

  /**
   * Takes the next item out, waiting for one.
   *
   * Python: `multiprocessing.queues.Queue.get`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; no item is taken then.
   * @throws {Empty} The queue was empty until the timeout.
   * @throws {OSError} The queue has been closed, or the process that made it has ended.
   */
  get(options?: WaitOptions): Waiting<T> {
    return this.#queue.get(options, "Queue.get") as Waiting<T>;
  }

  /**
   * The blocking twin of {@link Queue.get}. `options.timeout` is in milliseconds.
   *
   * Python: `multiprocessing.queues.Queue.get`
   *
   * @throws {SendError} It takes waiting to load a class or function that is in the item, which
   *   stays: use `get`.
   */
  getSync(options?: SyncWaitOptions): T {
    return this.#queue.getSync(checkedDeadline(options, "Queue.getSync")) as T;
  }

  /**
   * Takes the next item out if there is one. Blocks until the process answers that made the queue.
   *
   * Python: `multiprocessing.queues.Queue.get_nowait`
   *
   * @throws {Empty} There is none.
   */
  getNowait(): T {
    return this.#queue.getSync(performance.now()) as T;
  }

  /** How many items are inside, at this moment. Blocks until the process answers that made the queue. Python: `multiprocessing.queues.Queue.qsize` */
  qsize(): number {
    return this.#queue.size;
  }

  /** Whether there is no item inside; see {@link Queue.qsize}. Python: `multiprocessing.queues.Queue.empty` */
  empty(): boolean {
    return this.#queue.size === 0;
  }

  /** Whether there is no room; see {@link Queue.qsize}. Never without a limit. Python: `multiprocessing.queues.Queue.full` */
  full(): boolean {
    return this.#queue.isFull;
  }

  /** Gives this process's queue up; others keep theirs. May be called again. Python: `multiprocessing.queues.Queue.close` */
  close(): void {
    this.#queue.close();
  }

  /**
   * Resolves when all that was put here is with the process that made the queue. A process waits
   * for that when it ends.
   *
   * Python: `multiprocessing.queues.Queue.join_thread`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   */
  joinThread(options?: WaitOptions): Waiting<void> {
    return waitingFor(options, "Queue.joinThread", (wait) => this.#queue.flush(wait));
  }

  /**
   * Does nothing: a process that ends waits until what it has put is with the process that made
   * the queue, five seconds at most, and not until that is received. So it cannot hang there.
   *
   * Python: `multiprocessing.queues.Queue.cancel_join_thread`
   */
  cancelJoinThread(): void {}

  /** The state in words: `<Queue maxsize=5>`. Python: none */
  toString(): string {
    return this.#queue.toString();
  }
}
