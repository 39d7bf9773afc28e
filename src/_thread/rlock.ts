/** Python's reentrant lock. */
import { kindOf } from "../base/text.ts";
import { RLOCK } from "../program/kinds.ts";
import { openBlock, type SharedBlock } from "../program/shared-object.ts";
import { DeadlockError, RuntimeError } from "../errors.ts";
import { NEVER } from "../memory/deadline.ts";
import { checkedOptions } from "../base/options.ts";
import { SharedLock } from "../waiting/shared-lock.ts";
import { type Waiting, waiting, withTaskSignal } from "../waiting/task-waits.ts";
import {
  checkedDeadline,
  checkedWait,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { tellsWaiting } from "../waiting/wait-point.ts";
import { currentTaskId } from "../base/current-task.ts";
import { Held } from "../base/held.ts";
import { FOR_CONDITION, type LockForCondition } from "../waiting/shared-lock.ts";
import { Acquirable } from "./acquirable.ts";

/** Words behind those of the lock; only its owner's agent reads or writes them. */
const HOLDER = 0;
const DEPTH = 1;
const OWN_WORDS = 2;

/** The holder that is the thread itself, outside any task. */
const THREAD = 0;

/** How long to wait for a reentrant lock. Python: none */
export interface RLockOptions extends WaitOptions {
  /** What an earlier {@link Acquirable.hold} of the same lock gave: a caller that shows it has the lock already. */
  readonly held?: Held | undefined;
}

/**
 * A lock that its owner may acquire again: it is free once it has been released as often.
 *
 * The owner is the thread that blocks for it, or the task. Promise forms outside
 * a task have no such identity, since any number of async functions run in one
 * thread: each `acquire()` there is an owner of its own, and only who shows what
 * `hold()` gave is let in again. It can be an argument or a message.
 *
 * Python: `threading.RLock`
 * Differs: when a thread ends while it holds the lock, the next waiter takes it over (see {@link
 *   RLock.abandoned}). In Python the waiters wait for ever.
 *
 * @example
 * ```ts
 * import { RLock } from "heddle/threading";
 *
 * const lock = new RLock();
 * const inner = (): string => lock.withSync(() => "inside");
 * console.log(lock.withSync(inner)); // inside
 * ```
 */
export class RLock extends Acquirable {
  readonly #block: SharedBlock;
  readonly #lock: SharedLock;
  readonly #own: number;
  /** What `hold` gave to the promise form that has the lock. */
  #guard: Held | undefined;

  /** Numbers the promise forms of this agent that have had the lock. */
  static #holds = 0;

  static {
    tellsWaiting(this.prototype, (lock) => lock.#lock.count);
  }

  constructor() {
    if (arguments.length > 0) throw new TypeError("RLock: the constructor takes no arguments");
    super();
    this.#block = openBlock(this, RLOCK, SharedLock.words() + OWN_WORDS, RLock);
    this.#lock = new SharedLock(this.#block, this.#block.at, true);
    this.#own = this.#block.at + SharedLock.words();
  }

  /**
   * Resolves once the lock is the caller's; at once if it is already.
   *
   * Python: `threading.RLock.acquire`
   *
   * Differs: outside a task, reentrant only with `held`.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason.
   * @param options.held What `hold()` gave: shows that the lock is the caller's already.
   * @returns Whether the lock is now held.
   *
   * @example
   * ```ts
   * import { RLock } from "heddle/threading";
   *
   * const lock = new RLock();
   * const held = await lock.hold();
   * console.log(await lock.acquire({ held }), await lock.acquire({ timeout: 0 })); // true false
   * lock.release();
   * held.release();
   * ```
   */
  override acquire(options?: RLockOptions): Waiting<boolean> {
    return waiting(async (signal) => this.#acquire(withTaskSignal(options, signal)), this.#taking);
  }

  async #acquire(options: RLockOptions | undefined): Promise<boolean> {
    const { held, ...rest } = checkedOptions(
      options,
      ["timeout", "signal", "held"],
      "RLock.acquire",
    );
    const wait = checkedWait(rest, "RLock.acquire");
    if (held !== undefined && !(held instanceof Held))
      throw new TypeError(`RLock.acquire: "held" must be what hold() gave, got ${kindOf(held)}`);
    const task = currentTaskId();
    const isHolder =
      held === undefined ? task !== THREAD && this.#isHeldBy(task) : held === this.#guard;
    if (isHolder && this.#isMine()) return this.#goDeeper();
    // Whose it is must be said as it is taken: other code of this agent may look next.
    return this.#lock.acquire(wait, () => {
      this.#begin(task === THREAD ? -++RLock.#holds : task);
    });
  }

  /**
   * Takes the lock, blocking the calling thread while another owner has it.
   *
   * Python: `threading.RLock.acquire`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @returns Whether the lock is now held.
   * @throws {CannotBlockError} The calling thread may not block.
   * @throws {DeadlockError} The lock can never become free while the calling
   *   thread blocks: a promise form of this same thread has it, or the threads that
   *   wait for each other form a circle.
   *
   * @example
   * ```ts
   * import { RLock } from "heddle/threading";
   *
   * const lock = new RLock();
   * console.log(lock.acquireSync(), lock.acquireSync()); // true true
   * lock.release();
   * lock.release();
   * ```
   */
  override acquireSync(options?: SyncWaitOptions): boolean {
    const deadlineMs = checkedDeadline(options, "RLock.acquireSync");
    const holder = currentTaskId();
    if (this.#isMine()) {
      if (this.#isHeldBy(holder)) return this.#goDeeper();
      if (deadlineMs !== NEVER) return false; // no other code could release it while this thread blocks
      throw new DeadlockError(
        `Cannot acquire ${this.#name()}: an async function of this thread holds it and cannot ` +
          "continue while the thread blocks. Use acquire(), which returns a promise",
      );
    }
    if (!this.#lock.tryAcquire() && !this.#lock.acquireSync(deadlineMs)) return false;
    return this.#begin(holder);
  }

  /**
   * Releases the lock once. It is free when it has been released as often as acquired.
   *
   * Python: `threading.RLock.release`
   *
   * @throws {RuntimeError} The lock is not held, or not by the caller.
   */
  override release(): void {
    const task = currentTaskId();
    if (!this.#isMine() || (task !== THREAD && !this.#isHeldBy(task))) {
      const why = this.locked() ? "another thread or task holds it" : "it is not held";
      throw new RuntimeError(`Cannot release the lock: ${why}`);
    }
    this.#goUp();
  }

  /**
   * Acquires; see {@link Acquirable.hold}.
   *
   * Python: `threading.RLock.__enter__`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   * @param options.held What an earlier `hold()` gave: shows that the lock is the caller's already.
   */
  override hold(options?: RLockOptions): Waiting<Held> {
    return waiting(
      async (signal) => {
        const held = await super.hold(withTaskSignal(options, signal));
        this.#guard ??= held;
        return held;
      },
      { deliver: undefined, giveBack: () => this.#goUp() },
    );
  }

  readonly #taking = {
    deliver: undefined,
    giveBack: (isMine: boolean): boolean => !isMine || this.#goUp(),
  };

  /** Whether the lock is held. Python: `threading.RLock.locked` */
  locked(): boolean {
    return this.#lock.owner !== 0;
  }

  /** Whether the lock was taken over from a thread that came to its end holding it. Python: none */
  get abandoned(): boolean {
    return this.#lock.isAbandoned;
  }

  /** The lock's state in words. Python: `threading.RLock.__repr__` */
  override toString(): string {
    const { owner } = this.#lock;
    const depth = this.#isMine() ? ` count=${this.#depth}` : "";
    return owner === 0
      ? `<${this.#name()} unlocked>`
      : `<${this.#name()} locked owner=${owner}${depth}>`;
  }

  get #depth(): number {
    return this.#block.words[this.#own + DEPTH] as number;
  }

  #name(): string {
    return `RLock-${this.#block.label}`;
  }

  #isMine(): boolean {
    return this.#lock.owner === this.#block.program.ident;
  }

  #isHeldBy(holder: number): boolean {
    return this.#block.words[this.#own + HOLDER] === holder;
  }

  #begin(holder: number): true {
    this.#block.words[this.#own + HOLDER] = holder;
    this.#block.words[this.#own + DEPTH] = 1;
    return true;
  }

  #goDeeper(): true {
    this.#block.words[this.#own + DEPTH]!++;
    return true;
  }

  /** Releases it once, whichever task of this thread calls. */
  #goUp(): true {
    if (--this.#block.words[this.#own + DEPTH]! === 0) {
      this.#guard = undefined;
      this.#lock.release();
    }
    return true;
  }

  /** @internal */
  [FOR_CONDITION](): LockForCondition {
    return {
      shared: this.#lock,
      isOwned: () => {
        const task = currentTaskId();
        return this.#isMine() && (task === THREAD || this.#isHeldBy(task));
      },
      releaseAll: () => {
        const holder = this.#block.words[this.#own + HOLDER] as number;
        const depth = this.#depth;
        const guard = this.#guard;
        this.#guard = undefined;
        this.#lock.release();
        return () => {
          this.#block.words[this.#own + HOLDER] = holder;
          this.#block.words[this.#own + DEPTH] = depth;
          this.#guard = guard;
        };
      },
    };
  }
}
