/**
 * States of the calls that a pool's owner and its workers have in hand.
 *
 * One word a call: the state in the low byte, and above it the worker that has
 * the call. The owner alone hands out and takes back entries; the workers race
 * for the queued ones.
 *
 *   FREE             not in use
 *   QUEUED           arguments are written; the id is (or was) in the call ring
 *   RUNNING(worker)  that worker has claimed it
 *   WANTED(worker)   the same, and it waits for arguments that come by message
 *   DONE(worker)     the result is written; the id is (or soon will be) in the
 *                    ring of finished calls
 *   ENDED(worker)    the owner has taken it from that worker, which is ended by force and
 *                    takes no other call
 *
 *   FREE → QUEUED       owner, before it pushes the id
 *   QUEUED → RUNNING    a worker: the compareExchange decides between workers,
 *                       and between a worker and a cancelling owner
 *   QUEUED → FREE       owner: cancelled; the id left in the ring is stale
 *   RUNNING ↔ WANTED    that worker, around asking for the arguments
 *   RUNNING → DONE      that worker, before it pushes the id to the finished ring
 *   RUNNING → ENDED     owner, once the grace of a request to stop is over
 *   WANTED → ENDED      likewise
 *   ENDED → DONE        that worker, if it comes so far: it has let go of the entry
 *   ENDED → FREE        owner, once it knows that the worker's thread has ended
 *   DONE → FREE         owner, after it has read the result
 *   RUNNING → FREE      owner, once it knows that the worker is dead
 *   WANTED → FREE       likewise. (On Deno, a thread that has exited runs on for a moment.)
 *
 * An id left behind in the call ring does no harm. An agent that takes it finds the
 * entry not QUEUED and passes on; or finds it QUEUED again for a later call, and
 * then claiming it early is as good as claiming it at its own place, whose id
 * becomes the stale one.
 *
 * All that leaves RUNNING or WANTED is a compareExchange: either the worker finishes the call,
 * and its result counts, or the owner ends it, and then the worker finds that out before it
 * takes another call, so that its end costs no other. A thread that is being ended may run
 * on for a while, and write to the entry: it is not used again before ENDED is over.
 *
 * Because the claim names the worker, the owner of a pool that lost a worker
 * finds exactly the calls that were its: see {@link CallTable.heldBy}.
 *
 * Explored, with cancellation and death, in test/model/call-table.test.ts.
 */
import { compareExchange, load, store } from "./atomics.ts";

const FREE = 0;
const QUEUED = 1;
const RUNNING = 2;
const WANTED = 3;
const DONE = 4;
const ENDED = 5;

const STATE_MASK = 0xff;
const WORKER_SHIFT = 8;

export class CallTable {
  readonly #words: Int32Array;
  readonly #stride: number;
  readonly capacity: number;

  /**
   * @param words Zeroed shared memory.
   * @param stride Words from one call's state word to the next one's.
   */
  constructor(words: Int32Array, stride: number) {
    this.#words = words;
    this.#stride = stride;
    this.capacity = words.length / stride;
  }

  /** Owner: the arguments are written, the call may be claimed. */
  enqueue(id: number): void {
    store(this.#words, id * this.#stride, QUEUED);
  }

  /** Owner: takes a call back that no worker has claimed; says whether it was in time. */
  cancel(id: number): boolean {
    return compareExchange(this.#words, id * this.#stride, QUEUED, FREE) === QUEUED;
  }

  /** Owner: the entry is not in use any more. */
  free(id: number): void {
    store(this.#words, id * this.#stride, FREE);
  }

  /** Worker: makes a queued call its own; says whether it was the one to do so. */
  claim(id: number, worker: number): boolean {
    const running = RUNNING | (worker << WORKER_SHIFT);
    return compareExchange(this.#words, id * this.#stride, QUEUED, running) === QUEUED;
  }

  /** Worker: asks the owner for arguments that come by message; false when the call has been ended. */
  want(id: number, worker: number): boolean {
    return this.#replace(id, RUNNING, WANTED, worker);
  }

  /** Worker: the arguments have come; false when the call has been ended. */
  resume(id: number, worker: number): boolean {
    return this.#replace(id, WANTED, RUNNING, worker);
  }

  /** Worker: the result is written; false when the call has been ended, and the worker must stop. */
  finish(id: number, worker: number): boolean {
    return this.#replace(id, RUNNING, DONE, worker);
  }

  /** Owner: takes a call from its worker; returns the worker, which it must end, or -1 if no worker has the call. */
  end(id: number): number {
    for (;;) {
      const word = load(this.#words, id * this.#stride);
      const state = word & STATE_MASK;
      if (state !== RUNNING && state !== WANTED) return -1;
      const worker = word >>> WORKER_SHIFT;
      if (this.#replace(id, state, ENDED, worker)) return worker;
    }
  }

  /**
   * Worker: will not look at the entry of its call again, which was ended; false when the entry is not its
   * own any more, since it counts as dead.
   */
  leave(id: number, worker: number): boolean {
    return this.#replace(id, ENDED, DONE, worker);
  }

  isQueued(id: number): boolean {
    return this.#state(id) === QUEUED;
  }

  isDone(id: number): boolean {
    return this.#state(id) === DONE;
  }

  isWanted(id: number): boolean {
    return this.#state(id) === WANTED;
  }

  isEnded(id: number): boolean {
    return this.#state(id) === ENDED;
  }

  /** Whether a worker has the call, which it may have finished. */
  isClaimed(id: number): boolean {
    return this.#state(id) >= RUNNING;
  }

  /** The worker that claimed the call. Only meaningful for claimed ones. */
  workerOf(id: number): number {
    return load(this.#words, id * this.#stride) >>> WORKER_SHIFT;
  }

  /** Owner: the calls that a worker has claimed and the owner has not taken back. */
  *heldBy(worker: number): Generator<number> {
    for (let id = 0; id < this.capacity; id++) {
      if (this.isClaimed(id) && this.workerOf(id) === worker) yield id;
    }
  }

  #replace(id: number, from: number, to: number, worker: number): boolean {
    const tag = worker << WORKER_SHIFT;
    return compareExchange(this.#words, id * this.#stride, from | tag, to | tag) === (from | tag);
  }

  #state(id: number): number {
    return load(this.#words, id * this.#stride) & STATE_MASK;
  }
}
