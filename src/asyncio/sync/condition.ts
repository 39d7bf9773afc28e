import type { Awaitable, Coroutine } from "../events.ts";
import { CancelledError, RuntimeError } from "../../errors.ts";
import { checkedCount } from "../../base/options.ts";
import { Acquirable } from "./acquirable.ts";
import { Given } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";
import { Lock } from "./lock.ts";
import { Waiters } from "./waiters.ts";

/**
 * Lets the tasks of one event loop wait until another one says that something has changed.
 *
 * It has a lock, which a task must hold to wait or to notify. A wait gives the lock
 * up and takes it again before it ends, however it ends.
 *
 * Python: `asyncio.Condition`
 *
 * @example
 * ```ts
 * import { Condition, createTask, run } from "heddle/asyncio";
 *
 * const condition = new Condition();
 * const items: string[] = [];
 * await run(async () => {
 *   const consumer = createTask(() =>
 *     condition.with(async () => {
 *       await condition.waitFor(() => items.length > 0);
 *       return items.pop();
 *     }),
 *   );
 *   await condition.with(() => {
 *     items.push("bread");
 *     condition.notify();
 *   });
 *   console.log(await consumer); // bread
 * });
 * ```
 */
export class Condition extends Acquirable {
  readonly #waiters = new Waiters(this);
  readonly #lock: Lock;

  /**
   *
   * Python: `asyncio.Condition`
   *
   * @param lock The lock to use; several conditions may share one. Default: one of its own.
   * @throws {TypeError} `lock` is not a Lock of `heddle/asyncio`.
   */
  constructor(lock: Lock = new Lock()) {
    super();
    if (!(lock instanceof Lock)) {
      throw new TypeError("Condition: lock must be a Lock of heddle/asyncio");
    }
    this.#lock = lock;
  }

  /** Whether some task has the lock. Python: `asyncio.Condition.locked` */
  locked(): boolean {
    return this.#lock.locked();
  }

  /** Waits until the lock is the caller's. Python: `asyncio.Condition.acquire` */
  override acquire(): Awaitable<true> {
    return this.#lock.acquire();
  }

  /**
   * Frees the lock.
   *
   * Python: `asyncio.Condition.release`
   *
   * @throws {RuntimeError} Nobody has it.
   */
  override release(): void {
    this.#lock.release();
  }

  /**
   * Frees the lock, waits to be notified, and takes the lock again.
   *
   * A cancelled wait takes the lock again too, and throws then.
   *
   * Python: `asyncio.Condition.wait`
   *
   * @throws {RuntimeError} Nobody has the lock, or somebody waits in another event loop.
   */
  wait(): Awaitable<true> {
    return waitForNotification(this, this.#waiters);
  }

  /**
   * Waits until the predicate returns something true, and returns that. It is asked at
   * once, and again after each notification.
   *
   * Python: `asyncio.Condition.wait_for`
   *
   * @throws {RuntimeError} It must wait, and nobody has the lock.
   * @throws {TypeError} `predicate` is not a function.
   */
  waitFor<T>(predicate: () => T): Awaitable<T> {
    if (typeof predicate !== "function") {
      throw new TypeError(
        `Condition.waitFor: predicate must be a function, got ${typeof predicate}`,
      );
    }
    return waitUntilTrue(
      this,
      new Given(predicate, 'Condition.waitFor: "predicate"'),
    ) as Awaitable<T>;
  }

  /**
   * Wakes up to so many of those who wait, in the order in which they came.
   *
   * Python: `asyncio.Condition.notify`
   *
   * @param count How many. Default: 1.
   * @throws {RuntimeError} Nobody has the lock.
   * @throws {TypeError} `count` is not an integer.
   * @throws {RangeError} `count` is below 0.
   */
  notify(count: number = 1): void {
    if (count !== 0) checkedCount(count, "count", "Condition.notify");
    this.#mustBeLocked();
    notify(this.#waiters, count);
  }

  /** Wakes all who wait now; see {@link Condition.notify}. Python: `asyncio.Condition.notify_all` */
  notifyAll(): void {
    this.#mustBeLocked();
    this.#waiters.wakeAll();
  }

  /** The state in words: `<Condition locked, waiters:1>`. Python: `asyncio.Condition.__repr__` */
  override toString(): string {
    return `<Condition ${this.locked() ? "locked" : "unlocked"}${this.#waiters.inWords}>`;
  }

  #mustBeLocked(): void {
    if (!this.locked()) {
      throw new RuntimeError("Cannot notify: the condition's lock is not acquired");
    }
  }
}

function notify(waiters: Waiters, count: number): void {
  for (let left = count; left > 0; left--) if (!waiters.wakeNext()) return;
}

const waitForNotification = /* @__PURE__ */ coroutine(function* (
  condition: Condition,
  waiters: Waiters,
): Coroutine<true> {
  if (!condition.locked()) {
    throw new RuntimeError("Cannot wait for the condition: its lock is not acquired");
  }
  const waiter = waiters.add();
  condition.release();
  try {
    try {
      yield* waiter;
    } finally {
      waiters.remove(waiter);
      yield* acquireForCertain(condition);
    }
    return true;
  } catch (error) {
    // It may have been notified, and makes no use of that.
    notify(waiters, 1);
    throw error;
  }
});

/** Acquires, however often it is cancelled meanwhile; throws the last cancellation then. */
function* acquireForCertain(condition: Condition): Coroutine<void> {
  let cancelled: CancelledError | undefined;
  for (;;) {
    try {
      yield* condition.acquire();
      break;
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
      cancelled = error;
    }
  }
  if (cancelled !== undefined) throw cancelled;
}

const waitUntilTrue = /* @__PURE__ */ coroutine(function* (
  condition: Condition,
  { fn: predicate, scope }: Given<() => unknown>,
): Coroutine<unknown> {
  for (;;) {
    const result = scope.runInAsyncScope(predicate, undefined);
    if (result) return result;
    yield* condition.wait();
  }
});
