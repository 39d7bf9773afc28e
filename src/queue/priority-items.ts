/**
 * Items of a priority queue as they lie in shared memory: like others, with a rank
 * behind (see memory/queues/priority-slots.ts).
 *
 * An item that is not its own key lies there with its key, as a pair.
 */
import {
  BY_KEY,
  BY_NUMBER,
  type CompareSlots,
  NUMBER_FIRST,
  RANK,
  RANK_KIND,
} from "../memory/queues/priority-slots.ts";
import { SLOT_WORDS } from "../memory/queues/slot-queue.ts";
import type { ItemCodec, Items } from "./item-codec.ts";
import { compareKeys, type Key, keyOf } from "../base/item-order.ts";

const KIND = 0;
/** Added to the kind of a pair. */
const PAIR = 16;

export class PriorityItems implements Items {
  readonly #codec: ItemCodec;
  readonly #rank = new Float64Array(1);
  readonly #halves = new Int32Array(this.#rank.buffer);
  readonly #first = new Int32Array(SLOT_WORDS);
  readonly #second = new Int32Array(SLOT_WORDS);

  constructor(codec: ItemCodec) {
    this.#codec = codec;
  }

  get moved(): readonly object[] | undefined {
    return this.#codec.moved;
  }

  /** @throws {TypeError} The item has no order. */
  encode(item: unknown, slot: Int32Array): void {
    if (typeof item === "number") {
      this.#codec.encode(item, slot);
      return this.#setRank(slot, BY_NUMBER, item);
    }
    const key = keyOf(item);
    const isPair = key !== item && !Object.is(key, item);
    this.#codec.encodeOutside(item, isPair ? [key, item] : item, slot);
    if (isPair) slot[KIND] = (slot[KIND] as number) + PAIR;
    const first = Array.isArray(key) ? (key as readonly Key[])[0] : undefined;
    if (typeof first === "number") this.#setRank(slot, NUMBER_FIRST, first);
    else slot[RANK_KIND] = BY_KEY;
  }

  #setRank(slot: Int32Array, kind: number, rank: number): void {
    this.#rank[0] = rank;
    slot[RANK_KIND] = kind;
    slot[RANK] = this.#halves[0] as number;
    slot[RANK + 1] = this.#halves[1] as number;
  }

  loading(slot: Int32Array): Promise<void> | undefined {
    const copy = slot.slice();
    unpair(copy);
    return this.#codec.loading(copy);
  }

  decode(slot: Int32Array): unknown {
    const copy = slot.slice(); // the slot stays as it is, should the item have to be put back
    const isPair = unpair(copy);
    const value = this.#codec.decode(copy);
    return isPair ? (value as readonly [Key, unknown])[1] : value;
  }

  drop(slot: Int32Array): void {
    unpair(slot);
    this.#codec.drop(slot);
  }

  readonly compare: CompareSlots = (slots, a, b) =>
    compareKeys(this.#keyAt(slots, a, this.#first), this.#keyAt(slots, b, this.#second));

  #keyAt(slots: Int32Array, at: number, slot: Int32Array): Key {
    for (let i = 0; i < SLOT_WORDS - 1; i++) slot[i] = slots[at + i] as number;
    const isPair = unpair(slot);
    const value = this.#codec.peek(slot);
    return isPair ? (value as readonly [Key, unknown])[0] : (value as Key);
  }
}

/** Makes of a pair's slot that of an ordinary item; says whether it was one. */
function unpair(slot: Int32Array): boolean {
  const kind = slot[KIND] as number;
  if (kind < PAIR) return false;
  slot[KIND] = kind - PAIR;
  return true;
}
