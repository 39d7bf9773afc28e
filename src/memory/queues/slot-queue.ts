/**
 * What all queues have in common: the counts, the limit, the end, who waits.
 *
 *   PUTS     items ever put        GETS    items ever taken
 *   DONE     items ever reported done
 *   MAXSIZE  most items at once; 0 or less for no limit
 *   STATE    OPEN, CLOSED (nothing more comes in) or CUT (nothing comes out either)
 *   CUT_AT   GETS at the moment of the cut
 *   STORE    address of the block that has the items, in slots of a few words
 *
 * The counts go round at 2^32; only differences mean anything. All else follows:
 *
 *   size         PUTS - GETS, or 0 after the cut
 *   unfinished   PUTS - DONE; after the cut, what was still inside counts as done:
 *                CUT_AT - DONE, or 0 if that is less
 *
 * so each change is one store: an item is in once PUTS has gone up, out once GETS
 * has, in again once GETS has gone down (a get that is undone: its item was put and
 * reported once), and the cut is the store of STATE, after CUT_AT. What an agent has written
 * elsewhere before that store is nothing yet. So a death at any step leaves the
 * queue whole; it costs at most a block that is never freed.
 *
 *   OPEN → CLOSED, OPEN → CUT, CLOSED → CUT    shutdown, with all locks taken
 *
 * Who puts has the lock for putting, so no put follows once shutdown() has returned.
 * Who gets has the lock for getting, so no get reports that nothing will come any
 * more while a put is still under way.
 *
 * Why no wake-up is lost: a waiter enters its wait set first and tries second;
 * a put stores PUTS first and looks at `notEmpty` second, a get GETS and
 * `notFull`, a report DONE and `allDone`, a shutdown STATE and all of them, a new
 * MAXSIZE all putters. One item chooses one agent; who is chosen and takes
 * nothing chooses another (waiting/wait-point.ts). Who dies between the store and
 * the look has died: the report wakes all agents.
 *
 * Not fair between agents. Explored under every schedule, death included, in
 * test/model/slot-queue.test.ts.
 */
import { compareExchange, load, store } from "../atomics.ts";
import { ShortLock, type ShortLockOptions } from "../short-lock.ts";
import type { WaitSet } from "../wait-set.ts";

// Words that agents write at different rates lie in cache lines of their own.
export const STATE = 0;
const MAXSIZE = 1;
const STORE = 2;
const CUT_AT = 3;
const PUT_LOCK = 16;
export const PUTS = 17;
/** What GETS was when a putter last looked. */
export const GETS_SEEN = 18;
const GET_LOCK = 32;
export const GETS = 33;
/** What PUTS was when a getter last looked. */
export const PUTS_SEEN = 34;
/** 1 while the order of items is being changed, where that takes several steps. */
export const UNTIDY = 35;
const DONE = 48;
const WORDS = 64;

export const OPEN = 0;
const CLOSED = 1;
export const CUT = 2;

/** Words of one item's slot, as a caller passes it. Of a size such that 2^n of them and the head fill a block of the heap. */
export const SLOT_WORDS = 7;

/** The item was put or taken. */
export const TAKEN = 0;
/** The queue is full, or empty. */
export const MUST_WAIT = 1;
/** The queue has been shut down. */
export const SHUT = 2;
export type Outcome = typeof TAKEN | typeof MUST_WAIT | typeof SHUT;

/** Where blocks come from; see heap.ts. */
export interface Blocks {
  allocate(words: number): number;
  free(block: number): void;
  wordsFor(block: number): Int32Array;
}

export interface SlotQueueOptions extends ShortLockOptions {
  readonly blocks: Blocks;
  readonly notEmpty: WaitSet;
  readonly notFull: WaitSet;
  readonly allDone: WaitSet;
}

/** First word of a store: how many slots it has, a power of two. */
const STORE_CAPACITY = 0;
const STORE_HEAD = 1;
const SMALLEST = 16;
/** A store that is this often larger than what is in it is exchanged for a smaller one. */
const ROOMY = 8;

