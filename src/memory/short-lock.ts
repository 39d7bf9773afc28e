/**
 * A lock for a few steps over shared words, never held while anything else runs.
 *
 *   0 FREE      not held
 *   owner       has it; no agent sleeps for it
 *   -owner      has it; an agent may sleep for it
 *
 *   FREE → owner     acquire: one compareExchange
 *   owner → -owner   another one is about to sleep
 *   FREE → -owner    who has slept takes it: it cannot know whether others still do
 *   ±owner → FREE    release, by the owner; then wake one, if any may sleep
 *   ±dead → -owner   a waiter takes it from an agent that is gone
 *
 * Owners are agents, not threads: what an agent does for a thread that has ended
 * it still does alone. Code that guards something with this lock must change it in
 * such a way that a death at any step leaves it whole, or says that it must be
 * mended: the next owner does not learn of the death.
 *
 * Sleeps are short: a sleeper looks by itself whether the owner is gone. So a
 * death does not need to ring any agent, and a wake-up that a dying sleeper has eaten costs
 * the next one {@link SLEEP_MS}.
 *
 * An agent that is terminated may run on for a while. It begins nothing any more,
 * and finishes what it has begun in no time; then it counts as gone.
 *
 * Where an agent cannot block, it spins. Not fair, not reentrant.
 *
 * After `mutex2` in U. Drepper, "Futexes Are Tricky".
 * Explored under every schedule, death included, in test/model/short-lock.test.ts.
 */
import { compareExchange, exchange, load, notify, pause, wait } from "./atomics.ts";

const FREE = 0;

/** Looks before it sleeps. What it waits for takes well under a microsecond, most times. */
const SPINS = 200;
/** Longest sleep before it looks whether the owner is gone, in milliseconds. */
const SLEEP_MS = 5;

/** What the lock must know of agents. */
export interface Owners {
  /** Whether the agent has ended, and does nothing any more. */
  isGone(owner: number): boolean;
  /** Called before each attempt: does not return in an agent that counts as gone, and still runs. */
  stopIfGone(): void;
}

export interface ShortLockOptions {
  /** The calling agent; greater than 0. */
  readonly owner: number;
  readonly owners: Owners;
  readonly canBlock: boolean;
}

export class ShortLock {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #owner: number;
  readonly #owners: Owners;
  readonly #canBlock: boolean;

  /** @param at Index of the lock's word, which starts as zero. */
  constructor(words: Int32Array, at: number, { owner, owners, canBlock }: ShortLockOptions) {
    this.#words = words;
    this.#at = at;
    this.#owner = owner;
    this.#owners = owners;
    this.#canBlock = canBlock;
  }

  acquire(): void {
    this.#owners.stopIfGone();
    const owner = this.#owner;
    if (compareExchange(this.#words, this.#at, FREE, owner) !== FREE) this.#acquireSlowly(owner);
  }

  release(): void {
    if (exchange(this.#words, this.#at, FREE) < FREE) notify(this.#words, this.#at, 1);
  }

  #acquireSlowly(owner: number): void {
    let mark = owner;
    for (;;) {
      if (this.#spin(mark)) return;
      const state = load(this.#words, this.#at);
      if (state === FREE) continue;
      if (this.#owners.isGone(Math.abs(state))) {
        if (compareExchange(this.#words, this.#at, state, -owner) === state) return;
      } else if (this.#canBlock) {
        this.#sleep(state);
        mark = -owner;
      }
    }
  }

  #spin(mark: number): boolean {
    for (let spins = 0; spins < SPINS; spins++) {
      const isFree = load(this.#words, this.#at) === FREE;
      if (isFree && compareExchange(this.#words, this.#at, FREE, mark) === FREE) return true;
      pause();
    }
    return false;
  }

  #sleep(state: number): void {
    const contended = -Math.abs(state);
    if (state !== contended) {
      if (compareExchange(this.#words, this.#at, state, contended) !== state) return;
    }
    wait(this.#words, this.#at, contended, SLEEP_MS);
    this.#owners.stopIfGone();
  }
}
