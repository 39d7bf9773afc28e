/**
 * Every agent of a program, each in a slot of its own.
 *
 *   FREE    0: not in use
 *   LIVE    an agent has it: its number, see {@link AgentTable.agentAt}
 *   DEAD    that number below 0: it died; kept until nothing can touch the slot any more
 *
 *   FREE → LIVE   the agent that creates another claims a slot for it
 *   LIVE → DEAD   the first agent that learns of the death (see {@link AgentTable.markDead})
 *   DEAD → FREE   the creator, once the thread has really ended
 *   LIVE → FREE   likewise, for an agent that ended when it had nothing to do
 *
 * An agent runs one thread (in Python's sense) at a time, and may run many one
 * after the other. Each has an ident of its own: slot + 1 + a multiple of the
 * number of slots, so that an ident tells its slot, and an owner's ident found in
 * a lock tells whether that very thread still runs. Idents come again after
 * some four million threads in one slot.
 *
 * Everything an agent sleeps on is its own bell. So a death can wake all who may
 * have to know, without a list of who waits for what: ring every bell. And where
 * a terminated thread goes on sleeping, it does not consume another one's wake-up.
 *
 * What a slot tells about its agent's waits, and what it holds, is written by
 * that agent alone and read by agents that inspect the program.
 */
import { add, compareExchange, load, store } from "./atomics.ts";
import { Doorbell } from "./doorbell.ts";
import { WaitSet } from "./wait-set.ts";

const FREE = 0;
/** LIVE, but for the number: greater than any. */
const CLAIMED = 2 ** 31 - 1;

/** Words of the table itself. */
const DEATHS = 0;
/** Threads whose exception was not collected: above 0, the program's exit code is 1. */
const UNCOLLECTED = 1;
/** How many threads have been given a number for a name. */
const NUMBERED = 2;
/** Slot, plus one, of the agent that is giving up a wait that could never end. */
const GIVING_UP = 3;
/** Odd while agents are to note where they take locks; one more whenever that changes. */
const LOCK_TRACE = 4;
/**
 * Whether anything in the program can ever go on (waiting/stall-watch.ts).
 *
 *   NOT_STALLED → SUSPECTED   a thread that falls asleep, as the last one but the main thread
 *   SUSPECTED → NOT_STALLED   the main thread, which looks
 *   NOT_STALLED → slot + 1    the main thread: that agent is to give up its wait
 *   slot + 1 → NOT_STALLED    that agent, as it does, or as its wait ends otherwise; or
 *                             the one that reports its death
 */
const STALL = 5;
const NOT_STALLED = 0;
const SUSPECTED = -1;
/** All slots from this one on have always been free. */
const UNUSED_FROM = 6;
const SLOTS = 32;

/** Words of a slot. */
const STATE = 0;
const IDENT = 1;
/** Ident of the thread that ran when the agent died. */
const CRASHED = 2;
/** Slot of the creator, plus one. */
const PARENT = 3;
/** How many threads the slot has had since its idents began again. */
const GENERATION = 4;
/** Ident of the first thread that the agent was to run: another one in each agent that has had the slot. */
const BORN = 5;
/** Agents that wait for the end of the agent's thread. */
const JOINERS = 8;
const BELL = 32;
/** From here on for {@link AgentRecord}. */
export const RECORD: number = 64;
const SLOT_WORDS: number = 576;

/** What became of a thread. */
export const RUNNING = "running";
export const ENDED = "ended";
export const CRASHED_THREAD = "crashed";
export type Fate = typeof RUNNING | typeof ENDED | typeof CRASHED_THREAD;

export class AgentTable {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #bells: (Doorbell | undefined)[] = [];
  readonly capacity: number;

  /** Words that a table for so many agents needs. */
  static words(capacity: number): number {
    return SLOTS + capacity * SLOT_WORDS;
  }

  /**
   * @param at Index of the table's first word; all of them start as zero.
   * @param capacity Most agents at once.
   */
  constructor(words: Int32Array, at: number, capacity: number) {
    this.#words = words;
    this.#at = at;
    this.capacity = capacity;
  }

