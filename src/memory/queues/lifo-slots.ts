/**
 * A queue whose latest item goes out first: slots 0 to PUTS - GETS - 1 of its store.
 *
 * Both ends are the same, and so is their lock.
 */
import { load, store } from "../atomics.ts";
import { copySlot } from "./fifo-slots.ts";
import {
  CUT,
  GETS,
  MUST_WAIT,
  OPEN,
  type Outcome,
  PUTS,
  SHUT,
  SLOT_WORDS,
  SlotQueue,
  type SlotQueueOptions,
  STATE,
  TAKEN,
} from "./slot-queue.ts";

export class LifoSlots extends SlotQueue {
  protected readonly wordsPerSlot: number = SLOT_WORDS;

  constructor(words: Int32Array, at: number, options: SlotQueueOptions) {
    super(words, at, false, options);
  }

  override tryPut(slot: Int32Array): Outcome {
    this.putLock.acquire();
    try {
      const { words, at } = this;
      if (words[at + STATE] !== OPEN) return SHUT;
      if (this.isLimit(this.count)) return MUST_WAIT;
      this.#push(slot);
      store(words, at + PUTS, (load(words, at + PUTS) + 1) | 0);
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
      const state = words[at + STATE];
      const size = this.count;
      if (state === CUT || (size === 0 && state !== OPEN)) return SHUT;
      if (size === 0) return MUST_WAIT;
      this.openStore();
      copySlot(this.slots, this.slotsAt + (size - 1) * SLOT_WORDS, slot, 0);
      store(words, at + GETS, (load(words, at + GETS) + 1) | 0);
    } finally {
      this.getLock.release();
    }
    this.notFull.wakeOne();
    return TAKEN;
  }

  override putBack(slot: Int32Array): boolean {
    this.putLock.acquire();
    try {
      const { words, at } = this;
      if (words[at + STATE] === CUT) return false;
      this.#push(slot);
      store(words, at + GETS, (load(words, at + GETS) - 1) | 0);
    } finally {
      this.putLock.release();
    }
    this.notEmpty.wakeOne();
    return true;
  }

  /** Writes an item behind the last one; it counts once PUTS or GETS says so. */
  #push(slot: Int32Array): void {
    const size = this.count;
    this.openStore();
    if (size >= this.capacity || this.isRoomy(size)) this.resize(size);
    copySlot(slot, 0, this.slots, this.slotsAt + size * SLOT_WORDS);
  }

  protected override copyInto(slots: Int32Array, slotsAt: number): void {
    slots.set(this.slots.subarray(this.slotsAt, this.slotsAt + this.count * SLOT_WORDS), slotsAt);
  }

  protected override read(index: number, slot: Int32Array): void {
    copySlot(this.slots, this.slotsAt + index * SLOT_WORDS, slot, 0);
  }
}
