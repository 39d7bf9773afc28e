/** Python's primitive lock. */
import { LOCK } from "../program/kinds.ts";
import { openBlock, type SharedBlock } from "../program/shared-object.ts";
import { RuntimeError } from "../errors.ts";
import { formerHolder } from "../waiting/deadlock.ts";
import { SharedLock } from "../waiting/shared-lock.ts";
import { type Waiting, waitingFor } from "../waiting/task-waits.ts";
import {
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { tellsWaiting } from "../waiting/wait-point.ts";
import { Acquirable } from "./acquirable.ts";
import { FOR_CONDITION, type LockForCondition } from "../waiting/shared-lock.ts";

/**
 * A lock that one thread has at a time.
 *
 * Not reentrant: a thread that acquires it twice waits for another to release
 * it. Any thread may release it. It can be an argument or a message: it arrives
 * in the other thread as the same lock.
 *
 * It stays locked when the thread that has it returns or throws, as in Python, since another
 * thread may release it: use {@link Lock.with} or {@link Lock.withSync}, which release it
 * whatever happens. `String(lock)` and `dump()` name the thread that ended.
 *
 * Python: `threading.Lock`
 * Differs: when a thread is terminated or crashes, the next waiter takes over its locks (see
 *   {@link Lock.abandoned}). Python cannot terminate threads.
 *
 * @example Two threads take turns
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 * import { Lock } from "heddle/threading";
 *
 * const lock = new Lock();
 * const total = new Int32Array(new SharedArrayBuffer(4));
 * const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
 * const add = (lock: Lock, total: Int32Array): void => {
 *   for (let i = 0; i < 1000; i++) lock.withSync(() => (total[0]! += 1));
 * };
 * await Promise.all([pool.submit(add, lock, total), pool.submit(add, lock, total)]);
 * console.log(total[0]); // 2000
 * await pool.shutdown();
 * ```
 */
export class Lock extends Acquirable {
  readonly #block: SharedBlock;
  readonly #lock: SharedLock;

  static {
    tellsWaiting(this.prototype, (lock) => lock.#lock.count);
  }

  constructor() {
    if (arguments.length > 0) throw new TypeError("Lock: the constructor takes no arguments");
    if (new.target !== Lock) throw new TypeError("Lock: the class cannot be extended");
    super();
    this.#block = openBlock(this, LOCK, SharedLock.words(), Lock);
    this.#lock = new SharedLock(this.#block, this.#block.at, false);
  }

  /**
   * Resolves once the calling thread has the lock.
   *
   * Python: `threading.Lock.acquire`
   *
   * Differs: Python's `blocking=False` is `timeout: 0`.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason.
   * @returns Whether the lock is now held.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   *
   * @example
   * ```ts
   * import { Lock } from "heddle/threading";
   *
   * const lock = new Lock();
   * console.log(await lock.acquire()); // true
   * console.log(await lock.acquire({ timeout: 10 })); // false
   * lock.release();
   * ```
   */
  override acquire(options?: WaitOptions): Waiting<boolean> {
    return waitingFor(
      options,
      "Lock.acquire",
      (wait) => this.#lock.acquire(wait),
      this.#promiseForm,
    );
  }

  readonly #promiseForm = {
    taking: {
      deliver: undefined,
      giveBack: (isMine: boolean): boolean => {
        if (isMine) this.#lock.release();
        return true;
      },
    },
    quick: (): true | undefined => (!this.#lock.mustQueue && this.#lock.tryAcquire()) || undefined,
  };

  /**
   * Takes the lock, blocking the calling thread while another thread holds it.
   *
   * Python: `threading.Lock.acquire`
   *
   * Differs: Python's `blocking=False` is `timeout: 0`.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @returns Whether the lock is now held.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   * @throws {CannotBlockError} The calling thread may not block.
   * @throws {DeadlockError} Every thread that could release it waits, without a
   *   timeout, for something that only threads which wait likewise could give.
   *
   * @example Give up after half a second
   * ```ts
   * import { Lock } from "heddle/threading";
   *
   * const lock = new Lock();
   * if (!lock.acquireSync({ timeout: 500 })) throw new Error("a new lock is free");
   * lock.release();
   * ```
   */
  override acquireSync(options?: SyncWaitOptions): boolean {
    if (options === undefined && this.#lock.tryAcquire()) return true;
    return this.#lock.acquireSync(checkedDeadline(options, "Lock.acquireSync"));
  }

  /**
   * Releases the lock, whichever thread holds it. One of the threads that wait for it goes on.
   *
   * Python: `threading.Lock.release`
   *
   * @throws {RuntimeError} The lock is not held.
   */
  override release(): void {
    if (this.#lock.release() === 0) {
      throw new RuntimeError("Cannot release the lock: it is not held");
    }
  }

  /** Whether some thread holds the lock. Python: `threading.Lock.locked` */
  locked(): boolean {
    return this.#lock.owner !== 0;
  }

  /**
   * Whether the lock was taken over from a thread that came to its end holding
   * it. What it protects may then be half changed. False again once it is released.
   *
   * Python: none
   */
  get abandoned(): boolean {
    return this.#lock.isAbandoned;
  }

  /** The lock's state in words: `<Lock-1 locked>`. Python: `threading.Lock.__repr__` */
  override toString(): string {
    const { label, program, address } = this.#block;
    const former = formerHolder(program, address);
    const locked = former === undefined ? "locked" : `locked, held by ${former} when it ended`;
    return `<Lock-${label} ${this.locked() ? locked : "unlocked"}>`;
  }

  /** @internal */
  [FOR_CONDITION](): LockForCondition {
    return {
      shared: this.#lock,
      isOwned: () => this.#lock.owner === this.#block.program.ident,
      releaseAll: () => {
        this.#lock.release();
        return () => undefined;
      },
    };
  }
}

/**
 * Returns a new lock, which is free.
 *
 * Python: `_thread.allocate_lock`
 *
 * @example
 * ```ts
 * import { allocateLock } from "heddle/_thread";
 *
 * const lock = allocateLock();
 * console.log(lock.acquireSync(), lock.acquireSync({ timeout: 0 })); // true false
 * ```
 */
export function allocateLock(): Lock {
  return new Lock();
}