  /** Claims a slot for a new agent; returns -1 when there is none. */
  claim(parent: number): number {
    for (let slot = 0; slot < this.capacity; slot++) {
      const at = this.slotAt(slot);
      if (load(this.#words, at + STATE) !== FREE) continue;
      if (compareExchange(this.#words, at + STATE, FREE, CLAIMED) !== FREE) continue;
      this.#noteUsed(slot);
      store(this.#words, at + PARENT, parent + 1);
      const agent = this.newIdent(slot);
      store(this.#words, at + BORN, agent);
      store(this.#words, at + STATE, agent);
      return slot;
    }
    return -1;
  }

  #noteUsed(slot: number): void {
    for (;;) {
      const unusedFrom = load(this.#words, this.#at + UNUSED_FROM);
      if (slot < unusedFrom) return;
      const at = this.#at + UNUSED_FROM;
      if (compareExchange(this.#words, at, unusedFrom, slot + 1) === unusedFrom) return;
    }
  }

  /** Gives the thread that the agent runs from now on an ident, and returns it. */
  newIdent(slot: number): number {
    const at = this.slotAt(slot);
    const generations = Math.floor((2 ** 31 - 1 - this.capacity) / this.capacity);
    const generation = (load(this.#words, at + GENERATION) % generations) + 1;
    store(this.#words, at + GENERATION, generation);
    const ident = slot + 1 + (generation - 1) * this.capacity;
    store(this.#words, at + IDENT, ident);
    return ident;
  }

  /** The agent's thread has ended; it runs none until {@link newIdent}. */
  endThread(slot: number): void {
    store(this.#words, this.slotAt(slot) + IDENT, 0);
    this.joiners(slot).wakeAll();
  }

  /** The agents that wait for the end of the agent's thread. */
  joiners(slot: number): WaitSet {
    return new WaitSet(this.#words, this.slotAt(slot) + JOINERS, this);
  }

  identOf(slot: number): number {
    return load(this.#words, this.slotAt(slot) + IDENT);
  }

  slotOf(ident: number): number {
    return (ident - 1) % this.capacity;
  }

  /** What became of the thread with that ident. */
  fateOf(ident: number): Fate {
    const at = this.slotAt(this.slotOf(ident));
    if (load(this.#words, at + CRASHED) === ident) return CRASHED_THREAD;
    const isHere = load(this.#words, at + IDENT) === ident;
    return isHere && load(this.#words, at + STATE) > FREE ? RUNNING : ENDED;
  }

  isLive(slot: number): boolean {
    return load(this.#words, this.slotAt(slot) + STATE) > FREE;
  }

  /** A number that stands for the agent itself, whichever thread it runs. */
  agentAt(slot: number): number {
    return load(this.#words, this.slotAt(slot) + BORN);
  }

  /** Whether an agent that {@link agentAt} has given a number to has ended for good. */
  hasLeft(agent: number): boolean {
    const slot = this.slotOf(agent);
    return this.agentAt(slot) !== agent || load(this.#words, this.slotAt(slot) + STATE) === FREE;
  }

  parentOf(slot: number): number {
    return load(this.#words, this.slotAt(slot) + PARENT) - 1;
  }

  /** How many deaths there have been: who sees it change looks at everything anew. */
  get deaths(): number {
    return load(this.#words, this.#at + DEATHS);
  }

  /** One more thread whose exception was not collected, or one less. */
  countUncollected(change: 1 | -1): void {
    add(this.#words, this.#at + UNCOLLECTED, change);
  }

  /** Says whether this agent may give up its wait: one at a time, since one may be enough. */
  beginGivingUp(slot: number): boolean {
    return compareExchange(this.#words, this.#at + GIVING_UP, 0, slot + 1) === 0;
  }

  /** The agent waits no more; others that could not give up look again. */
  endGivingUp(slot: number): void {
    if (compareExchange(this.#words, this.#at + GIVING_UP, slot + 1, 0) !== slot + 1) return;
    for (const other of this.live()) this.ring(other);
  }

  /** Asks the main thread to look whether anything can ever go on. */
  suspectStall(): void {
    compareExchange(this.#words, this.#at + STALL, NOT_STALLED, SUSPECTED);
    this.ring(0);
  }

  get isStallSuspected(): boolean {
    return load(this.#words, this.#at + STALL) === SUSPECTED;
  }

  /** Main thread: says whether it was asked to look. */
  takeSuspicion(): boolean {
    return compareExchange(this.#words, this.#at + STALL, SUSPECTED, NOT_STALLED) === SUSPECTED;
  }

  /** Main thread: requests that a sleeping agent give up its wait. */
  requestAbort(slot: number): void {
    store(this.#words, this.#at + STALL, slot + 1);
    this.ring(slot);
    if (!this.isLive(slot)) this.takeAbortRequest(slot); // it died first, and will not take the request
  }

  /** Agent: whether it is to give up its wait; asked once. */
  takeAbortRequest(slot: number): boolean {
    return compareExchange(this.#words, this.#at + STALL, slot + 1, NOT_STALLED) === slot + 1;
  }

  /** The next number for the name of a thread that is given none. */
  nextNumber(): number {
    return add(this.#words, this.#at + NUMBERED, 1) + 1;
  }

  /** Whether agents are to note where they take locks. */
  get tracesLocks(): boolean {
    return (load(this.#words, this.#at + LOCK_TRACE) & 1) !== 0;
  }

  set tracesLocks(traces: boolean) {
    if (traces !== this.tracesLocks) add(this.#words, this.#at + LOCK_TRACE, 1);
  }

  /** Another one in each period during which locks are traced. */
  get lockTrace(): number {
    return load(this.#words, this.#at + LOCK_TRACE);
  }

  get uncollected(): number {
    return load(this.#words, this.#at + UNCOLLECTED);
  }

  bell(slot: number): Doorbell {
    return (this.#bells[slot] ??= new Doorbell(this.#words, this.bellAt(slot)));
  }

  /** Index of the word of the agent's bell. */
  bellAt(slot: number): number {
    return this.slotAt(slot) + BELL;
  }

  /** Wakes the agent if it sleeps. */
  ring(slot: number): void {
    this.bell(slot).ring();
  }

  /**
   * Marks an agent dead, and with it those that it created, which cannot outlive
   * it; returns them all, or nothing when that was known. The caller cleans up
   * after them and then calls {@link announceDeaths}.
   *
   * @param agent Its number: who learns of a death late finds another agent in the slot.
   */
  markDead(slot: number, agent: number): number[] {
    const at = this.slotAt(slot);
    // In this order: if another agent has got the slot, nothing of that one is touched.
    const ident = load(this.#words, at + IDENT);
    if (load(this.#words, at + STATE) !== agent) return [];
    store(this.#words, at + CRASHED, ident);
    if (compareExchange(this.#words, at + STATE, agent, -agent) !== agent) return [];
    this.endGivingUp(slot);
    this.takeAbortRequest(slot);
    const dead = [slot];
    for (let child = 0; child < this.capacity; child++) {
      if (this.isLive(child) && this.parentOf(child) === slot)
        dead.push(...this.markDead(child, this.agentAt(child)));
    }
    return dead;
  }

  /** Wakes every agent, to look at what it waits for: the dead may have owed it a wake-up. */
  announceDeaths(): void {
    add(this.#words, this.#at + DEATHS, 1);
    for (let slot = 0; slot < this.capacity; slot++) {
      if (load(this.#words, this.slotAt(slot) + STATE) !== FREE) this.bell(slot).ringAlways();
    }
  }

  /** Gives the slot of an agent back whose thread has really ended. */
  release(slot: number): void {
    this.endThread(slot);
    store(this.#words, this.slotAt(slot) + STATE, FREE);
  }

  /** Every slot that is not free. */
  *slots(): Generator<number> {
    const end = load(this.#words, this.#at + UNUSED_FROM);
    for (let slot = 0; slot < end; slot++) {
      if (load(this.#words, this.slotAt(slot) + STATE) !== FREE) yield slot;
    }
  }

  /** Whether a living agent passes a test. No generator, as this is asked whenever a call is over. */
  someLive(test: (slot: number) => boolean): boolean {
    const end = load(this.#words, this.#at + UNUSED_FROM);
    for (let slot = 0; slot < end; slot++) if (this.isLive(slot) && test(slot)) return true;
    return false;
  }

  /** Every slot that has a living agent. */
  *live(): Generator<number> {
    for (const slot of this.slots()) if (this.isLive(slot)) yield slot;
  }

  /** Index of a slot's first word. */
  slotAt(slot: number): number {
    return this.#at + SLOTS + slot * SLOT_WORDS;
  }
}
