/**
 * A semaphore in shared words: how many permits are left, and who waits for one.
 *
 *   COUNT     permits left; never negative
 *   INITIAL   how many there were at first; for a bounded one also the most there may be
 *
 *   n → n - 1   acquire, n > 0: one compareExchange
 *   n → n + k   release of k permits, by any agent, unless that is above what is
 *               allowed; then wake up to k waiters
 *
 * Nothing says who holds a permit, and so the permits of a dead agent are not given back.
 *
 * Why no wake-up is lost: a waiter enters the wait set first and tries second, a
 * release adds first and looks at the set second. Each of k permits chooses an
 * agent of its own, as long as there are any; an agent that is chosen serves as
 * many of its own waiters as it can, and one that takes nothing chooses another
 * (waiting/wait-point.ts). An agent that dies between adding and waking has added:
 * the report of its death wakes all agents, and they try.
 *
 * A release above the bound changes nothing: bound and count are looked at
 * together, in the one compareExchange.
 *
 * Not fair: an arriving agent may overtake a woken one.
 *
 * Explored under every schedule, death included, in test/model/semaphore.test.ts.
 */
import { compareExchange, load, store } from "./atomics.ts";
import type { WaitSet } from "./wait-set.ts";

const COUNT = 0;
const INITIAL = 1;

/** Most permits that a semaphore can have. */
export const MOST_PERMITS: number = 2 ** 31 - 1;

export class SharedSemaphore {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #waiters: WaitSet;

  /** Words of the state; the wait set has words of its own. */
  static readonly WORDS = 2;

  constructor(words: Int32Array, at: number, waiters: WaitSet) {
    this.#words = words;
    this.#at = at;
    this.#waiters = waiters;
  }

  /** Gives a new semaphore its permits, before other agents see it. */
  initialize(count: number): void {
    store(this.#words, this.#at + COUNT, count);
    store(this.#words, this.#at + INITIAL, count);
  }

  /** Takes a permit if there is one. */
  tryAcquire(): boolean {
    const at = this.#at + COUNT;
    for (;;) {
      const count = load(this.#words, at);
      if (count === 0) return false;
      if (compareExchange(this.#words, at, count, count - 1) === count) return true;
    }
  }

  /** Gives back so many permits; returns false, and gives none, if there would be more than `most`. */
  release(permits: number, most: number = MOST_PERMITS): boolean {
    const at = this.#at + COUNT;
    for (;;) {
      const count = load(this.#words, at);
      if (count + permits > most) return false;
      if (compareExchange(this.#words, at, count, count + permits) === count) break;
    }
    let chosen = 0;
    while (chosen < permits && this.#waiters.wakeOne()) chosen++;
    return true;
  }

  /** Permits left. */
  get count(): number {
    return load(this.#words, this.#at + COUNT);
  }

  /** Permits that there were at first. */
  get initial(): number {
    return load(this.#words, this.#at + INITIAL);
  }
}
