/**
 * Decides how long to spin before sleeping.
 *
 * A spin pays when the two threads sit on different cores and costs twice its
 * length when they share one, and nobody can ask which it is. So: spin while it
 * pays; after a few misses in a row do not spin at all, but try again now and
 * then. What it is worth is measured in bench/README.md.
 */

/** Misses in a row after which spinning stops. */
const PATIENCE = 4;
/** Once stopped, every so many waits one spin is tried. */
const PROBE_EVERY = 32;

export class AdaptiveSpin {
  readonly #lengthMs: number;
  #misses = 0;
  #waits = 0;

  /** @param lengthMs Longest spin in milliseconds; 0 never spins, as on a single processor. */
  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs;
  }

  /** How long the next wait should spin, in milliseconds. */
  budget(): number {
    if (this.#misses < PATIENCE) return this.#lengthMs;
    this.#waits = (this.#waits + 1) % PROBE_EVERY;
    return this.#waits === 0 ? this.#lengthMs : 0;
  }

  /** Reports whether a spin saw what it waited for. */
  record(hit: boolean): void {
    if (hit) this.#misses = 0;
    else this.#misses++;
  }
}
