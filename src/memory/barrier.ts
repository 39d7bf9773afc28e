/**
 * A barrier in shared words. One word says it all, so that a death at any step
 * leaves it consistent:
 *
 *   STATE   round (16 bits) | count of those that have arrived (13) | phase (3)
 *
 *   phase   FILLING   the parties arrive
 *           ACTING    all have; the last one runs the action
 *           TIMEOUT, ABORTED, FAILED, DIED, RESET, CANCELLED   broken, and why
 *
 *   r, n, FILLING → r, n + 1, FILLING    an agent arrives: n is its index
 *   r, p - 1, FILLING → r + 1, 0, FILLING   the last one arrives, and there is no action
 *   r, p - 1, FILLING → r, p, ACTING     the last one arrives, and runs the action
 *   r, p, ACTING → r + 1, 0, FILLING     that is done
 *   r, n, FILLING or ACTING → r, n, broken   a waiter gives up, a thread aborts or resets,
 *                                        the action fails, or an agent that has arrived dies
 *   r, n, broken → r + 1, 0, FILLING     reset
 *
 * all by compareExchange. A waiter keeps the number of the round that it arrived
 * in: a broken phase in that round breaks it, a later round lets it go on,
 * unless BROKEN says that its round ended broken and was reset: a ring of the
 * latest broken rounds with their reasons, written before the reset's own transition.
 *
 * Why no wake-up is lost: a waiter enters the wait set first and looks second;
 * who ends a round, well or badly, does that first and wakes all second. Nothing
 * is taken, so nothing needs to be passed on.
 *
 * Death. An agent notes its ident and the round beside its slot before it
 * arrives. Who learns of a death, waiting or arriving, looks through these
 * notes, and breaks the round if one of the dead has arrived in it, or was about
 * to. SEEN is the number of deaths up to which that has been done.
 *
 * Not promised: to tell the rounds of a waiter apart which does not look for
 * 65536 rounds; or, once more than 32 rounds were broken and reset before it looks, why its own ended.
 *
 * Explored under every schedule, death included, in test/model/barrier.test.ts.
 */
import { type AgentTable, RUNNING } from "./agent-table.ts";
import { compareExchange, load, store } from "./atomics.ts";
import type { WaitSet } from "./wait-set.ts";

const STATE = 0;
const PARTIES = 1;
const SEEN = 2;
const BROKEN = 3;
const BROKEN_KEPT = 32;
const SLOTS = BROKEN + BROKEN_KEPT;

/** Words of a slot. */
const IDENT = 0;
/** The round that an agent arrived in last, plus one. */
const ROUND = 1;
const SLOT_WORDS = 2;

const PHASE_BITS = 3;
const COUNT_BITS = 13;
const ROUND_SHIFT = PHASE_BITS + COUNT_BITS;
const PHASE_MASK = (1 << PHASE_BITS) - 1;
const ROUND_MASK = 0xffff;

/** Most parties that a barrier can have. */
export const MOST_PARTIES: number = (1 << COUNT_BITS) - 1;

export const FILLING = 0;
export const ACTING = 1;
export const TIMEOUT = 2;
export const ABORTED = 3;
export const FAILED = 4;
export const DIED = 5;
export const RESET = 6;
export const CANCELLED = 7;
/** What became of a round that ended well. */
export const PASSED: number = -1;

/** How an agent arrived, or why it did not. */
export interface Arrival {
  /** FILLING when it has arrived; ACTING when it must wait until the round is over; else why it is broken. */
  readonly phase: number;
  readonly round: number;
  readonly index: number;
  readonly isLast: boolean;
}

export class SharedBarrier {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #waiters: WaitSet;
  readonly #agents: AgentTable;
  readonly #slot: number;

  /** Words of the state; the wait set has words of its own. */
  static words(agents: number): number {
    return SLOTS + agents * SLOT_WORDS;
  }

  /** @param slot The calling agent's. */
  constructor(words: Int32Array, at: number, waiters: WaitSet, agents: AgentTable, slot: number) {
    this.#words = words;
    this.#at = at;
    this.#waiters = waiters;
    this.#agents = agents;
    this.#slot = slot;
  }

