/**
 * Decides how long to spin before sleeping.
 *
 * A spin pays when the two threads sit on different cores and costs twice its
 * length when they share one, and no program can ask which it is. So: spin while it
 * pays; after a few misses in a row do not, but try again after two waits, four,
 * eight, …: misses may come in a row because the other thread is just beginning,
 * and one spin that hits is worth some ten that miss. In between a very short spin
 * is worth its while all the same: it costs less than to fall asleep, and if it
 * hits, the other thread is on another core. What it is all worth is measured in
 * bench/README.md.
 */

/** Misses in a row after which spinning stops. */
const PATIENCE = 4;
/** Most waits without a spin between two that are tried. */
const LONGEST_PAUSE = 64;

/** How long to spin while it does not pay, in milliseconds. */
const SHORT_MS = 0.003;

export class AdaptiveSpin {
  readonly #lengthMs: number;
  #misses = 0;
  /** Waits without a spin that follow the next miss. */
  #pause = 2;
  /** Waits without a spin that are still to come. */
  #left = 0;
  #isShort = false;

  /** @param lengthMs Longest spin in milliseconds; 0 never spins, as on a single processor. */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** How long the next wait should spin, in milliseconds. */
  budget(): number {
    if (this.#left === 0) return this.#lengthMs;
    this.#left--;
    return 0;
  }

  /** The same, but a very short time instead of none; nothing where there is a single processor. */
  shortBudget(): number {
    const budgetMs = this.budget();
    this.#isShort = budgetMs === 0;
    return this.#isShort && this.#lengthMs > 0 ? SHORT_MS : budgetMs;
  }

  /** Reports whether a spin saw what it waited for. */
  record(hit: boolean): void {
    if (hit) {
      this.#misses = 0;
      this.#pause = 2;
      this.#left = 0;
    } else if (this.#isShort) {
      this.#isShort = false;
    } else if (++this.#misses >= PATIENCE) {
      this.#left = this.#pause;
      this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    }
  }
}
