/** Python's condition variable. */
import { checkedFunction, isThenable } from "../base/functions.ts";
import { CONDITION, handleCodec } from "../program/kinds.ts";
import { isOpening, openBlock, sendBlock, type SharedBlock } from "../program/shared-object.ts";
import { type Held } from "../base/held.ts";
import { Acquirable } from "../_thread/acquirable.ts";
import type { Lock } from "../_thread/lock.ts";
import { FOR_CONDITION, type LockForCondition } from "../waiting/shared-lock.ts";
import { RLock, type RLockOptions } from "../_thread/rlock.ts";
import { CAPACITY } from "../program/program.ts";
import { RuntimeError } from "../errors.ts";
import { SharedCondition } from "../memory/condition.ts";
import { NEVER, remaining } from "../memory/deadline.ts";
import { checkedCount } from "../base/options.ts";
import { type Waiting, waitingFor } from "../waiting/task-waits.ts";
import {
  type CheckedWait,
  checkedDeadline,
  FOR_EVER,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { mustBeAbleToBlock } from "../waiting/blocking-wait.ts";
import { tellsWaiting, WaitPoint } from "../waiting/wait-point.ts";
import { WAIT } from "../waiting/verbs.ts";
import { addressOf } from "../wire/handles.ts";

/** One call of `wait` or `waitSync` in this agent. */
interface Waiter {
  readonly isBlocking: boolean;
  isNotified: boolean;
}

const MOST = 2 ** 31 - 1;

/**
 * Lets threads wait until another one tells them that something has changed.
 *
 * It comes with a lock: who waits or notifies must hold it; a wait frees the lock
 * while it lasts. A waiter goes on once it has been notified and has the lock
 * again: never without reason, and never because of a notification from before.
 * It can be an argument or a message: it arrives in the other thread as the same
 * condition, with the same lock.
 *
 * Python: `threading.Condition`
 * Differs: the calling thread must own the lock, also if that is a {@link Lock}. Waiting threads
 *   are notified in circular order, the waiters of one thread in the order in which they came,
 *   except that a waiter which blocks its thread comes first.
 *
 * @example A thread waits for work of another
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 * import { Condition } from "heddle/threading";
 *
 * const condition = new Condition();
 * const work = new Int32Array(new SharedArrayBuffer(4));
 * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
 * const worker = pool.submit((condition: Condition, work: Int32Array) => {
 *   return condition.withSync(() => condition.waitForSync(() => work[0]));
 * }, condition, work);
 * await condition.with(() => {
 *   work[0] = 42;
 *   condition.notify();
 * });
 * console.log(await worker); // 42
 * await pool.shutdown();
 * ```
 */
export class Condition extends Acquirable {
  readonly #block: SharedBlock;
  readonly #point: WaitPoint;
  readonly #condition: SharedCondition;
  readonly #lock: Lock | RLock;
  readonly #inner: LockForCondition;
  /** Of this agent, as they came. */
  readonly #waiters: Waiter[] = [];
  /** How many of them have been notified. */
  #notified = 0;
  #isPassingOn = false;

  static {
    // Not those that wait for the lock: they may be about to begin, and no notification is for them.
    tellsWaiting(this.prototype, (condition) => condition.#condition.waiting);
  }

  /**
   * @param lock What to hold. Default: an {@link RLock} of the condition's own.
   * @throws {TypeError} `lock` is neither a {@link Lock} nor an {@link RLock}.
   */
  constructor(lock?: Lock | RLock) {
    super();
    if (!isOpening() && lock !== undefined && !isLock(lock)) {
      throw new TypeError("Condition: lock must be a Lock or an RLock");
    }
    const size = SharedCondition.words(CAPACITY) + WaitPoint.words();
    this.#block = openBlock(this, CONDITION, size, Condition);
    const { at, program, words } = this.#block;
    this.#point = WaitPoint.inBlock(this.#block, at + SharedCondition.words(CAPACITY), WAIT);
    const { waiters } = this.#point;
    this.#condition = new SharedCondition(words, at, waiters, program.agents, program.slot);
    this.#lock = this.#block.isNew ? this.#adopt(lock ?? new RLock()) : this.#receiveLock();
    this.#inner = this.#lock[FOR_CONDITION]();
  }

  #adopt(lock: Lock | RLock): Lock | RLock {
    this.#block.inner = addressOf(lock) as number;
    return lock;
  }

  #receiveLock(): Lock | RLock {
    sendBlock(this.#block.inner); // receiving takes one reference
    return handleCodec.receive(this.#block.inner) as Lock | RLock;
  }

  /**
   * Acquires the lock, as its own `acquire` does.
   *
   * Python: `threading.Condition.acquire`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason.
   * @param options.held For an {@link RLock}: what an earlier `hold()` gave.
   * @returns Whether the lock is now held.
   *
   * @example
   * ```ts
   * import { Condition, Lock } from "heddle/threading";
   *
   * const lock = new Lock();
   * const condition = new Condition(lock);
   * await condition.acquire();
   * console.log(lock.locked()); // true
   * condition.release();
   * ```
   */
  override acquire(options?: RLockOptions): Waiting<boolean> {
    return this.#lock.acquire(options);
  }

  /** The blocking twin of {@link Condition.acquire}. `options.timeout` is in milliseconds. Python: `threading.Condition.acquire` */
  override acquireSync(options?: SyncWaitOptions): boolean {
    return this.#lock.acquireSync(options);
  }

  /** Releases the lock. Never blocks. Python: `threading.Condition.release` */
  override release(): void {
    this.#lock.release();
  }

  /** Acquires the lock; see {@link Acquirable.hold}. `options.timeout` is in milliseconds. Python: `threading.Condition.__enter__` */
  override hold(options?: RLockOptions): Waiting<Held> {
    return this.#lock.hold(options);
  }

  /** Whether the lock is held. Never blocks. Python: `threading.Condition.locked` */
  locked(): boolean {
    return this.#lock.locked();
  }

  /**
   * Frees the lock, however often it was acquired, and resolves once the caller
   * has been notified and has the lock again, as often as before.
   *
   * Python: `threading.Condition.wait`
   *
   * @param options.timeout Longest wait for a notification in milliseconds. Default:
   *   wait for ever. The wait for the lock comes on top of it.
   * @param options.signal Ends the wait with the signal's reason; the promise rejects once
   *   the lock is the caller's again. If the caller has been notified meanwhile, another
   *   waiter is notified in its place.
   * @returns True; false if the timeout came first. Either way the lock is held.
   * @throws {RuntimeError} The caller does not hold the lock.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   *
   * @example
   * ```ts
   * import { Condition } from "heddle/threading";
   *
   * const condition = new Condition();
   * console.log(await condition.with(() => condition.wait({ timeout: 10 }))); // false
   * const waiting = condition.with(() => condition.wait());
   * await condition.with(() => condition.notify());
   * console.log(await waiting); // true
   * ```
   */
  wait(options?: WaitOptions): Waiting<boolean> {
    const wait = async (how: CheckedWait): Promise<boolean> => {
      this.#mustOwn("wait for");
      return this.#wait(how);
    };
    return waitingFor(options, "Condition.wait", wait, {
      taking: this.#passingOn,
      quick: undefined,
    });
  }

  /**
   * Frees the lock, however often it was acquired, and blocks the calling thread until
   * it has been notified and has the lock again, as often as before.
   *
   * Python: `threading.Condition.wait`
   *
   * @param options.timeout Longest wait for a notification in milliseconds. Default:
   *   wait for ever. The wait for the lock comes on top of it.
   * @returns True; false if the timeout came first. Either way the lock is held.
   * @throws {RuntimeError} The caller does not hold the lock.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   * @throws {CannotBlockError} The calling thread may not block.
   * @throws {DeadlockError} The threads that wait for each other form a circle. The lock is
   *   not held then.
   *
   * @example
   * ```ts
   * import { Condition } from "heddle/threading";
   *
   * const condition = new Condition();
   * console.log(condition.withSync(() => condition.waitSync({ timeout: 10 }))); // false
   * ```
   */
  waitSync(options?: SyncWaitOptions): boolean {
    const deadlineMs = checkedDeadline(options, "Condition.waitSync");
    this.#mustOwn("wait for");
    return this.#waitSync(deadlineMs);
  }

  /**
   * Waits until `predicate` says yes: calls it at once, and again after each notification.
   *
   * The caller holds the lock whenever `predicate` is called.
   *
   * Python: `threading.Condition.wait_for`
   *
   * @param predicate May return a promise.
   * @param options.timeout Longest wait in milliseconds, all in all. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; see {@link Condition.wait}.
   * @returns What `predicate` returned last: false, or the like, only if the timeout came first.
   * @throws {RuntimeError} The caller does not hold the lock.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   *
   * @example
   * ```ts
   * import { Condition } from "heddle/threading";
   *
   * const condition = new Condition();
   * const items: string[] = [];
   * const first = condition.with(async () => {
   *   await condition.waitFor(() => items.length > 0);
   *   return items.shift();
   * });
   * await condition.with(() => {
   *   items.push("thread");
   *   condition.notify();
   * });
   * console.log(await first); // thread
   * ```
   */
  waitFor<T>(predicate: () => T | PromiseLike<T>, options?: WaitOptions): Waiting<T> {
    return waitingFor(options, "Condition.waitFor", (wait) => this.#waitFor(predicate, wait), {
      taking: this.#passingOn,
      quick: undefined,
    });
  }

  async #waitFor<T>(predicate: () => T | PromiseLike<T>, wait: CheckedWait): Promise<T> {
    checkedFunction(predicate, "Condition.waitFor: predicate");
    this.#mustOwn("wait for");
    for (;;) {
      const result = await predicate();
      if (result || remaining(wait.deadlineMs) === 0) return result;
      await this.#wait(wait);
    }
  }

  /**
   * The blocking twin of {@link Condition.waitFor}.
   *
   * Python: `threading.Condition.wait_for`
   *
   * @param options.timeout Longest wait in milliseconds, all in all. Default: wait for ever.
   * @returns What `predicate` returned last: false, or the like, only if the timeout came first.
   * @throws {RuntimeError} The caller does not hold the lock.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   * @throws {TypeError} `predicate` returned a promise.
   * @throws {CannotBlockError} The calling thread may not block.
   *
   * @example
   * ```ts
   * import { Condition } from "heddle/threading";
   *
   * const condition = new Condition();
   * console.log(condition.withSync(() => condition.waitForSync(() => 0, { timeout: 10 }))); // 0
   * ```
   */
  waitForSync<T>(predicate: () => T, options?: SyncWaitOptions): T {
    const deadlineMs = checkedDeadline(options, "Condition.waitForSync");
    checkedFunction(predicate, "Condition.waitForSync: predicate");
    this.#mustOwn("wait for");
    for (;;) {
      const result = predicate();
      if (isThenable(result)) {
        throw new TypeError("Cannot wait for the condition: its predicate returned a promise");
      }
      if (result || remaining(deadlineMs) === 0) return result;
      this.#waitSync(deadlineMs);
    }
  }

  /**
   * Lets up to `n` of those go on that wait now, as soon as they have the lock.
   *
   * Never blocks. Does nothing without waiters: later ones are not notified.
   *
   * Python: `threading.Condition.notify`
   *
   * @throws {RuntimeError} The caller does not hold the lock.
   * @throws {RangeError} `n` is below 0.
   * @throws {TypeError} `n` is not an integer.
   *
   * @example
   * ```ts
   * import { Condition } from "heddle/threading";
   *
   * const condition = new Condition();
   * const waiting = [1, 2, 3].map(() => condition.with(() => condition.wait({ timeout: 100 })));
   * await condition.with(() => condition.notify(2));
   * console.log((await Promise.all(waiting)).join()); // true,true,false
   * ```
   */
  notify(n: number = 1): void {
    if (n !== 0) checkedCount(n, "n", "Condition.notify");
    this.#mustOwn("notify");
    this.#condition.notify(n);
  }

  /** Lets all go on that wait now, as soon as they have the lock; see {@link Condition.notify}. Python: `threading.Condition.notify_all` */
  notifyAll(): void {
    this.#mustOwn("notify");
    this.#condition.notify(MOST);
  }

  /** The state in words: lock and number of waiters, `<Condition-1(<RLock-2 unlocked>, 0)>`. Python: `threading.Condition.__repr__` */
  override toString(): string {
    return `<Condition-${this.#block.label}(${String(this.#lock)}, ${this.#condition.waiting})>`;
  }

  #mustOwn(verb: string): void {
    if (this.#inner.isOwned()) return;
    throw new RuntimeError(`Cannot ${verb} the condition: the caller does not hold its lock`);
  }

  /** A waiter that was notified and is cancelled has another notified in its place; it holds the lock. */
  readonly #passingOn = {
    deliver: undefined,
    giveBack: (isNotified: unknown): boolean => {
      if (isNotified) this.#condition.notify(1);
      return true;
    },
  };

  async #wait(how: CheckedWait): Promise<boolean> {
    const { signal } = how;
    signal?.throwIfAborted();
    const waiter = this.#begin(false);
    const restore = this.#inner.releaseAll();
    let failure: { readonly error: unknown } | undefined;
    try {
      await this.#point.wait(this.#taker(waiter), how);
    } catch (error) {
      failure = { error };
    }
    const end = (): void => {
      this.#end(waiter);
      if (failure !== undefined && waiter.isNotified) this.#condition.notify(1);
    };
    try {
      await this.#inner.shared.acquire(FOR_EVER, () => {
        restore();
        end();
      });
    } catch (error) {
      failure ??= { error };
      this.#onceFree(end);
    }
    if (failure !== undefined) throw failure.error as Error;
    return waiter.isNotified;
  }

  #waitSync(deadlineMs: number): boolean {
    mustBeAbleToBlock();
    const { shared } = this.#inner;
    const waiter = this.#begin(true);
    const restore = this.#inner.releaseAll();
    try {
      const seesOrphanedGrants = this.#orphanedGrantsWatch();
      const mayGoOn = (): boolean => this.#isNotified(waiter) || seesOrphanedGrants();
      while (this.#point.waitSync(mayGoOn, deadlineMs) && !waiter.isNotified) {
        shared.acquireSync(NEVER);
        this.#condition.passOn();
        shared.release();
      }
    } finally {
      this.#acquireAgain(waiter);
      restore();
      this.#end(waiter);
    }
    return waiter.isNotified;
  }

  /** @throws {DeadlockError} The lock can never become free. The waiter ends as soon as it does all the same. */
  #acquireAgain(waiter: Waiter): void {
    const { shared } = this.#inner;
    try {
      shared.acquireSync(NEVER);
    } catch (error) {
      this.#onceFree(() => {
        this.#end(waiter);
        if (waiter.isNotified) this.#condition.notify(1);
      });
      throw error;
    }
  }

  #begin(isBlocking: boolean): Waiter {
    this.#dealOut(); // the newcomer gets nothing of what was granted before
    this.#condition.begin(this.#block.program.ident, this.#waiters.length === 0);
    const waiter = { isBlocking, isNotified: false };
    this.#waiters.push(waiter);
    return waiter;
  }

  #end(waiter: Waiter): void {
    this.#dealOut();
    this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    if (waiter.isNotified) this.#notified--;
    this.#condition.end(waiter.isNotified);
  }

  #isNotified(waiter: Waiter): boolean {
    if (!waiter.isNotified) this.#dealOut();
    return waiter.isNotified;
  }

  /** Says which of this agent's waiters the notifications are for that it has been given. */
  #dealOut(): void {
    if (this.#waiters.length === 0) return;
    for (const { granted } = this.#condition; this.#notified < granted; this.#notified++) {
      const next = this.#nextWaiter();
      if (next === undefined) return;
      next.isNotified = true;
    }
  }

  /** The one that blocks the thread, the innermost if there are several: the others cannot continue before. */
  #nextWaiter(): Waiter | undefined {
    let first: Waiter | undefined;
    for (let i = this.#waiters.length - 1; i >= 0; i--) {
      const waiter = this.#waiters[i] as Waiter;
      if (waiter.isNotified) continue;
      if (waiter.isBlocking) return waiter;
      first = waiter;
    }
    return first;
  }

  #taker(waiter: Waiter): () => boolean {
    const seesOrphanedGrants = this.#orphanedGrantsWatch();
    return () => {
      if (seesOrphanedGrants()) this.#passOn();
      return this.#isNotified(waiter);
    };
  }

  /** Says, once a death, whether it left notifications behind. */
  #orphanedGrantsWatch(): () => boolean {
    const { agents } = this.#block.program;
    let seen = -1;
    return () => {
      const { deaths } = agents;
      if (deaths === seen) return false;
      seen = deaths;
      return this.#condition.hasOrphanedGrants;
    };
  }

  /** Takes the lock, as a waiter does that was notified, to give others what the dead were given. */
  #passOn(): void {
    if (this.#isPassingOn) return;
    this.#isPassingOn = true;
    this.#onceFree(() => {
      this.#isPassingOn = false;
      this.#condition.passOn();
    });
  }

  /** Takes the lock as soon as that can be done, and frees it at once. */
  #onceFree(act: () => void): void {
    const { shared } = this.#inner;
    const taken = shared.acquire(FOR_EVER, () => {
      act();
      shared.release();
    });
    taken.catch(() => undefined); // it can never become free
  }
}

/** Whether the value is a Lock or an RLock, of whichever copy of heddle. */
function isLock(value: unknown): boolean {
  return typeof value === "object" && value !== null && FOR_CONDITION in value;
}
