/**
 * A condition in shared words: how many of each agent's waiters wait, and how
 * many of them have been notified.
 *
 *   LAST      the slot that was notified last
 *   DEATHS    how many deaths there had been when the dead were looked for last
 *   PRESENT   a bit for each slot in use
 *
 * and for each slot
 *
 *   IDENT     the thread whose waiters these are
 *   WAITING   its waiters, those included that have been notified and have not returned
 *   GRANTED   how many have been notified and have not returned; never above WAITING
 *
 * All of it is changed only by who holds the condition's lock:
 *
 *   WAITING + 1                begin: a waiter, which then frees the lock and sleeps
 *   GRANTED + 1                notify: there was a waiter that had not been notified
 *   WAITING - 1                end: a waiter that was not notified has the lock again
 *   GRANTED - 1, WAITING - 1   end: a notified one has the lock again
 *   all of a slot → 0          its thread has come to its end (see below)
 *
 * The waiter's agent reads its GRANTED without the lock: that is how it learns
 * that it may go on. Which of an agent's waiters a grant is for is the agent's
 * own business. A waiter that begins gets none of the grants given before:
 * its agent deals those out first, which it can, since it holds the lock.
 *
 * Why no wake-up is lost, and none made up: a waiter enters the wait set first
 * and looks at GRANTED second, a notifier grants first and then takes the agent
 * out of the set and rings. What is granted stays until its waiter returns, and
 * who waits later is not counted among those that a notifier finds. An agent
 * that is woken without a grant sleeps again. One that gives up (timeout) takes
 * the lock first, and then either has been notified by then, or is no more.
 *
 * Death. Each transition is one store that others read, so the words are right
 * at every step. A notifier that dies between the grant and the ring has granted;
 * the report of its death wakes all. Waiters that died are passed over, and what
 * had been granted to them, but had not made them return, is granted to others by
 * the next agent that begins or notifies. A waiter that learns of a death looks for
 * such orphaned grants and, if there are any, takes the lock and grants them to
 * others ({@link SharedCondition.hasOrphanedGrants}). Grants are passed on first and taken from the dead
 * second: should the successor die in between, one waiter too many is woken, not one too few.
 * Slots come again: IDENT tells the dead one's words from those of a new agent.
 *
 * Fair between agents: the search begins behind the one notified last, and gives
 * each agent one before any gets two.
 *
 * Not promised: anything to those who call this without the lock.
 *
 * Explored under every schedule, death included, in test/model/condition.test.ts.
 */
import { and, load, or, store } from "./atomics.ts";
import { type AgentTable, RUNNING } from "./agent-table.ts";
import type { WaitSet } from "./wait-set.ts";

const LAST = 0;
const SEEN_DEATHS = 1;
const PRESENT = 2;

/** Words of a slot. */
const IDENT = 0;
const WAITING = 1;
const GRANTED = 2;
const SLOT_WORDS = 3;

export class SharedCondition {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #waiters: WaitSet;
  readonly #agents: AgentTable;
  readonly #slot: number;
  /** Index of the first slot's first word. */
  readonly #slots: number;

  /** Words of the state; the wait set has words of its own. */
  static words(agents: number): number {
    return PRESENT + Math.ceil(agents / 32) + agents * SLOT_WORDS;
  }

  /** @param slot The calling agent's. */
  constructor(words: Int32Array, at: number, waiters: WaitSet, agents: AgentTable, slot: number) {
    this.#words = words;
    this.#at = at;
    this.#waiters = waiters;
    this.#agents = agents;
    this.#slot = slot;
    this.#slots = at + PRESENT + Math.ceil(agents.capacity / 32);
  }