export abstract class SlotQueue {
  protected readonly words: Int32Array;
  protected readonly at: number;
  protected readonly putLock: ShortLock;
  /** Another lock than {@link putLock} only where the two ends have nothing in common. */
  protected readonly getLock: ShortLock;
  protected readonly notEmpty: WaitSet;
  protected readonly notFull: WaitSet;
  readonly #allDone: WaitSet;
  readonly #blocks: Blocks;

  /** The store, as far as this agent knows it. A block that comes again at the same address has the same size. */
  #storeAt = 0;
  protected slots: Int32Array;
  protected capacity = 0;

  static readonly WORDS: number = WORDS;

  /** @param at Index of the first word; all of them start as zero. */
  constructor(words: Int32Array, at: number, hasTwoEnds: boolean, options: SlotQueueOptions) {
    const { blocks, notEmpty, notFull, allDone } = options;
    this.words = words;
    this.at = at;
    this.slots = words;
    this.#blocks = blocks;
    this.notEmpty = notEmpty;
    this.notFull = notFull;
    this.#allDone = allDone;
    this.putLock = new ShortLock(words, at + PUT_LOCK, options);
    this.getLock = hasTwoEnds ? new ShortLock(words, at + GET_LOCK, options) : this.putLock;
  }

  /** Makes a new queue ready, before other agents see it. */
  initialize(maxsize: number): void {
    this.words[this.at + MAXSIZE] = maxsize;
    store(this.words, this.at + STORE, this.#newStore(SMALLEST));
  }

  /** Puts an item, unless the queue is full or shut down. */
  abstract tryPut(slot: Int32Array): Outcome;

  /** Takes an item into `slot`, unless there is none. */
  abstract tryGet(slot: Int32Array): Outcome;

  /**
   * Undoes a get: the item is the next to be taken, also where that exceeds the limit.
   *
   * @returns False after the cut, when nothing is kept any more.
   * @throws {RangeError} There is no memory left.
   */
  abstract putBack(slot: Int32Array): boolean;

  /** Words that a slot has in the store, and all that belongs to it. */
  protected abstract readonly wordsPerSlot: number;

  /** Makes a new store's words what they must be at first, where zeros will not do. */
  protected prepare(_slots: Int32Array, _slotsAt: number, _capacity: number): void {}

  /** Copies all items into a new store of another capacity; with all locks taken. */
  protected abstract copyInto(slots: Int32Array, slotsAt: number, capacity: number): void;

  /** Copies the item that is `index` places behind the first into `slot`; with all locks taken. */
  protected abstract read(index: number, slot: Int32Array): void;

  /** Items inside. */
  get size(): number {
    if (load(this.words, this.at + STATE) === CUT) return 0;
    // In this order: an item that is put and taken in between counts, but never as less than none.
    const gets = load(this.words, this.at + GETS);
    return (load(this.words, this.at + PUTS) - gets) | 0;
  }

  /** Most items at once; 0 or less for no limit. */
  get maxsize(): number {
    return load(this.words, this.at + MAXSIZE);
  }

  set maxsize(maxsize: number) {
    store(this.words, this.at + MAXSIZE, maxsize);
    this.notFull.wakeAll();
  }

  get isFull(): boolean {
    const { maxsize } = this;
    return maxsize > 0 && this.size >= maxsize;
  }

  get isShutDown(): boolean {
    return load(this.words, this.at + STATE) !== OPEN;
  }

  /** Whether a get would find nothing, or a put no room, and no end either: without a lock, for who looks often. */
  looksEmpty(): boolean {
    return load(this.words, this.at + STATE) === OPEN && this.size <= 0;
  }

  looksFull(): boolean {
    return load(this.words, this.at + STATE) === OPEN && this.isFull;
  }

  /** Items put and not reported done. */
  get unfinished(): number {
    const done = load(this.words, this.at + DONE);
    const isCut = load(this.words, this.at + STATE) === CUT;
    if (!isCut) return (load(this.words, this.at + PUTS) - done) >>> 0;
    return Math.max(0, (load(this.words, this.at + CUT_AT) - done) | 0);
  }

  /** Reports an item done; returns false when all have been. */
  taskDone(): boolean {
    for (;;) {
      const done = load(this.words, this.at + DONE);
      const { unfinished } = this;
      if (load(this.words, this.at + DONE) !== done) continue;
      if (unfinished === 0) return false;
      if (compareExchange(this.words, this.at + DONE, done, (done + 1) | 0) === done) break;
    }
    if (this.unfinished === 0) this.#allDone.wakeAll();
    return true;
  }

  /**
   * Lets nothing more in; with `isImmediate` nothing out either, and what is
   * inside counts as done.
   *
   * @param drop Called with the slot of each item that cannot be taken any more.
   */
  shutdown(isImmediate: boolean, drop: (slot: Int32Array) => void): void {
    this.lockAll();
    try {
      const state = load(this.words, this.at + STATE);
      if (isImmediate && state !== CUT) {
        store(this.words, this.at + CUT_AT, load(this.words, this.at + GETS));
        store(this.words, this.at + STATE, CUT);
        this.#dropAll(drop);
      } else if (state === OPEN) {
        store(this.words, this.at + STATE, CLOSED);
      }
    } finally {
      this.unlockAll();
    }
    this.notEmpty.wakeAll();
    this.notFull.wakeAll();
    this.#allDone.wakeAll();
  }

  /** Frees what belongs to a queue that no agent has any more. */
  dispose(drop: (slot: Int32Array) => void): void {
    if (load(this.words, this.at + STATE) !== CUT) this.#dropAll(drop);
    this.#blocks.free(load(this.words, this.at + STORE));
  }

  #dropAll(drop: (slot: Int32Array) => void): void {
    this.openStore();
    this.tidy();
    const slot = new Int32Array(SLOT_WORDS);
    const size = this.count;
    for (let index = 0; index < size; index++) {
      this.read(index, slot);
      drop(slot);
    }
  }

