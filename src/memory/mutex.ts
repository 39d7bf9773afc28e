/**
 * A lock in shared words: who holds it, and who waits.
 *
 *   0 FREE        not held
 *   ident         the thread with that ident holds it
 *   -ident        likewise, and the holder before it died holding it
 *
 *   FREE → ident      acquire: one compareExchange
 *   ±ident → FREE     release, by any thread; then wake one waiter, if there is any
 *   ±ident → -other   a waiter takes it from a thread that can release it no more
 *
 * The state does not say whether any agent waits: the wait set does. A waiter
 * enters the set first and tries to acquire second; a release frees first and
 * looks at the set second. In every order one of the two sees the other.
 *
 * Not fair: an arriving thread may overtake a woken one. Not reentrant. Any
 * thread may release, as Python allows for `Lock`; ownership is RLock's business.
 * What is taken from the dead is left in whatever state they left it in; the
 * taker can see that it was, until it releases.
 *
 * Explored under every schedule, death included, in test/model/mutex.test.ts.
 */
import { compareExchange, exchange, load } from "./atomics.ts";
import { type WaitSet } from "./wait-set.ts";

const FREE = 0;

export class Mutex {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly waiters: WaitSet;

  /** Words of the state; the wait set has words of its own. */
  static readonly WORDS = 1;

  constructor(words: Int32Array, at: number, waiters: WaitSet) {
    this.#words = words;
    this.#at = at;
    this.waiters = waiters;
  }

  /** Takes the lock if it is free. */
  tryAcquire(ident: number): boolean {
    return compareExchange(this.#words, this.#at, FREE, ident) === FREE;
  }

  /** Takes the lock if it is free; reads it first, so that a spin leaves the holder's cache alone. */
  spinAcquire(ident: number): boolean {
    return load(this.#words, this.#at) === FREE && this.tryAcquire(ident);
  }

  /** Takes the lock from a thread that can never release it. */
  tryTakeOver(ident: number, isLost: (owner: number) => boolean): boolean {
    const state = load(this.#words, this.#at);
    if (state === FREE || !isLost(Math.abs(state))) return false;
    return compareExchange(this.#words, this.#at, state, -ident) === state;
  }

  /** Frees the lock; returns the ident of the thread that held it, or 0. */
  release(): number {
    const state = exchange(this.#words, this.#at, FREE);
    this.waiters.wakeOne();
    return Math.abs(state);
  }

  /** The ident of the thread that holds the lock, or 0. */
  get owner(): number {
    return Mutex.ownerAt(this.#words, this.#at);
  }

  /** The same, for one that is only looked at. */
  static ownerAt(words: Int32Array, at: number): number {
    return Math.abs(load(words, at));
  }

  /** Whether it was taken from a thread that died holding it, and not released since. */
  get isAbandoned(): boolean {
    return load(this.#words, this.#at) < FREE;
  }
}
