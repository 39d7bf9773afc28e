/** Python's semaphore. */
import { BOUNDED_SEMAPHORE, kindName, SEMAPHORE } from "../program/kinds.ts";
import { isOpening, openBlock, type SharedBlock } from "../program/shared-object.ts";
import { Acquirable } from "../_thread/acquirable.ts";
import { MOST_PERMITS, SharedSemaphore } from "../memory/semaphore.ts";
import { checkedCount } from "../base/options.ts";
import { type Waiting, waitingFor } from "../waiting/task-waits.ts";
import {
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { tellsWaiting, WaitPoint } from "../waiting/wait-point.ts";
import { ACQUIRE } from "../waiting/verbs.ts";

/**
 * So many permits, which threads take and give back: a thread that finds none waits for one.
 *
 * Any thread may give a permit back, also one that took none. What a thread held
 * that dies is not given back. Not fair: a thread that arrives may be faster than one that was woken.
 * It can be an argument or a message: it arrives in the other thread as the same semaphore.
 *
 * Python: `threading.Semaphore`
 *
 * @example At most two at a time
 * ```ts
 * import { Semaphore } from "heddle/threading";
 *
 * const slots = new Semaphore(2);
 * let running = 0;
 * let most = 0;
 * const work = async (): Promise<void> => {
 *   most = Math.max(most, ++running);
 *   await Promise.resolve();
 *   running--;
 * };
 * await Promise.all([1, 2, 3, 4].map(() => slots.with(work)));
 * console.log(most); // 2
 * ```
 */
export class Semaphore extends Acquirable {
  /** Which kind of shared object the instances are. @internal */
  static readonly kind: number = SEMAPHORE;

  readonly #block: SharedBlock;
  readonly #point: WaitPoint;
  readonly #semaphore: SharedSemaphore;
  readonly #isBounded: boolean;

  /**
   * @param value How many permits there are at first.
   * @throws {RangeError} `value` is negative or above 2147483647.
   * @throws {TypeError} `value` is not an integer.
   */
  constructor(value: number = 1) {
    super();
    const kind = new.target.kind;
    if (!isOpening()) checkValue(value, kindName(kind));
    this.#block = openBlock(this, kind, SharedSemaphore.WORDS + WaitPoint.words(), new.target);
    this.#isBounded = kind === BOUNDED_SEMAPHORE;
    const { at, isNew, words } = this.#block;
    this.#point = WaitPoint.inBlock(this.#block, at + SharedSemaphore.WORDS, ACQUIRE);
    this.#semaphore = new SharedSemaphore(words, at, this.#point.waiters);
    if (isNew) this.#semaphore.initialize(value);
  }

  /**
   * Resolves once the caller has a permit.
   *
   * Python: `threading.Semaphore.acquire`
   *
   * Differs: Python's `blocking=False` is `timeout: 0`.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason.
   * @returns True; false if the timeout came first.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   *
   * @example
   * ```ts
   * import { Semaphore } from "heddle/threading";
   *
   * const semaphore = new Semaphore(1);
   * console.log(await semaphore.acquire()); // true
   * console.log(await semaphore.acquire({ timeout: 10 })); // false
   * ```
   */
  override acquire(options?: WaitOptions): Waiting<boolean> {
    return waitingFor(
      options,
      "Semaphore.acquire",
      (wait) => this.#point.wait(this.#take, wait),
      this.#promiseForm,
    );
  }

  readonly #promiseForm = {
    taking: {
      deliver: undefined,
      giveBack: (isMine: boolean): boolean => {
        if (isMine) this.#semaphore.release(1, MOST_PERMITS);
        return true;
      },
    },
    quick: (): true | undefined => (!this.#point.mustQueue && this.#take()) || undefined,
  };

  /**
   * Takes a permit, blocking the calling thread until there is one.
   *
   * Python: `threading.Semaphore.acquire`
   *
   * Differs: Python's `blocking=False` is `timeout: 0`.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @returns True; false if the timeout came first.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   * @throws {CannotBlockError} There is no permit, and the calling thread may not block.
   *
   * @example
   * ```ts
   * import { Semaphore } from "heddle/threading";
   *
   * const semaphore = new Semaphore(2);
   * console.log(semaphore.acquireSync(), semaphore.acquireSync()); // true true
   * console.log(semaphore.acquireSync({ timeout: 0 })); // false
   * ```
   */
  override acquireSync(options?: SyncWaitOptions): boolean {
    if (options === undefined && this.#semaphore.tryAcquire()) return true;
    return this.#point.waitSync(this.#take, checkedDeadline(options, "Semaphore.acquireSync"));
  }

  /**
   * Gives permits back, and lets as many of those go on that wait. Never blocks.
   *
   * Python: `threading.Semaphore.release`
   *
   * @param n How many permits.
   * @throws {RangeError} `n` is below 1; there would be more than 2147483647
   *   permits, or more than a {@link BoundedSemaphore} may have.
   * @throws {TypeError} `n` is not an integer.
   *
   * @example
   * ```ts
   * import { Semaphore } from "heddle/threading";
   *
   * const semaphore = new Semaphore(0);
   * semaphore.release(2);
   * console.log(String(semaphore)); // <Semaphore-1 value=2>
   * ```
   */
  override release(n: number = 1): void {
    if (n !== 1) checkedCount(n, "n", "Semaphore.release");
    const most = this.#isBounded ? this.#semaphore.initial : MOST_PERMITS;
    if (this.#semaphore.release(n, most)) return;
    const bound = this.#isBounded ? `the ${most} it began with` : `${most}`;
    throw new RangeError(`Cannot release the semaphore: it would have more permits than ${bound}`);
  }

  /** The semaphore's state in words: `<Semaphore-1 value=2>`. Python: `threading.Semaphore.__repr__` */
  override toString(): string {
    const { count, initial } = this.#semaphore;
    const value = this.#isBounded ? `${count}/${initial}` : count;
    return `<${kindName(this.#block.kind)}-${this.#block.label} value=${value}>`;
  }

  readonly #take = (): boolean => this.#semaphore.tryAcquire();

  static {
    tellsWaiting(this.prototype, (semaphore) => semaphore.#point.count);
  }
}

function checkValue(value: unknown, of: string): void {
  if (typeof value !== "number" || (!Number.isInteger(value) && Number.isFinite(value))) {
    throw new TypeError(
      `${of}: value must be an integer, got ${typeof value === "number" ? value : typeof value}`,
    );
  }
  if (!(value >= 0 && value <= MOST_PERMITS)) {
    throw new RangeError(`${of}: value must be between 0 and ${MOST_PERMITS}, got ${value}`);
  }
}
