/**
 * What an agent's slot tells about it: its name, what it runs, what it waits for
 * and since when, what it holds.
 *
 * Written by the agent itself, or by its creator while it runs nothing; read by
 * agents that inspect the program. Most of it is for people, and may be
 * read half written. Two things must be right:
 *
 *   WAIT_EPOCH   odd while the agent sleeps in a wait without a timeout during which
 *                no code of the user's can run, unless a call of its pools ends; each
 *                wait has a number of its own
 *   WAIT_CALLS   1 if such a call may end, and the agent then go on; changed only while
 *                WAIT_EPOCH is even
 *   SETS         the wait sets the agent may be in, noted before it enters one: who
 *                reports its death takes it out of them
 */
import { load, store } from "./atomics.ts";
import { type AgentTable, RECORD } from "./agent-table.ts";

const WAIT_EPOCH = RECORD;
const WAIT_ON = RECORD + 1;
const WAIT_VERB = RECORD + 2;
const LEFTOVERS = RECORD + 3;
const WAIT_SINCE = RECORD + 4;
const SETS_COUNT = RECORD + 6;
const SETS = RECORD + 7;
const MOST_SETS = 7;
const IDLE = RECORD + 14;
const THREAD_KIND = RECORD + 15;
const DAEMON = 1;
const NON_DAEMON = 2;
const HELD_COUNT = RECORD + 16;
const HELD = RECORD + 17;
const MOST_HELD = 15;
/** In the list, for one of those that did not fit. */
const UNLISTED = 0;
const NAME = RECORD + 32;
const THREAD_ID = RECORD + 63;
const FUNCTION = RECORD + 64;
const SITE_REQUEST = RECORD + 96;
const SITE = RECORD + 97;

const WAIT_CALLS = RECORD + 95;

const NAME_WORDS = 31;
const SITE_WORDS = 415;

/** What an agent is waiting for, at the address of its block. */
export interface WaitRecord {
  /** Address of the block, or 0 for what has none. */
  readonly on: number;
  /** A number that says what it wants of it. */
  readonly verb: number;
  /** Whether a call of the agent's pools may end the wait, too. */
  readonly hasCalls: boolean;
  /** On the clock of `Date.now()`. */
  readonly sinceMs: number;
  readonly epoch: number;
}

export class AgentRecord {
  readonly #words: Int32Array;
  readonly #floats: Float64Array;
  readonly #at: number;

  constructor(words: Int32Array, agents: AgentTable, slot: number) {
    this.#words = words;
    this.#floats = new Float64Array(words.buffer, 0, words.length >> 1);
    this.#at = agents.slotAt(slot);
  }

  get name(): string {
    return this.#readText(NAME, NAME_WORDS);
  }

  set name(name: string) {
    this.#writeText(NAME, NAME_WORDS, name);
  }

  /** The name of the function that the agent runs; empty while it runs none. */
  get functionName(): string {
    return this.#readText(FUNCTION, NAME_WORDS);
  }

  set functionName(name: string) {
    this.#writeText(FUNCTION, NAME_WORDS, name);
  }

  /** The runtime's number for the agent's thread. */
  get threadId(): number {
    return this.#words[this.#at + THREAD_ID] as number;
  }

  set threadId(id: number) {
    this.#words[this.#at + THREAD_ID] = id;
  }

