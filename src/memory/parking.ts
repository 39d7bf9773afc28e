/**
 * Where idle workers spin or sleep, and how a producer wakes one.
 *
 * One cell per worker, so that the death of a sleeper loses no wake-up:
 *
 *   AWAKE      at work, or on its way to it
 *   SPINNING   looks at the queue without sleeping
 *   PARKED     asleep in wait or waitAsync on its own cell, or on its agent's bell; or
 *              about to be
 *
 *   AWAKE → SPINNING → AWAKE   the worker
 *   AWAKE → PARKED             the worker, which then looks at the queue once more
 *   PARKED → AWAKE             a producer (compareExchange, then notify); or the
 *                              worker itself, when that second look found something
 *
 * Where there is no waitAsync, a worker whose event loop must turn sleeps on its agent's
 * bell, as all its promises do. The word beside its cell names the agent from then on, and
 * who wakes the worker rings that bell as well. The worker names it, arms it, and looks at
 * its cell; a waker changes the cell first and looks for the name second: one of the two
 * sees the other.
 *
 * A death notifies every cell, so that a sleeper may wake though its cell is still PARKED. One that
 * sleeps in waitAsync must then cancel its park before it goes to work: a producer that found it
 * PARKED would count on a worker that is busy.
 *
 * Two counters save the producer from reading every cell: how many cells are
 * PARKED and how many are SPINNING. A producer that sees a spinner does not wake a worker,
 * since the spinner will find the work; a spinner or sleeper that has found some
 * wakes the next worker if there is more. They are hints: the counter of parked
 * cells may be too high (a scan then finds none) and that of spinners too low
 * (a wake-up then is one too many), never the other way round, so a death
 * between the two writes costs a little time and no wake-up.
 *
 * Why no wake-up is lost: a worker sets PARKED first and looks at the queue
 * second; a producer fills the queue first and looks for PARKED second. In every
 * order one of the two sees the other. A woken worker that dies before it looks
 * at the queue takes the wake-up with it, and so does a waker that dies between
 * compareExchange and notify; the agent that reports the death calls {@link Parking.removeDead},
 * which notifies every cell, and then wakes one more worker.
 *
 * Explored under every schedule, death included, in test/model/parking.test.ts.
 */
import { add, compareExchange, load, notify, store, sub, wait, waitAsync } from "./atomics.ts";

const AWAKE = 0;
const SPINNING = 1;
const PARKED = 2;

const PARKED_COUNT = 0;
const SPINNING_COUNT = 32;
const CELLS = 64;
/** Beside a cell: slot, plus one, of the worker's agent, once that has slept on its bell. */
const AGENT = 1;
/** Cells are this many words apart: a sleeper's cell shares no cache line with another's. */
const CELL_STRIDE = 32;

export class Parking {
  readonly #words: Int32Array;
  readonly #workers: number;
  readonly #ring: (slot: number) => void;

  static words(workers: number): number {
    return CELLS + workers * CELL_STRIDE;
  }

  /**
   * @param words Zeroed shared memory, {@link Parking.words} long.
   * @param ring Rings an agent's bell.
   */
  constructor(words: Int32Array, workers: number, ring: (slot: number) => void) {
    this.#words = words;
    this.#workers = workers;
    this.#ring = ring;
  }

