/**
 * Bounded many-to-many ring of small integers.
 *
 * Any agent may push, any agent may take, first in first out. A slot is ONE
 * word that holds the lap, whether it is full, and the value:
 *
 *   bits   31 … V+1   V      V-1 … 0        V = bits of the largest value
 *          lap        full   value
 *
 *   EMPTY(lap)      ready for the push of that lap; all slots start as EMPTY(0)
 *   FULL(lap, v)    pushed, not taken
 *
 *   EMPTY(lap)   → FULL(lap, v)   push: one compareExchange publishes slot and value
 *   FULL(lap, v) → EMPTY(lap + 1) take: one compareExchange removes it
 *
 * HEAD and TAIL count takes and pushes. They only say where to look, and may lag
 * behind the slots: an agent that finds a slot ahead of the counter moves the counter
 * on first. So no agent ever owns a half-done operation, and one that dies at
 * any step leaves nothing to repair: either its compareExchange happened, or
 * nothing did. (A ring that claims a slot first and fills it later, as Vyukov's
 * does, is stuck when the claimant dies in between.)
 *
 * Taking is in two steps when a `claim` is given: the value is claimed first (by
 * a compareExchange on a word of the caller's own), and removed second. An agent
 * that dies in between leaves a value that others find already claimed; they
 * remove it and go on. A value may for that reason be seen more than once, and
 * `claim` must say no from the second time on.
 *
 * Why a stale slot word cannot be mistaken for a fresh one: an agent that read a
 * slot and then slept for exactly 2^(31-V) laps would be fooled. With 4096 values
 * and slots that is 2^31 operations within one read-to-compareExchange window.
 *
 * Lock-free, not wait-free; not fair between takers.
 *
 * Explored under every schedule, death included, in test/model/ring.test.ts.
 */
import { compareExchange, load } from "./atomics.ts";

/** HEAD and TAIL are written by different agents: each has a cache line (128 bytes) of its own. */
const HEAD = 0;
const TAIL = 32;
const SLOTS = 64;

/** Returned by {@link Ring.take} when nothing is there. */
export const NOTHING = -1;

export class Ring {
  readonly #words: Int32Array;
  readonly #mask: number;
  readonly #lapShift: number;
  readonly #valueBits: number;

  /** Words that a ring of `capacity` slots needs. */
  static words(capacity: number): number {
    return SLOTS + capacity;
  }

  /**
   * @param words Zeroed shared memory, {@link Ring.words} long.
   * @param capacity Number of slots, a power of two, at most twice `values`: laps
   *   and positions would otherwise not wrap around together.
   * @param values One more than the largest value, a power of two.
   */
  constructor(words: Int32Array, capacity: number, values: number) {
    this.#words = words;
    this.#mask = capacity - 1;
    this.#lapShift = Math.log2(capacity);
    this.#valueBits = Math.log2(values);
  }

  /** Appends a value; returns false when the ring is full. */
  push(value: number): boolean {
    const words = this.#words;
    for (;;) {
      const tail = load(words, TAIL);
      const index = SLOTS + (tail & this.#mask);
      const empty = this.#empty(tail);
      const slot = load(words, index);
      if (slot === empty) {
        const full = empty | (1 << this.#valueBits) | value;
        if (compareExchange(words, index, empty, full) === empty) {
          this.#advance(TAIL, tail);
          return true;
        }
      } else if (this.#lapsAhead(slot, empty) >= 0) {
        this.#advance(TAIL, tail);
      } else if (load(words, TAIL) === tail) {
        return false;
      }
    }
  }

  /**
   * Removes the oldest value and returns it, or {@link NOTHING}.
   *
   * @param claim Says whether the value is the caller's. One that is not is
   *   removed all the same, and the next one is tried.
   */
  take(claim?: (value: number) => boolean): number {
    const words = this.#words;
    for (;;) {
      const head = load(words, HEAD);
      const index = SLOTS + (head & this.#mask);
      const empty = this.#empty(head);
      const slot = load(words, index);
      if (slot === empty) {
        if (load(words, HEAD) === head) return NOTHING;
      } else if (this.#lapsAhead(slot, empty) === 0) {
        const value = slot & ((1 << this.#valueBits) - 1);
        const claimed = claim === undefined || claim(value);
        const removed =
          compareExchange(words, index, slot, this.#empty(head + this.#mask + 1)) === slot;
        this.#advance(HEAD, head);
        if (claim === undefined ? removed : claimed) return value;
      } else {
        this.#advance(HEAD, head);
      }
    }
  }

  /** Whether a push would be refused now. */
  isFull(): boolean {
    const tail = load(this.#words, TAIL);
    const slot = load(this.#words, SLOTS + (tail & this.#mask));
    return this.#lapsAhead(slot, this.#empty(tail)) < 0;
  }

  /** About how many values are in it, those that others are pushing or taking now included. */
  get size(): number {
    return Math.max(0, (load(this.#words, TAIL) - load(this.#words, HEAD)) | 0);
  }

  /** Whether a take would find nothing now. */
  isEmpty(): boolean {
    const head = load(this.#words, HEAD);
    return load(this.#words, SLOTS + (head & this.#mask)) === this.#empty(head);
  }

  #empty(position: number): number {
    return (position >>> this.#lapShift) << (this.#valueBits + 1);
  }

  /** How many laps a slot word is ahead of the empty word that its position expects. */
  #lapsAhead(slot: number, empty: number): number {
    return (slot - empty) >> (this.#valueBits + 1);
  }

  #advance(counter: number, position: number): void {
    compareExchange(this.#words, counter, position, (position + 1) | 0);
  }
}