  /** Whether the program may end while the agent's thread runs. */
  get isDaemon(): boolean {
    return load(this.#words, this.#at + THREAD_KIND) === DAEMON;
  }

  /** Whether the program must live for the agent's thread, while it runs. */
  get keepsProgramAlive(): boolean {
    return load(this.#words, this.#at + THREAD_KIND) === NON_DAEMON;
  }

  /** Whether the agent is a worker for threads, rather than for the calls of a pool. */
  get runsThreads(): boolean {
    return load(this.#words, this.#at + THREAD_KIND) !== 0;
  }

  /** Notes what kind of thread begins. */
  setDaemon(isDaemon: boolean): void {
    store(this.#words, this.#at + THREAD_KIND, isDaemon ? DAEMON : NON_DAEMON);
  }

  /** Whether the thread that ended last has left timers or sockets open. */
  get hasLeftovers(): boolean {
    return load(this.#words, this.#at + LEFTOVERS) === 1;
  }

  set hasLeftovers(has: boolean) {
    store(this.#words, this.#at + LEFTOVERS, has ? 1 : 0);
  }

  /** Agent: is about to wait. */
  beginWait(on: number, verb: number): void {
    this.#words[this.#at + WAIT_ON] = on;
    this.#words[this.#at + WAIT_VERB] = verb;
    this.#floats[(this.#at + WAIT_SINCE) >> 1] = Date.now();
  }

  /** Agent: waits no more. */
  endWait(): void {
    this.#words[this.#at + WAIT_VERB] = 0;
  }

  /** Agent: has armed its bell, looked once more, and goes to sleep: only a wake-up ends that. */
  fallAsleep(hasCalls: boolean = false): void {
    store(this.#words, this.#at + WAIT_CALLS, hasCalls ? 1 : 0);
    store(this.#words, this.#at + WAIT_EPOCH, (this.#epoch() + 1) | 0);
  }

  /** Agent: is awake again after {@link fallAsleep}. */
  wakeUp(): void {
    store(this.#words, this.#at + WAIT_EPOCH, (this.#epoch() + 1) | 0);
  }

  /** Whether the agent is a worker that has nothing to do, and does nothing until its creator gives it something. */
  get isIdle(): boolean {
    return load(this.#words, this.#at + IDLE) === 1;
  }

  set isIdle(is: boolean) {
    store(this.#words, this.#at + IDLE, is ? 1 : 0);
  }

  /** What the agent waits for, if it does. */
  get wait(): WaitRecord | undefined {
    const verb = this.#words[this.#at + WAIT_VERB] as number;
    if (verb === 0) return undefined;
    return {
      on: this.#words[this.#at + WAIT_ON] as number,
      verb,
      hasCalls: load(this.#words, this.#at + WAIT_CALLS) === 1,
      sinceMs: this.#floats[(this.#at + WAIT_SINCE) >> 1] as number,
      epoch: this.#epoch(),
    };
  }

  /** See WAIT_EPOCH. */
  get waitEpoch(): number {
    return this.#epoch();
  }

  #epoch(): number {
    return load(this.#words, this.#at + WAIT_EPOCH);
  }

  /** Whether the agent may be in a wait set. */
  get isInSet(): boolean {
    return load(this.#words, this.#at + SETS_COUNT) > 0;
  }

  /** Agent: is about to enter the wait set at that address. */
  noteSet(address: number): void {
    const count = load(this.#words, this.#at + SETS_COUNT);
    if (count < MOST_SETS) store(this.#words, this.#at + SETS + count, address);
    store(this.#words, this.#at + SETS_COUNT, count + 1);
  }

  /** Agent: is not in that set any more. */
  dropSet(address: number): void {
    const count = load(this.#words, this.#at + SETS_COUNT);
    for (let i = Math.min(count, MOST_SETS) - 1; i >= 0; i--) {
      if (load(this.#words, this.#at + SETS + i) !== address) continue;
      if (count <= MOST_SETS) {
        store(this.#words, this.#at + SETS + i, load(this.#words, this.#at + SETS + count - 1));
        store(this.#words, this.#at + SETS_COUNT, count - 1);
      }
      return;
    }
  }

  /** The sets the agent may be in; undefined when they are more than were noted. */
  sets(): readonly number[] | undefined {
    const count = load(this.#words, this.#at + SETS_COUNT);
    if (count > MOST_SETS) return undefined;
    return Array.from({ length: count }, (_, i) => load(this.#words, this.#at + SETS + i));
  }

  /** Agent: holds what is at that address. Kept for people: plain writes, no more than fit. */
  noteHeld(address: number): void {
    const words = this.#words;
    const at = this.#at;
    const count = words[at + HELD_COUNT] as number;
    if (count < MOST_HELD) words[at + HELD + count] = address;
    words[at + HELD_COUNT] = count + 1;
  }

  /** What is at that address is held no more, by this agent or by one that released it in its place. */
  dropHeld(address: number): void {
    const words = this.#words;
    const count = words[this.#at + HELD_COUNT] as number;
    const last = this.#at + HELD + count - 1;
    if (count > 0 && count <= MOST_HELD && words[last] === address)
      words[this.#at + HELD_COUNT] = count - 1;
    else this.#dropHeldOutOfOrder(address, count);
  }

  #dropHeldOutOfOrder(address: number, count: number): void {
    const words = this.#words;
    const start = this.#at + HELD;
    const listed = Math.min(count, MOST_HELD);
    const isFull = count > MOST_HELD;
    let place = words.subarray(start, start + listed).lastIndexOf(address);
    // One that did not fit when it was noted.
    if (place === -1 && !isFull) place = words.subarray(start, start + listed).indexOf(UNLISTED);
    if (place === -1 && !isFull) return;
    if (place !== -1) {
      words[start + place] = words[start + listed - 1] as number;
      if (isFull) words[start + listed - 1] = UNLISTED;
    }
    words[this.#at + HELD_COUNT] = count - 1;
  }

  /** Agent: holds nothing any more. */
  dropAllHeld(): void {
    this.#words[this.#at + HELD_COUNT] = 0;
  }

  /** Addresses of what the agent holds; the latest last. */
  held(): readonly number[] {
    const count = Math.min(this.#words[this.#at + HELD_COUNT] as number, MOST_HELD);
    const start = this.#at + HELD;
    return [...this.#words.subarray(start, start + count)].filter((one) => one !== UNLISTED);
  }

  /** Asks the agent, which is to be rung then, to write down where it waits, and to ring the asker. */
  requestSite(asker: number): void {
    this.#writeText(SITE, SITE_WORDS, "");
    store(this.#words, this.#at + SITE_REQUEST, asker + 1);
  }

  /** Agent: the slot of an agent that asks where it waits; -1 if none does. */
  get siteAsker(): number {
    return load(this.#words, this.#at + SITE_REQUEST) - 1;
  }

  /** Agent: says where it waits; what is too long loses its end. */
  writeSite(text: string): void {
    this.#writeText(SITE, SITE_WORDS, text);
    store(this.#words, this.#at + SITE_REQUEST, 0);
  }

  /** Where the agent waits; undefined until it has said so. */
  get site(): string | undefined {
    return this.siteAsker === -1 ? this.#readText(SITE, SITE_WORDS) : undefined;
  }

  /** Makes the record one of an agent of which nothing is known yet. */
  clear(): void {
    const start = this.#at + RECORD;
    const epoch = this.#epoch();
    this.#words.fill(0, start, this.#at + SITE + SITE_WORDS);
    // Even, and another one than that of any wait before.
    store(this.#words, this.#at + WAIT_EPOCH, (epoch + 2) & ~1);
  }

  /** A text is its length, and two code units a word. */
  #writeText(field: number, size: number, text: string): void {
    const start = this.#at + field;
    const length = Math.min(text.length, (size - 1) * 2);
    for (let i = 0; i < length; i += 2) {
      const second = i + 1 < length ? text.charCodeAt(i + 1) : 0;
      this.#words[start + 1 + (i >> 1)] = text.charCodeAt(i) | (second << 16);
    }
    this.#words[start] = length;
  }

  #readText(field: number, size: number): string {
    const start = this.#at + field;
    const length = Math.min(this.#words[start] as number, (size - 1) * 2);
    let text = "";
    for (let i = 0; i < length; i++) {
      const word = this.#words[start + 1 + (i >> 1)] as number;
      text += String.fromCharCode((i & 1) === 0 ? word & 0xffff : word >>> 16);
    }
    return text;
  }
}
