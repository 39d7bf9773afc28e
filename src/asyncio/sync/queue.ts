import { showAsText } from "../../base/text.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { QueueEmpty, QueueFull, QueueShutDown } from "../../errors.ts";
import { checkedOptions } from "../../base/options.ts";
import { coroutine } from "../engine/coroutine.ts";
import { Deque } from "../../base/deque.ts";
import { iterationOf } from "../engine/coroutine.ts";
import { WaitInLine } from "./wait-in-line.ts";
import { Waiters } from "./waiters.ts";

/** Where a queue keeps its items, and in which order it gives them. Python: `asyncio.Queue._init` */
export interface QueueStorage<T> {
  /** How many items are inside. */
  readonly size: number;
  /**
   * Puts an item.
   *
   * Python: `asyncio.Queue._put`
   *
   * @throws The item is refused; nothing has changed.
   */
  put(item: T): void;
  /** Takes the next one; there must be one. Python: `asyncio.Queue._get` */
  take(): T;
}

/** What {@link Queue.shutdown} takes. Python: none */
export interface ShutdownOptions {
  /** Whether to drop what is in the queue. Default: false. */
  readonly immediate?: boolean | undefined;
}

/**
 * A queue for the tasks of one event loop: first in, first out.
 *
 * For threads there is `Queue` of `heddle/queue`, which tasks can wait for too.
 *
 * Python: `asyncio.Queue`
 *
 * @example
 * ```ts
 * import { createTask, Queue, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const queue = new Queue<number>(1);
 *   const producer = createTask(async () => {
 *     for (let n = 0; n < 3; n++) await queue.put(n);
 *     queue.shutdown();
 *   });
 *   for await (const n of queue) console.log(n); // 0, 1, 2
 *   await producer;
 * });
 * ```
 */
export class Queue<T> {
  static {
    showAsText(this.prototype);
  }

  readonly #core: Core<T>;

  /**
   *
   * Python: `asyncio.Queue`
   *
   * @param maxsize Most items at once; with 0 or less there may be any number.
   * @throws {TypeError} `maxsize` is not a number.
   */
  constructor(maxsize: number = 0) {
    if (typeof maxsize !== "number" || Number.isNaN(maxsize)) {
      throw new TypeError(
        `${new.target.name}: "maxsize" must be a number, got ${Number.isNaN(maxsize) ? "NaN" : typeof maxsize}`,
      );
    }
    this.#core = new Core<T>(this, maxsize, this.makeStorage());
  }

  /**
   * Makes what the queue keeps its items in: for subclasses that give them in another order.
   * Called by the constructor.
   *
   * Python: `asyncio.Queue._init`
   */
  protected makeStorage(): QueueStorage<T> {
    return new FifoStorage<T>();
  }

  /** Most items at once; 0 or less for any number. Python: `asyncio.Queue.maxsize` */
  get maxsize(): number {
    return this.#core.maxsize;
  }

  /** How many items are inside. Python: `asyncio.Queue.qsize` */
  qsize(): number {
    return this.#core.storage.size;
  }

  /** Whether there is no item inside. Python: `asyncio.Queue.empty` */
  empty(): boolean {
    return this.#core.isEmpty;
  }

  /** Whether no item can be put in at once. Python: `asyncio.Queue.full` */
  full(): boolean {
    return this.#core.isFull;
  }