  /** Gives a new barrier its parties, before other agents see it. */
  initialize(parties: number): void {
    store(this.#words, this.#at + PARTIES, parties);
  }

  get parties(): number {
    return load(this.#words, this.#at + PARTIES);
  }

  /** How many have arrived and wait. */
  get waiting(): number {
    const state = this.#state;
    return isBroken(state) ? 0 : countOf(state);
  }

  get isBroken(): boolean {
    return isBroken(this.#state);
  }

  /**
   * Arrives, if the round is still filling.
   *
   * @param ident Of the thread that the agent runs.
   * @param hasAction Whether the last one, before it lets the others go, does
   *   something, and then calls {@link SharedBarrier.finish}.
   */
  arrive(ident: number, hasAction: boolean): Arrival {
    this.noticeDeaths();
    const parties = this.parties;
    for (;;) {
      const state = this.#state;
      const round = roundOf(state);
      const index = countOf(state);
      const phase = phaseOf(state);
      const isLast = index + 1 === parties;
      if (phase !== FILLING) return { phase, round, index, isLast: false };
      this.#noteArrival(ident, round);
      let next = stateOf(round, index + 1, isLast ? ACTING : FILLING);
      if (isLast && !hasAction) next = stateOf(round + 1, 0, FILLING);
      if (!this.#change(state, next)) continue;
      if (isLast && !hasAction) this.#waiters.wakeAll();
      return { phase, round, index, isLast };
    }
  }

  #noteArrival(ident: number, round: number): void {
    const at = this.#slotAt(this.#slot);
    store(this.#words, at + IDENT, ident);
    store(this.#words, at + ROUND, round + 1);
  }

  /** The last one has acted: lets all go. Returns false if the round was broken meanwhile. */
  finish(round: number): boolean {
    const acting = stateOf(round, this.parties, ACTING);
    if (!this.#change(acting, stateOf(round + 1, 0, FILLING))) return false;
    this.#waiters.wakeAll();
    return true;
  }

  /** What became of the round: FILLING or ACTING while it lasts, PASSED, or why it was broken. */
  outcomeOf(round: number): number {
    const state = this.#state;
    if (roundOf(state) === round) return phaseOf(state);
    const broken = load(this.#words, this.#brokenWordOf(round));
    return broken >> PHASE_BITS === round + 1 ? phaseOf(broken) : PASSED;
  }

  /** Breaks the round, unless it is over; says whether that was done. */
  break(round: number, reason: number): boolean {
    return this.#breakIn(round, reason, ACTING);
  }

  /** Breaks the round, unless all have arrived; says whether that was done. */
  breakFilling(round: number, reason: number): boolean {
    return this.#breakIn(round, reason, FILLING);
  }

  #breakIn(round: number, reason: number, lastPhase: number): boolean {
    for (;;) {
      const state = this.#state;
      if (roundOf(state) !== round || phaseOf(state) > lastPhase) return false;
      if (!this.#change(state, stateOf(round, countOf(state), reason))) continue;
      this.#waiters.wakeAll();
      return true;
    }
  }

  /** Breaks the round that there is, unless it is broken. */
  abort(): void {
    for (;;) {
      const state = this.#state;
      if (isBroken(state) || this.break(roundOf(state), ABORTED)) return;
    }
  }

  /** Begins a new round, unless no party has arrived in this one; breaks it for those who have. */
  reset(): void {
    for (;;) {
      const known = this.#state;
      const broken = this.#brokenWordOf(roundOf(known));
      const before = load(this.#words, broken);
      const state = this.#state;
      if (state === stateOf(roundOf(state), 0, FILLING)) return;
      if (roundOf(state) !== roundOf(known)) continue;
      if (!isBroken(state)) {
        this.break(roundOf(state), RESET);
        continue;
      }
      const entry = ((roundOf(state) + 1) << PHASE_BITS) | phaseOf(state);
      if (before !== entry) compareExchange(this.#words, broken, before, entry);
      if (this.#change(state, stateOf(roundOf(state) + 1, 0, FILLING))) return;
    }
  }

  /** Breaks the round if an agent that has arrived in it died. */
  noticeDeaths(): void {
    const { capacity, deaths } = this.#agents;
    if (load(this.#words, this.#at + SEEN) === deaths) return;
    const round = roundOf(this.#state);
    for (let slot = 0; slot < capacity; slot++) {
      if (this.#hasLost(slot, round)) this.break(round, DIED);
    }
    store(this.#words, this.#at + SEEN, deaths);
  }

  /** Whether the agent of that slot arrived in that round, and is no more. */
  #hasLost(slot: number, round: number): boolean {
    const at = this.#slotAt(slot);
    if (load(this.#words, at + ROUND) !== round + 1) return false;
    return this.#agents.fateOf(load(this.#words, at + IDENT)) !== RUNNING;
  }

  get #state(): number {
    return load(this.#words, this.#at + STATE);
  }

  #change(from: number, to: number): boolean {
    return compareExchange(this.#words, this.#at + STATE, from, to) === from;
  }

  #brokenWordOf(round: number): number {
    return this.#at + BROKEN + (round % BROKEN_KEPT);
  }

  #slotAt(slot: number): number {
    return this.#at + SLOTS + slot * SLOT_WORDS;
  }
}

function stateOf(round: number, count: number, phase: number): number {
  return ((round & ROUND_MASK) << ROUND_SHIFT) | (count << PHASE_BITS) | phase;
}

function roundOf(state: number): number {
  return state >>> ROUND_SHIFT;
}

function countOf(state: number): number {
  return (state >>> PHASE_BITS) & ((1 << COUNT_BITS) - 1);
}

function phaseOf(state: number): number {
  return state & PHASE_MASK;
}

function isBroken(state: number): boolean {
  return phaseOf(state) > ACTING;
}
