/**
 * How many of the shared objects in a value its receiver has taken, where the receiver may die
 * before it has read the value: a word for each value, which its sender and its receiver share.
 *
 *   n        the receiver has taken the first n; it may still be receiving the last of them
 *   CLOSED   the sender has taken back those after them
 *
 *   n → n + 1    receiver, before it receives the next one
 *   n → CLOSED   sender, which gives back the n-th and all after it
 *
 * The receiver's is a compareExchange and the sender's an exchange, so each object is either the
 * receiver's or given back, also where the sender does not know whether the receiver still lives:
 * one that finds its receipt closed must not receive what is left.
 *
 * The receiver counts an object before it receives it. If it dies in between, that one object stays
 * counted for ever, which costs a piece of memory. In the other order the object would be given back
 * although the receiver has it, and its memory freed while it is in use.
 *
 * Explored, with death, in test/model/receipts.test.ts.
 */
import { compareExchange, exchange, load, store } from "./atomics.ts";

const CLOSED = -1;

export class Receipts {
  readonly #words: Int32Array;
  readonly #stride: number;
  readonly #at: number;

  /**
   * @param words Shared memory.
   * @param stride Words from one value's word to the next one's.
   * @param at The first one's.
   */
  constructor(words: Int32Array, stride: number = 1, at: number = 0) {
    this.#words = words;
    this.#stride = stride;
    this.#at = at;
  }

  /** Sender: before the value is sent, unless its word is 0. */
  open(id: number): void {
    store(this.#words, this.#indexOf(id), 0);
  }

  /** Receiver: takes the next object, if it has not been taken back; says whether it has. */
  takeNext(id: number): boolean {
    const index = this.#indexOf(id);
    const taken = load(this.#words, index);
    if (taken === CLOSED) return false;
    return compareExchange(this.#words, index, taken, taken + 1) === taken;
  }

  /** Sender: takes back what has not been taken; returns how many have been. Once only. */
  close(id: number): number {
    return exchange(this.#words, this.#indexOf(id), CLOSED);
  }

  #indexOf(id: number): number {
    return this.#at + id * this.#stride;
  }
}
