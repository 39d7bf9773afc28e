/**
 * A queue whose smallest item goes out first: a binary heap.
 *
 * The store has slots, which stay where they are, and behind them ORDER: the
 * number of every slot once. The first PUTS - GETS of them are the items, as a
 * heap; the others are free. One lock guards it all.
 *
 *   put   writes a free slot, the one next in ORDER, finds its place (which may
 *         throw: nothing has changed yet), stores PUTS, then moves it up
 *   get   copies the first slot out, exchanges first and last, stores GETS, then
 *         moves the new first one down
 *
 * An item that is put back is put in the same way, by a GETS that goes down.
 *
 * Moving takes several stores. UNTIDY is set before the first of them and cleared
 * after the last; an agent that finds it set has the lock from a dead one, and tidies
 * up. At every moment at most one number is missing in ORDER, and another is there
 * twice, both times among the items: moves begin after PUTS has gone up, and
 * before GETS goes up the last item is at its place again. So either of the two
 * can be given the missing number, and then the items are the right ones, in some
 * order; what is left to do is to make a heap of them. Who dies doing that leaves
 * it to the next.
 *
 * Items are compared by their ranks where these are numbers, without being read
 * in any other way:
 *
 *   BY_NUMBER        the number at RANK decides
 *   NUMBER_FIRST     it does, unless it is the same in both
 *   BY_KEY           the caller compares
 *
 * What cannot be compared to an item on its way up is refused. Two items that
 * cannot be compared and have never met on that way count as equal.
 */
import { load, store } from "../atomics.ts";
import {
  CUT,
  GETS,
  MUST_WAIT,
  OPEN,
  type Outcome,
  PUTS,
  SHUT,
  SlotQueue,
  type SlotQueueOptions,
  STATE,
  TAKEN,
  UNTIDY,
} from "./slot-queue.ts";

/** Words of a slot in this store; the rank is among them, a double at an even place. */
const RANKED_WORDS = 6;
export const RANK_KIND = 3;
export const RANK = 4;

export const BY_KEY = 0;
export const BY_NUMBER = 1;
export const NUMBER_FIRST = 2;

/** Compares two slots of a store: below 0 if the first goes out before the second. Throws if they cannot be compared. */
export type CompareSlots = (slots: Int32Array, a: number, b: number) => number;

export interface PrioritySlotsOptions extends SlotQueueOptions {
  readonly compare: CompareSlots;
}

export class PrioritySlots extends SlotQueue {
  protected readonly wordsPerSlot: number = RANKED_WORDS + 1;
  readonly #compare: CompareSlots;
  #doubles: Float64Array = new Float64Array(0);

  constructor(words: Int32Array, at: number, options: PrioritySlotsOptions) {
    super(words, at, false, options);
    this.#compare = options.compare;
  }

  /** Throws what the comparison throws; the item is not put then. */
  override tryPut(slot: Int32Array): Outcome {
    this.putLock.acquire();
    try {
      const { words, at } = this;
      if (words[at + STATE] !== OPEN) return SHUT;
      if (this.isLimit(this.count)) return MUST_WAIT;
      this.#insert(slot, PUTS, 1);
    } finally {
      this.putLock.release();
    }
    this.notEmpty.wakeOne();
    return TAKEN;
  }

  /** Throws what the comparison throws; the item is not put back then. */
  override putBack(slot: Int32Array): boolean {
    this.putLock.acquire();
    try {
      if (this.words[this.at + STATE] === CUT) return false;
      this.#insert(slot, GETS, -1);
    } finally {
      this.putLock.release();
    }
    this.notEmpty.wakeOne();
    return true;
  }

