/**
 * Requests to stop calls that run: one word a call, beside its state (memory/call-table.ts).
 *
 *   NONE    it may run on
 *   ASKED   its owner asks it to stop
 *
 *   NONE → ASKED   owner, of a call that a worker has
 *   ASKED → NONE   owner, when the entry gets another call, before that is QUEUED. It knows which are ASKED
 *
 * The owner alone writes; the worker reads, and only while the entry's call is its own: from its
 * claim until it finishes. A finished call's entry may be another call's by then, which another
 * worker has, and the word would be about that one. Since the owner clears the word before it
 * enqueues, and the claim comes after that, no call sees a request that was meant for an
 * earlier one.
 *
 * A worker that sleeps in its event loop is woken by a message besides, which names no more
 * than the worker: it looks at the word of the call that it has then. So a message that comes
 * late, when the worker has another call, does nothing.
 *
 * Explored, with finishing, reuse of the entry, ends by force and death, in
 * test/model/call-table.test.ts.
 */
import { load, store } from "./atomics.ts";

const NONE = 0;
const ASKED = 1;

export class CallRequests {
  readonly #words: Int32Array;
  readonly #stride: number;
  readonly #at: number;

  /**
   * @param words Zeroed shared memory.
   * @param stride Words from one call's word to the next one's.
   * @param at The first one's.
   */
  constructor(words: Int32Array, stride: number = 1, at: number = 0) {
    this.#words = words;
    this.#stride = stride;
    this.#at = at;
  }

  /** Owner: before a call is enqueued. */
  clear(id: number): void {
    store(this.#words, this.#at + id * this.#stride, NONE);
  }

  /** Owner: asks the call, which a worker has, to stop. */
  ask(id: number): void {
    store(this.#words, this.#at + id * this.#stride, ASKED);
  }

  /** Worker: whether the call, which is its own, has been asked to stop. */
  isAsked(id: number): boolean {
    return load(this.#words, this.#at + id * this.#stride) === ASKED;
  }
}
