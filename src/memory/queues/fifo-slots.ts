/**
 * A queue whose first item goes out first: a ring of slots.
 *
 * The two ends have a lock each, so a thread that puts and one that takes do not
 * meet. Item n is in slot n modulo the capacity; PUTS and GETS say which are. Each
 * end remembers what the other's count was when it last looked, and looks again
 * only when that is not enough: what it remembers is never ahead of the truth, so
 * the ring seems fuller to putters and emptier to getters than it is.
 *
 * An item that is put back goes before the first, where a putter may have written
 * since: that takes both locks, like a change of the ring. GETS_SEEN goes down first, so
 * that no putter takes the place for free.
 *
 * A larger ring takes the place of a full one, and a smaller one that of a ring
 * nearly empty, with both locks taken: the putter's first, as everywhere.
 */
import { load, store } from "../atomics.ts";
import {
  CUT,
  GETS,
  GETS_SEEN,
  MUST_WAIT,
  OPEN,
  type Outcome,
  PUTS,
  PUTS_SEEN,
  SHUT,
  SLOT_WORDS,
  SlotQueue,
  type SlotQueueOptions,
  STATE,
  TAKEN,
} from "./slot-queue.ts";

export class FifoSlots extends SlotQueue {
  protected readonly wordsPerSlot: number = SLOT_WORDS;

  constructor(words: Int32Array, at: number, options: SlotQueueOptions) {
    super(words, at, true, options);
  }

  override tryPut(slot: Int32Array): Outcome {
    this.putLock.acquire();
    try {
      const { words, at } = this;
      if (words[at + STATE] !== OPEN) return SHUT;
      const puts = words[at + PUTS] as number;
      this.openStore();
      const size = (puts - (words[at + GETS_SEEN] as number)) | 0;
      const isRoundOver = (puts & (this.capacity - 1)) === 0;
      if (size >= this.capacity || isRoundOver || this.isLimit(size)) {
        if (!this.#makeRoom(puts, isRoundOver)) return MUST_WAIT;
      }
      copySlot(slot, 0, this.slots, this.#place(puts, this.slotsAt, this.capacity));
      store(words, at + PUTS, (puts + 1) | 0);
    } finally {
      this.putLock.release();
    }
    this.notEmpty.wakeOne();
    return TAKEN;
  }

  override tryGet(slot: Int32Array): Outcome {
    this.getLock.acquire();
    try {
      const { words, at } = this;
      const gets = words[at + GETS] as number;
      if (gets === words[at + PUTS_SEEN]) {
        const puts = load(words, at + PUTS);
        if (puts === gets) return words[at + STATE] === OPEN ? MUST_WAIT : SHUT;
        words[at + PUTS_SEEN] = puts;
      }
      if (words[at + STATE] === CUT) return SHUT;
      this.openStore();
      copySlot(this.slots, this.#place(gets, this.slotsAt, this.capacity), slot, 0);
      store(words, at + GETS, (gets + 1) | 0);
    } finally {
      this.getLock.release();
    }
    this.notFull.wakeOne();
    return TAKEN;
  }

  override putBack(slot: Int32Array): boolean {
    this.lockAll();
    try {
      const { words, at } = this;
      if (words[at + STATE] === CUT) return false;
      this.openStore();
      const size = this.count;
      if (size >= this.capacity) this.resize(size);
      const gets = ((words[at + GETS] as number) - 1) | 0;
      words[at + GETS_SEEN] = gets;
      copySlot(slot, 0, this.slots, this.#place(gets, this.slotsAt, this.capacity));
      store(words, at + GETS, gets);
    } finally {
      this.unlockAll();
    }
    this.notEmpty.wakeOne();
    return true;
  }

  /** Looks at the other end; says whether there is room now. Once in a round a ring may become smaller. */
  #makeRoom(puts: number, mayShrink: boolean): boolean {
    const gets = load(this.words, this.at + GETS);
    this.words[this.at + GETS_SEEN] = gets;
    const size = (puts - gets) | 0;
    if (this.isLimit(size)) return false;
    if (size >= this.capacity || (mayShrink && this.isRoomy(size))) this.#resize(size);
    return true;
  }

  #resize(size: number): void {
    this.getLock.acquire();
    try {
      this.resize(size);
    } finally {
      this.getLock.release();
    }
  }

  #place(index: number, slotsAt: number, capacity: number): number {
    return slotsAt + (index & (capacity - 1)) * SLOT_WORDS;
  }

  protected override copyInto(slots: Int32Array, slotsAt: number, capacity: number): void {
    const gets = load(this.words, this.at + GETS);
    for (let index = gets, left = this.count; left > 0; index = (index + 1) | 0, left--) {
      const from = this.#place(index, this.slotsAt, this.capacity);
      copySlot(this.slots, from, slots, this.#place(index, slotsAt, capacity));
    }
  }

  protected override read(index: number, slot: Int32Array): void {
    const gets = load(this.words, this.at + GETS);
    copySlot(this.slots, this.#place(gets + index, this.slotsAt, this.capacity), slot, 0);
  }
}

export function copySlot(from: Int32Array, fromAt: number, to: Int32Array, toAt: number): void {
  for (let i = 0; i < SLOT_WORDS; i++) to[toAt + i] = from[fromAt + i] as number;
}