  /**
   * With the lock: one more waiter of the calling agent.
   *
   * @param ident Of the thread that the agent runs.
   * @param isFirst Whether the agent has no other waiter here.
   */
  begin(ident: number, isFirst: boolean): void {
    this.passOn();
    const at = this.#slotAt(this.#slot);
    const before = load(this.#words, at + IDENT);
    if (before !== ident) {
      if (isFirst && before !== 0) this.#removeDead(this.#slot);
      store(this.#words, at + IDENT, ident);
    }
    or(this.#words, this.#presentWordOf(this.#slot), bitOf(this.#slot));
    store(this.#words, at + WAITING, load(this.#words, at + WAITING) + 1);
  }

  /** How many of the agent's waiters have been notified and have not ended. Needs no lock. */
  get granted(): number {
    return load(this.#words, this.#slotAt(this.#slot) + GRANTED);
  }

  /** With the lock: a waiter of the agent has come back. */
  end(wasNotified: boolean): void {
    const at = this.#slotAt(this.#slot);
    if (wasNotified) store(this.#words, at + GRANTED, load(this.#words, at + GRANTED) - 1);
    const waiting = load(this.#words, at + WAITING) - 1;
    store(this.#words, at + WAITING, waiting);
    if (waiting === 0) this.#leave(this.#slot);
  }

  /** With the lock: lets so many go on of those that wait now. */
  notify(count: number): void {
    this.passOn();
    this.#grant(count);
    this.passOn(); // to whom it was granted may have died since, before any agent could see orphaned grants
  }

  /** With the lock: grants to others what was granted to waiters that died. */
  passOn(): void {
    for (;;) {
      const { deaths } = this.#agents;
      if (load(this.#words, this.#at + SEEN_DEATHS) === deaths) return;
      for (const slot of this.#present()) if (!this.#isAlive(slot)) this.#removeDead(slot);
      store(this.#words, this.#at + SEEN_DEATHS, deaths);
    }
  }

  /** Whether there is something for {@link SharedCondition.passOn} to pass on. Needs no lock. */
  get hasOrphanedGrants(): boolean {
    if (load(this.#words, this.#at + SEEN_DEATHS) === this.#agents.deaths) return false;
    return this.#present().some((slot) => {
      return load(this.#words, this.#slotAt(slot) + GRANTED) > 0 && !this.#isAlive(slot);
    });
  }

  /** How many wait that have not been notified. Needs no lock, and may then be out of date. */
  get waiting(): number {
    let waiting = 0;
    for (const slot of this.#present()) if (this.#isAlive(slot)) waiting += this.#unnotified(slot);
    return waiting;
  }

  #removeDead(slot: number): void {
    const at = this.#slotAt(slot);
    const orphanedGrants = load(this.#words, at + GRANTED);
    if (orphanedGrants > 0) this.#grant(orphanedGrants);
    store(this.#words, at + GRANTED, 0);
    store(this.#words, at + WAITING, 0);
    this.#leave(slot);
  }

  #leave(slot: number): void {
    and(this.#words, this.#presentWordOf(slot), ~bitOf(slot));
  }

  #grant(count: number): void {
    let slot = load(this.#words, this.#at + LAST);
    let firstIdle = -1;
    for (let granted = 0; granted < count;) {
      slot = this.#nextPresent(slot);
      if (slot === -1 || slot === firstIdle) return;
      if (this.#unnotified(slot) > 0 && this.#isAlive(slot)) {
        this.#grantTo(slot);
        granted++;
        firstIdle = -1;
      } else if (firstIdle === -1) {
        firstIdle = slot;
      }
    }
  }

  #grantTo(slot: number): void {
    const at = this.#slotAt(slot) + GRANTED;
    store(this.#words, this.#at + LAST, slot);
    store(this.#words, at, load(this.#words, at) + 1);
    this.#waiters.withdraw(slot);
    this.#agents.ring(slot);
  }

  #unnotified(slot: number): number {
    const at = this.#slotAt(slot);
    return load(this.#words, at + WAITING) - load(this.#words, at + GRANTED);
  }

  #isAlive(slot: number): boolean {
    return this.#agents.fateOf(load(this.#words, this.#slotAt(slot) + IDENT)) === RUNNING;
  }

  /** The first slot in use behind that one, which comes last; -1 when there is none. */
  #nextPresent(slot: number): number {
    const { capacity } = this.#agents;
    for (let i = 1; i <= capacity; i++) {
      const next = (slot + i) % capacity;
      const word = load(this.#words, this.#presentWordOf(next));
      if ((word & bitOf(next)) !== 0) return next;
      if (word === 0) i += Math.min(31 - (next & 31), capacity - next - 1);
    }
    return -1;
  }

  #present(): number[] {
    const slots: number[] = [];
    const { capacity } = this.#agents;
    for (let first = 0; first < capacity; first += 32) {
      const word = load(this.#words, this.#presentWordOf(first));
      for (let rest = word; rest !== 0; rest &= rest - 1) {
        slots.push(first + 31 - Math.clz32(rest & -rest));
      }
    }
    return slots;
  }

  #presentWordOf(slot: number): number {
    return this.#at + PRESENT + (slot >>> 5);
  }

  #slotAt(slot: number): number {
    return this.#slots + slot * SLOT_WORDS;
  }
}

function bitOf(slot: number): number {
  return 1 << (slot & 31);
}
