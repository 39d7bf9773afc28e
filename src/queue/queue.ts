/** Python's queue, first in, first out. */
import { showAsText } from "../base/text.ts";
import { QUEUE } from "../program/kinds.ts";
import { isOpening } from "../program/shared-object.ts";
import { checkedOptions } from "../base/options.ts";
import { TAKES_NOTHING, type Waiting, waitingFor } from "../waiting/task-waits.ts";
import {
  type CheckedWait,
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { tellsWaiting } from "../waiting/wait-point.ts";
import { TimeoutError } from "../errors.ts";
import { SharedQueue } from "./shared-queue.ts";

/** How a queue ends. Python: none */
export interface ShutdownOptions {
  /** Whether what is still inside is dropped, and counts as done. Default: false. */
  readonly immediate?: boolean | undefined;
}

/**
 * A queue between threads: the first item put is the first got.
 *
 * Any thread puts and gets. Items are copied into memory that all threads share,
 * so an item waits there whatever becomes of the thread that put it. Whatever
 * structured clone copies can be an item; errors keep their class, and shared
 * objects inside (locks, events, queues) arrive as the same objects. The queue
 * itself can be an argument or an item.
 *
 * A thread that dies at any moment, also in the middle of a put or a get, leaves
 * the queue whole; an item that it was just getting is gone.
 *
 * Python: `queue.Queue`
 * Differs: items are copies. `block=False` is `putNowait`, `getNowait` or `timeout: 0`. A
 *   subclass cannot change the order of items. An item cannot be or contain a SharedArrayBuffer,
 *   a port or a stream: only messages can carry these.
 *
 * @example Work for two threads
 * ```ts
 * import { Queue } from "heddle/queue";
 * import { Thread } from "heddle/threading";
 *
 * const tasks = new Queue<number>();
 * const squares = new Queue<number>();
 * const work = (tasks: Queue<number>, squares: Queue<number>): void => {
 *   for (let n = tasks.getSync(); n > 0; n = tasks.getSync()) {
 *     squares.putSync(n * n);
 *     tasks.taskDone();
 *   }
 * };
 * const threads = [1, 2].map(() => new Thread({ target: work, args: [tasks, squares] }));
 * for (const thread of threads) thread.start();
 * for (const n of [1, 2, 3, 4]) tasks.putNowait(n);
 * await tasks.join();
 * for (const _ of threads) tasks.putNowait(0);
 * for (const thread of threads) await thread.join();
 * let sum = 0;
 * while (!squares.empty()) sum += squares.getNowait();
 * console.log(sum); // 30
 * ```
 */
export class Queue<T = unknown> {
  /** Which kind of shared object the instances are. @internal */
  static readonly kind: number = QUEUE;

  readonly #queue: SharedQueue;

  static {
    showAsText(this.prototype);
    tellsWaiting(this.prototype, (queue) => queue.#queue.waiting);
  }

  /**
   * @param maxsize Most items at once; 0 or less for no limit.
   * @throws {TypeError} `maxsize` is not an integer.
   * @throws {RangeError} `maxsize` is above 2147483647.
   */
  constructor(maxsize: number = 0) {
    const most = isOpening() ? 0 : checkedMaxsize(maxsize);
    this.#queue = new SharedQueue(this, new.target.kind, most);
  }

  /**
   * Puts an item, waiting while the queue is full.
   *
   * Python: `queue.Queue.put`
   *
   * Differs: the item is copied when this is called, even if it then waits.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason; the item is not put then.
   * @throws {Full} The queue was full until the timeout.
   * @throws {ShutDown} The queue has been shut down, before or while this waits.
   * @throws {SendError} Something in the item cannot be copied.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`; or there is no
   *   shared memory left.
   *
   * @example
   * ```ts
   * import { Full, Queue } from "heddle/queue";
   *
   * const queue = new Queue<string>(1);
   * await queue.put("first");
   * const second = queue.put("second", { timeout: 10 });
   * await second.catch((error) => console.log(error instanceof Full)); // true
   * ```
   */
  put(item: T, options?: WaitOptions): Waiting<void> {
    return waitingFor(options, "Queue.put", (wait) => this.#queue.put(item, wait));
  }

  /**
   * The blocking twin of {@link Queue.put}. `options.timeout` is in milliseconds.
   *
   * Python: `queue.Queue.put`
   *
   * @throws {CannotBlockError} The queue is full, and the calling thread may not block.
   * @throws {DeadlockError} No thread that could make room will ever run again.
   */
  putSync(item: T, options?: SyncWaitOptions): void {
    this.#queue.putSync(item, checkedDeadline(options, "Queue.putSync"));
  }

  /**
   * Puts an item if there is room. Never waits.
   *
   * Python: `queue.Queue.put_nowait`
   *
   * @throws {Full} There is none.
   * @throws {ShutDown} The queue has been shut down.
   * @throws {SendError} Something in the item cannot be copied.
   */
  putNowait(item: T): void {
    this.#queue.tryPut(item);
  }

  /**
   * Takes the next item out, waiting for one.
   *
   * Python: `queue.Queue.get`
   *
   * Differs: a wait that lost a `Promise.race` goes on, and takes the next item. Use `timeout`, or
   *   abort `signal`.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason; no item is taken then.
   * @returns The item.
   * @throws {Empty} The queue was empty until the timeout.
   * @throws {ShutDown} The queue is empty and has been shut down, before or while this waits.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   *
   * @example
   * ```ts
   * import { Queue } from "heddle/queue";
   *
   * const queue = new Queue<string>();
   * const next = queue.get();
   * await queue.put("hello");
   * console.log(await next); // hello
   * ```
   */
  get(options?: WaitOptions): Waiting<T> {
    return this.#queue.get(options, "Queue.get") as Waiting<T>;
  }

  /**
   * The blocking twin of {@link Queue.get}. `options.timeout` is in milliseconds.
   *
   * Python: `queue.Queue.get`
   *
   * @throws {CannotBlockError} The queue is empty, and the calling thread may not block.
   * @throws {DeadlockError} No thread that could put an item will ever run again.
   */
  getSync(options?: SyncWaitOptions): T {
    return this.#queue.getSync(checkedDeadline(options, "Queue.getSync")) as T;
  }

  /**
   * Takes the next item out if there is one. Never waits.
   *
   * Python: `queue.Queue.get_nowait`
   *
   * @throws {Empty} There is none.
   * @throws {ShutDown} There is none, and the queue has been shut down.
   */
  getNowait(): T {
    return this.#queue.tryGet() as T;
  }

  /** How many items are inside, at this moment. Python: `queue.Queue.qsize` */
  qsize(): number {
    return this.#queue.size;
  }

  /** Whether there is no item inside, at this moment. Python: `queue.Queue.empty` */
  empty(): boolean {
    return this.#queue.size === 0;
  }

  /** Whether there is no room, at this moment; never without a limit. Python: `queue.Queue.full` */
  full(): boolean {
    return this.#queue.isFull;
  }

  /**
   * Reports one item done that was got. When all are that were put, those go on
   * that wait in `join`.
   *
   * Python: `queue.Queue.task_done`
   *
   * @throws {RangeError} All items have been reported done already.
   */
  taskDone(): void {
    if (this.#queue.taskDone()) return;
    throw new RangeError(
      "Cannot report an item done: taskDone() was called more often than items were put",
    );
  }

  /**
   * Resolves once every item that was put has been reported done.
   *
   * Python: `queue.Queue.join`
   *
   * Differs: takes a timeout; Python's `join` does not.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   * @throws {TimeoutError} Some had not been when the timeout came.
   */
  join(options?: WaitOptions): Waiting<void> {
    const join = async (wait: CheckedWait): Promise<void> => {
      if (!(await this.#queue.join(wait))) throw notDone();
    };
    return waitingFor(options, "Queue.join", join, { taking: TAKES_NOTHING, quick: undefined });
  }

  /**
   * The blocking twin of {@link Queue.join}. `options.timeout` is in milliseconds.
   *
   * Python: `queue.Queue.join`
   *
   * @throws {CannotBlockError} Not all items are done, and the calling thread may not block.
   */
  joinSync(options?: SyncWaitOptions): void {
    if (!this.#queue.joinSync(checkedDeadline(options, "Queue.joinSync"))) throw notDone();
  }

  /**
   * Lets nothing more in. What is inside can still be got; then every get throws
   * `ShutDown`, as every put does at once, also those that wait now. Never waits.
   *
   * Python: `queue.Queue.shutdown`
   *
   * @param options.immediate Drops what is inside, and counts it as done.
   *
   * @example
   * ```ts
   * import { Queue, ShutDown } from "heddle/queue";
   *
   * const queue = new Queue<number>();
   * queue.putNowait(1);
   * queue.shutdown();
   * console.log(queue.getNowait()); // 1
   * await queue.get().catch((error) => console.log(error instanceof ShutDown)); // true
   * ```
   */
  shutdown(options?: ShutdownOptions): void {
    const { immediate = false } = checkedOptions(options, ["immediate"], "Queue.shutdown");
    if (typeof immediate !== "boolean") {
      throw new TypeError(
        `Queue.shutdown: "immediate" must be true or false, got ${typeof immediate}`,
      );
    }
    this.#queue.shutdown(immediate);
  }

  /** Whether the queue has been shut down. Python: `queue.Queue.is_shutdown` */
  get isShutdown(): boolean {
    return this.#queue.isShutDown;
  }

  /** How many items were put and not reported done. Python: `queue.Queue.unfinished_tasks` */
  get unfinishedTasks(): number {
    return this.#queue.unfinished;
  }

  /**
   * Most items at once; 0 or less for no limit. A change counts at once, in all threads.
   *
   * Python: `queue.Queue.maxsize`
   */
  get maxsize(): number {
    return this.#queue.maxsize;
  }

  set maxsize(maxsize: number) {
    this.#queue.maxsize = checkedMaxsize(maxsize);
  }

  /** The queue's state in words: `<Queue-1 size=2/5>`. Python: `queue.Queue.__repr__` */
  toString(): string {
    return this.#queue.toString();
  }
}

function checkedMaxsize(maxsize: unknown): number {
  if (maxsize === Infinity) return 0;
  if (typeof maxsize !== "number" || !Number.isInteger(maxsize)) {
    throw new TypeError(
      `Queue: "maxsize" must be an integer, got ${typeof maxsize === "number" ? maxsize : typeof maxsize}`,
    );
  }
  if (maxsize > 2 ** 31 - 1) {
    throw new RangeError(`Queue: "maxsize" must be at most ${2 ** 31 - 1}, got ${maxsize}`);
  }
  return Math.max(0, maxsize);
}

function notDone(): TimeoutError {
  return new TimeoutError("Timed out waiting for all items of the queue to be reported done");
}