  /**
   * Puts an item in, waiting for room.
   *
   * A wait that is cancelled puts nothing in.
   *
   * Python: `asyncio.Queue.put`
   *
   * @throws {QueueShutDown} The queue has been shut down.
   * @throws {RuntimeError} Somebody waits, or has waited, for room in another event loop.
   */
  put(item: T): Awaitable<void> {
    return new Put(this.#core, item);
  }

  /**
   * Puts an item in at once.
   *
   * Python: `asyncio.Queue.put_nowait`
   *
   * @throws {QueueFull} There is no room.
   * @throws {QueueShutDown} The queue has been shut down.
   */
  putNowait(item: T): void {
    const core = this.#core;
    if (core.isShutDown) throw core.refusal("put into");
    if (core.isFull) {
      throw new QueueFull(`Cannot put into ${core.name}: it is full (${this.maxsize})`);
    }
    core.add(item);
  }

  /**
   * Takes the next item out, waiting for one.
   *
   * A wait that is cancelled takes nothing.
   *
   * Python: `asyncio.Queue.get`
   *
   * Differs: a wait that lost a `Promise.race` is not cancelled, and takes the next item. Use
   *   {@link waitFor}, {@link timeout}, or {@link wait} and cancel what is pending.
   *
   * @throws {QueueShutDown} The queue has been shut down, and is empty.
   * @throws {RuntimeError} Somebody waits, or has waited, for an item in another event loop.
   */
  get(): Awaitable<T> {
    return new Get(this.#core);
  }

  /**
   * Takes the next item out at once.
   *
   * Python: `asyncio.Queue.get_nowait`
   *
   * @throws {QueueEmpty} There is none.
   * @throws {QueueShutDown} There is none, and the queue has been shut down.
   */
  getNowait(): T {
    const core = this.#core;
    if (!core.isEmpty) return core.remove();
    if (core.isShutDown) throw core.refusal("get from");
    throw new QueueEmpty(`Cannot get from ${core.name}: it is empty`);
  }

  /**
   * Says that an item which was taken out has been dealt with; see {@link Queue.join}.
   *
   * Python: `asyncio.Queue.task_done`
   *
   * @throws {RangeError} That has been said of every item that was ever put in.
   */
  taskDone(): void {
    this.#core.finishOne();
  }

  /**
   * Waits until {@link Queue.taskDone} has been called for every item that was put in.
   *
   * Python: `asyncio.Queue.join`
   */
  join(): Awaitable<void> {
    return untilFinished(this.#core);
  }

  /**
   * Puts an end to the queue: nothing can be put in any more, and what is inside can be taken out.
   *
   * All who wait for room get a {@link QueueShutDown}, and once it is empty, so do
   * those who wait for an item.
   *
   * Python: `asyncio.Queue.shutdown`
   *
   * @param options.immediate Whether to drop what is inside, as if it had been dealt with.
   */
  shutdown(options?: ShutdownOptions): void {
    const { immediate = false } = checkedOptions(options, ["immediate"], "Queue.shutdown");
    if (typeof immediate !== "boolean") {
      throw new TypeError(
        `Queue.shutdown: "immediate" must be true or false, got ${typeof immediate}`,
      );
    }
    this.#core.shutDown(immediate);
  }

  /**
   * Takes items out until the queue has been shut down and is empty. For `for await`.
   *
   * Python: none
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return iterationOf(() => nextItem(this) as Awaitable<IteratorResult<T, undefined>>);
  }

  /** The state in words: `<Queue maxsize=2 size=1 getters=0 putters=1 tasks=1>`. Python: `asyncio.Queue.__repr__` */
  toString(): string {
    return this.#core.inWords;
  }
}

class FifoStorage<T> implements QueueStorage<T> {
  readonly #items = new Deque<T>();

  get size(): number {
    return this.#items.length;
  }

  put(item: T): void {
    this.#items.push(item);
  }

  take(): T {
    return this.#items.shift();
  }
}

/** What a queue consists of, for it and its operations. */
class Core<T> {
  readonly #queue: object;
  readonly maxsize: number;
  readonly storage: QueueStorage<T>;
  readonly getters: Waiters;
  readonly putters: Waiters;
  readonly joiners: Waiters;
  /** Items that were put in and not reported done. */
  #unfinished = 0;
  #isShutDown = false;

  constructor(queue: object, maxsize: number, storage: QueueStorage<T>) {
    this.#queue = queue;
    this.maxsize = maxsize;
    this.storage = storage;
    this.getters = new Waiters(queue);
    this.putters = new Waiters(queue);
    this.joiners = new Waiters(queue);
  }

  get isEmpty(): boolean {
    return this.storage.size === 0;
  }

  get isFull(): boolean {
    return this.maxsize > 0 && this.storage.size >= this.maxsize;
  }

  get isShutDown(): boolean {
    return this.#isShutDown;
  }

  get unfinished(): number {
    return this.#unfinished;
  }

  get name(): string {
    return `the ${this.#queue.constructor.name}`;
  }

  add(item: T): void {
    this.storage.put(item);
    this.#unfinished += 1;
    this.getters.releaseNext();
  }

  remove(): T {
    const item = this.storage.take();
    this.putters.releaseNext();
    return item;
  }

  finishOne(): void {
    if (this.#unfinished === 0) {
      throw new RangeError(
        `Cannot report an item of ${this.name} done: taskDone() was called more often than items were put`,
      );
    }
    this.#unfinished -= 1;
    if (this.#unfinished === 0) this.joiners.wakeAll();
  }

  shutDown(isImmediate: boolean): void {
    this.#isShutDown = true;
    if (isImmediate) this.#dropAll();
    if (this.#unfinished === 0) this.joiners.wakeAll();
    while (this.getters.releaseNext());
    while (this.putters.releaseNext());
  }

  #dropAll(): void {
    while (!this.isEmpty) {
      this.storage.take();
      if (this.#unfinished > 0) this.#unfinished -= 1;
    }
  }

  refusal(what: string): QueueShutDown {
    return new QueueShutDown(`Cannot ${what} ${this.name}: it has been shut down`);
  }

  get inWords(): string {
    const { getters, putters, storage } = this;
    const end = this.#isShutDown ? " shutdown" : "";
    return `<${this.#queue.constructor.name} maxsize=${this.maxsize} size=${storage.size} getters=${getters.size} putters=${putters.size} tasks=${this.#unfinished}${end}>`;
  }
}

class Get<T> extends WaitInLine<T> {
  readonly #core: Core<T>;
  protected readonly line: Waiters;

  constructor(core: Core<T>) {
    super();
    this.#core = core;
    this.line = core.getters;
  }

  protected tryTake(): IteratorReturnResult<T> | undefined {
    const core = this.#core;
    if (!core.isEmpty) return { done: true, value: core.remove() };
    if (core.isShutDown) throw core.refusal("get from");
    return undefined;
  }

  protected giveUp(wasWoken: boolean): void {
    if (wasWoken && !this.#core.isEmpty) this.line.releaseNext();
  }
}

class Put<T> extends WaitInLine<void> {
  readonly #core: Core<T>;
  readonly #item: T;
  protected readonly line: Waiters;

  constructor(core: Core<T>, item: T) {
    super();
    this.#core = core;
    this.#item = item;
    this.line = core.putters;
  }

  protected tryTake(): IteratorReturnResult<void> | undefined {
    const core = this.#core;
    if (core.isShutDown) throw core.refusal("put into");
    if (core.isFull) return undefined;
    core.add(this.#item);
    return { done: true, value: undefined };
  }

  protected giveUp(wasWoken: boolean): void {
    if (wasWoken && !this.#core.isFull) this.line.releaseNext();
  }
}

const untilFinished = /* @__PURE__ */ coroutine(function* (core: Core<unknown>): Coroutine<void> {
  const { joiners } = core;
  if (core.unfinished === 0) return;
  const waiter = joiners.add();
  try {
    yield* waiter;
  } finally {
    joiners.remove(waiter);
  }
});

const nextItem = /* @__PURE__ */ coroutine(function* (
  queue: Queue<unknown>,
): Coroutine<IteratorResult<unknown, undefined>> {
  try {
    return { done: false, value: yield* queue.get() };
  } catch (error) {
    if (error instanceof QueueShutDown) return { done: true, value: undefined };
    throw error;
  }
});