  protected lockAll(): void {
    this.putLock.acquire();
    if (this.getLock !== this.putLock) this.getLock.acquire();
  }

  protected unlockAll(): void {
    if (this.getLock !== this.putLock) this.getLock.release();
    this.putLock.release();
  }

  // For subclasses, whose caller has the lock that the words in question belong to.
  // Reads are plain then: the lock has put them in order.

  /** Items inside, whatever the state. */
  protected get count(): number {
    return (load(this.words, this.at + PUTS) - load(this.words, this.at + GETS)) | 0;
  }

  /** Looks where the items are now. */
  protected openStore(): void {
    const storeAt = this.words[this.at + STORE] as number;
    if (storeAt === this.#storeAt) return;
    this.slots = this.#blocks.wordsFor(storeAt);
    this.capacity = this.slots[storeAt + STORE_CAPACITY] as number;
    this.#storeAt = storeAt;
    this.opened();
  }

  /** Puts right what a dead agent may have left half done. */
  protected tidy(): void {}

  /** Called when {@link slots} has changed. */
  protected opened(): void {}

  /** Index of the first word behind the store's head. */
  protected get slotsAt(): number {
    return this.#storeAt + STORE_HEAD;
  }

  /** Whether so many items are as many as the limit allows. */
  protected isLimit(size: number): boolean {
    const maxsize = this.words[this.at + MAXSIZE] as number;
    return maxsize > 0 && size >= maxsize;
  }

  /** Exchanges the store for one that fits that many items; with all locks taken. */
  protected resize(size: number): void {
    let capacity = SMALLEST;
    while (capacity <= size) capacity *= 2;
    const old = this.#storeAt;
    const fresh = this.#newStore(capacity);
    const slots = this.#blocks.wordsFor(fresh);
    this.copyInto(slots, fresh + STORE_HEAD, capacity);
    store(this.words, this.at + STORE, fresh);
    this.openStore();
    this.#blocks.free(old);
  }

  /** Whether the store is far too large for that many items. */
  protected isRoomy(size: number): boolean {
    return this.capacity > SMALLEST * ROOMY && size < this.capacity / ROOMY;
  }

  #newStore(capacity: number): number {
    const storeAt = this.#blocks.allocate(STORE_HEAD + capacity * this.wordsPerSlot);
    const slots = this.#blocks.wordsFor(storeAt);
    slots[storeAt + STORE_CAPACITY] = capacity;
    this.prepare(slots, storeAt + STORE_HEAD, capacity);
    return storeAt;
  }
}