  /** Adds an item, by a step of the count that is PUTS or GETS. */
  #insert(slot: Int32Array, count: number, step: number): void {
    const { words, at } = this;
    const size = this.count;
    this.openStore();
    this.tidy();
    if (size >= this.capacity || this.isRoomy(size)) this.resize(size);
    const number = this.#orderOf(size);
    this.#write(number, slot);
    const place = this.#placeFor(number, size);
    if (place !== size) store(words, at + UNTIDY, 1);
    store(words, at + count, (load(words, at + count) + step) | 0);
    if (place !== size) this.#moveUp(number, size, place);
  }

  override tryGet(slot: Int32Array): Outcome {
    this.getLock.acquire();
    try {
      const { words, at } = this;
      const state = words[at + STATE];
      const size = this.count;
      if (state === CUT || (size === 0 && state !== OPEN)) return SHUT;
      if (size === 0) return MUST_WAIT;
      this.openStore();
      this.tidy();
      this.read(0, slot);
      if (size > 1) {
        store(words, at + UNTIDY, 1);
        this.#exchange(0, size - 1);
      }
      store(words, at + GETS, (load(words, at + GETS) + 1) | 0);
      if (size > 1) {
        this.#sink(0, size - 1);
        store(words, at + UNTIDY, 0);
      }
    } finally {
      this.getLock.release();
    }
    this.notFull.wakeOne();
    return TAKEN;
  }

  // Places are those in ORDER; numbers are those of slots.

  #orderOf(place: number): number {
    return this.slots[this.#orderAt + place] as number;
  }

  #setOrder(place: number, number: number): void {
    store(this.slots, this.#orderAt + place, number);
  }

  get #orderAt(): number {
    return this.slotsAt + this.capacity * RANKED_WORDS;
  }

  #slotAt(number: number): number {
    return this.slotsAt + number * RANKED_WORDS;
  }

  #write(number: number, slot: Int32Array): void {
    const slotAt = this.#slotAt(number);
    for (let i = 0; i < RANKED_WORDS; i++) this.slots[slotAt + i] = slot[i] as number;
  }

  /** Where an item goes that would be the last one. */
  #placeFor(number: number, size: number): number {
    let place = size;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#order(number, this.#orderOf(parent)) >= 0) break;
      place = parent;
    }
    return place;
  }

  #moveUp(number: number, from: number, to: number): void {
    for (let place = from; place !== to;) {
      const parent = (place - 1) >> 1;
      this.#setOrder(place, this.#orderOf(parent));
      place = parent;
    }
    this.#setOrder(to, number);
    store(this.words, this.at + UNTIDY, 0);
  }

  #exchange(a: number, b: number): void {
    const number = this.#orderOf(a);
    this.#setOrder(a, this.#orderOf(b));
    this.#setOrder(b, number);
  }

  /** Moves the item at that place down to where it belongs. */
  #sink(start: number, size: number): void {
    const number = this.#orderOf(start);
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && this.#isBefore(this.#orderOf(right), this.#orderOf(child))) child = right;
      if (!this.#isBefore(this.#orderOf(child), number)) break;
      this.#setOrder(place, this.#orderOf(child));
      place = child;
    }
    if (place !== start) this.#setOrder(place, number);
  }

  /** Below 0 if the first goes out before the second. */
  #order(a: number, b: number): number {
    const aAt = this.#slotAt(a);
    const bAt = this.#slotAt(b);
    const kind = this.slots[aAt + RANK_KIND];
    if (kind !== BY_KEY && kind === this.slots[bAt + RANK_KIND]) {
      const first = this.#doubles[(aAt + RANK) >> 1] as number;
      const second = this.#doubles[(bAt + RANK) >> 1] as number;
      if (first < second) return -1;
      if (first > second) return 1;
      if (kind === BY_NUMBER) return 0;
    }
    return this.#compare(this.slots, aAt, bAt);
  }

  #isBefore(a: number, b: number): boolean {
    try {
      return this.#order(a, b) < 0;
    } catch {
      return false;
    }
  }

  protected override tidy(): void {
    if (load(this.words, this.at + UNTIDY) === 0) return;
    const size = this.count;
    this.#replaceDouble();
    for (let place = (size >> 1) - 1; place >= 0; place--) this.#sink(place, size);
    store(this.words, this.at + UNTIDY, 0);
  }

  /** Gives the number that is missing in ORDER to one of the two places that have the same one. */
  #replaceDouble(): void {
    const places = new Map<number, number>();
    let double = -1;
    for (let place = 0; place < this.capacity; place++) {
      const number = this.#orderOf(place);
      if (places.has(number)) double = place;
      places.set(number, place);
    }
    if (double === -1) return;
    let missing = 0;
    while (places.has(missing)) missing++;
    this.#setOrder(double, missing);
  }

  protected override opened(): void {
    this.#doubles = new Float64Array(this.slots.buffer, 0, this.slots.length >> 1);
  }

  protected override prepare(slots: Int32Array, slotsAt: number, capacity: number): void {
    const orderAt = slotsAt + capacity * RANKED_WORDS;
    for (let place = 0; place < capacity; place++) slots[orderAt + place] = place;
  }

  protected override copyInto(slots: Int32Array, slotsAt: number): void {
    const size = this.count;
    for (let place = 0; place < size; place++) {
      const from = this.#slotAt(this.#orderOf(place));
      const to = slotsAt + place * RANKED_WORDS;
      for (let i = 0; i < RANKED_WORDS; i++) slots[to + i] = this.slots[from + i] as number;
    }
  }

  protected override read(index: number, slot: Int32Array): void {
    const from = this.#slotAt(this.#orderOf(index));
    for (let i = 0; i < RANKED_WORDS; i++) slot[i] = this.slots[from + i] as number;
  }
}