  /** Producer: makes sure that a worker will look at the queue, which has just been filled. */
  wakeOne(): void {
    if (load(this.#words, PARKED_COUNT) > 0 && load(this.#words, SPINNING_COUNT) <= 0) {
      this.#wakeAnyParked();
    }
  }

  /** Makes a parked worker look again; does nothing when it is awake. */
  wake(worker: number): boolean {
    const cell = CELLS + worker * CELL_STRIDE;
    if (compareExchange(this.#words, cell, PARKED, AWAKE) !== PARKED) return false;
    sub(this.#words, PARKED_COUNT, 1);
    notify(this.#words, cell, 1);
    this.#ringFor(cell);
    return true;
  }

  #ringFor(cell: number): void {
    const agent = load(this.#words, cell + AGENT);
    if (agent !== 0) this.#ring(agent - 1);
  }

  /** Makes every parked worker look again, also one whose waker died before its notify. */
  wakeAll(): void {
    for (let worker = 0; worker < this.#workers; worker++) {
      if (!this.wake(worker)) this.#wakeAgain(worker);
    }
  }

  /** How many workers spin or sleep: each will take a piece of work. No hint, unlike the counters. */
  get idle(): number {
    let idle = 0;
    for (let worker = 0; worker < this.#workers; worker++) {
      if (load(this.#words, CELLS + worker * CELL_STRIDE) !== AWAKE) idle++;
    }
    return idle;
  }

  startSpinning(worker: number): void {
    store(this.#words, CELLS + worker * CELL_STRIDE, SPINNING);
    add(this.#words, SPINNING_COUNT, 1);
  }

  /** Ends spinning. The caller must look at the queue once more before it parks. */
  stopSpinning(worker: number): void {
    sub(this.#words, SPINNING_COUNT, 1);
    store(this.#words, CELLS + worker * CELL_STRIDE, AWAKE);
  }

  /**
   * Worker: announces that it is going to sleep. It must then look at the queue,
   * and call either {@link cancelPark} or one of the sleeps.
   */
  preparePark(worker: number): void {
    add(this.#words, PARKED_COUNT, 1);
    store(this.#words, CELLS + worker * CELL_STRIDE, PARKED);
  }

  /**
   * Worker: does not go to sleep after all.
   *
   * @returns False when a producer has just woken it, and counts on it to look at the queue.
   */
  cancelPark(worker: number): boolean {
    if (compareExchange(this.#words, CELLS + worker * CELL_STRIDE, PARKED, AWAKE) !== PARKED) {
      return false;
    }
    sub(this.#words, PARKED_COUNT, 1);
    return true;
  }

  /** Worker: sleeps until woken, blocking its thread. */
  park(worker: number): void {
    const cell = CELLS + worker * CELL_STRIDE;
    while (load(this.#words, cell) === PARKED) wait(this.#words, cell, PARKED);
  }

  /** Whether {@link Parking.parkAsync} can be called; otherwise {@link Parking.parkOnBell}. */
  get canParkAsync(): boolean {
    return waitAsync !== undefined;
  }

  /**
   * Worker: sleeps while its event loop turns; undefined when it has been woken already. When it is
   * awake again, it calls {@link cancelPark}, since a death wakes it, too.
   */
  parkAsync(worker: number): Promise<unknown> | undefined {
    return waitAsync?.(this.#words, CELLS + worker * CELL_STRIDE, PARKED);
  }

  /** Worker: will sleep on its agent's bell, which it arms after this, until {@link Parking.isParked} is false. */
  parkOnBell(worker: number, slot: number): void {
    store(this.#words, CELLS + worker * CELL_STRIDE + AGENT, slot + 1);
  }

  isParked(worker: number): boolean {
    return load(this.#words, CELLS + worker * CELL_STRIDE) === PARKED;
  }

  /** Takes a dead worker out of the counts. The caller wakes another if there is work. */
  removeDead(worker: number): void {
    const cell = CELLS + worker * CELL_STRIDE;
    if (compareExchange(this.#words, cell, PARKED, AWAKE) === PARKED) {
      sub(this.#words, PARKED_COUNT, 1);
    } else if (compareExchange(this.#words, cell, SPINNING, AWAKE) === SPINNING) {
      sub(this.#words, SPINNING_COUNT, 1);
    }
    for (let other = 0; other < this.#workers; other++) this.#wakeAgain(other);
  }

  /** Completes what a dead waker may have begun. */
  #wakeAgain(worker: number): void {
    const cell = CELLS + worker * CELL_STRIDE;
    notify(this.#words, cell);
    this.#ringFor(cell);
  }

  #wakeAnyParked(): void {
    for (let worker = 0; worker < this.#workers; worker++) if (this.wake(worker)) return;
  }
}
