/**
 * An event in one shared word: whether it is set, and how often it has been.
 *
 *   bit 0        whether it is set
 *   the others   EPOCH: how often it has been set, modulo 2^31
 *
 *   e, unset → e + 1, set   set, by the agent whose compareExchange succeeds; it then wakes all
 *   e, set → e, unset       clear
 *
 * A waiter notes the word when it comes, and has what it waited for once the
 * event is set or the epoch is another one. So `clear` right after `set` does
 * not keep back a waiter that was waiting.
 *
 * Why no wake-up is lost: a waiter enters the wait set first and looks second, a
 * setter sets first and wakes second. Who is woken has what it waited for, whatever
 * happens next: there is nothing to take, and nothing to pass on. A setter that
 * dies before it wakes has set; the report of its death wakes all agents, and they look.
 *
 * Not promised: that a waiter which looks for the first time after 2^31 further
 * settings can tell them from none.
 *
 * Explored under every schedule, death included, in test/model/event.test.ts.
 */
import { compareExchange, load } from "./atomics.ts";
import type { WaitSet } from "./wait-set.ts";

const SET = 1;
const ONE_EPOCH = 2;

export class SharedEvent {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #waiters: WaitSet;

  /** Words of the state; the wait set has words of its own. */
  static readonly WORDS = 1;

  constructor(words: Int32Array, at: number, waiters: WaitSet) {
    this.#words = words;
    this.#at = at;
    this.#waiters = waiters;
  }

  get isSet(): boolean {
    return (load(this.#words, this.#at) & SET) !== 0;
  }

  /** Sets it, and wakes all who wait; does nothing if it is set. */
  set(): void {
    for (;;) {
      const state = load(this.#words, this.#at);
      if ((state & SET) !== 0) return;
      const next = (state + ONE_EPOCH) | SET | 0;
      if (compareExchange(this.#words, this.#at, state, next) === state) break;
    }
    this.#waiters.wakeAll();
  }

  clear(): void {
    for (;;) {
      const state = load(this.#words, this.#at);
      if ((state & SET) === 0) return;
      if (compareExchange(this.#words, this.#at, state, state & ~SET) === state) return;
    }
  }

  /** What a waiter notes when it comes. */
  get state(): number {
    return load(this.#words, this.#at);
  }

  /** Whether it is set, or has been since a waiter noted that state. */
  wasSetSince(noted: number): boolean {
    const state = load(this.#words, this.#at);
    return (state & SET) !== 0 || state >> 1 !== noted >> 1;
  }
}
