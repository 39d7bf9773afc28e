/**
 * Items as they lie in shared memory: a slot of a few words each, and what does
 * not fit there in a block of its own.
 *
 *   INTEGER      the number
 *   NUMBER       the double
 *   INLINE       what the hand codec has written, in the slot itself
 *   HAND         address and length in bytes: a block of what the hand codec has written
 *   CLONED       likewise, written by the runtime's own structured clone
 *   PACKED       likewise, with holes for shared objects (see wire/handles.ts)
 *
 * Whoever takes the slot takes the block, and the references to shared objects
 * inside; an item that nobody can take any more is dropped, and they with it.
 */
import { platform } from "#platform";
import { handleCodec } from "../agent/shared-kinds.ts";
import { unsendBlock } from "../agent/shared-object.ts";
import { program } from "../agent/program.ts";
import type { Heap } from "../memory/heap.ts";
import { SLOT_WORDS } from "../memory/slot-queue.ts";
import { valueCodec } from "../scheduler/error-classes.ts";
import { Decoder } from "../wire/decode.ts";
import { DECLINED, Encoder } from "../wire/encode.ts";
import { type HandleCodec, pack, type Packed, unpack } from "../wire/handles.ts";
import { needsMessage, sendError } from "../wire/send-error.ts";
import { hasMarks, transferList } from "../wire/transfer.ts";

// Words of a slot.
const KIND = 0;
const VALUE = 1;
const ADDRESS = 1;
const LENGTH = 2;

const INTEGER = 0;
const NUMBER = 1;
const INLINE = 2;
const HAND = 3;
const CLONED = 4;
const PACKED = 5;

const INLINE_BYTES = (SLOT_WORDS - VALUE) * 4;
/** Longest value that is tried by the hand codec. */
const SCRATCH_BYTES = 32 * 1024;

const ROOT = "item";

/** For items that are only looked at: their shared objects are not received. */
const UNTOUCHED: HandleCodec = {
  mayOccur: () => true,
  send: () => undefined,
  receive: () => ({}),
};

/** For items that are dropped. */
const DROPPED: HandleCodec = {
  ...UNTOUCHED,
  receive: (address) => {
    if (address > 0) unsendBlock(address);
    return {};
  },
};

/** How the items of a queue are written and read. */
export interface Items {
  /**
   * Writes an item into `slot`, from where it must be put or dropped.
   *
   * @throws {SendError} Something in it cannot be sent.
   * @throws {RangeError} There is no memory left.
   */
  encode(item: unknown, slot: Int32Array): void;
  /** What the item encoded last leaves its sender without once it has been put: for {@link detach}. */
  readonly moved: readonly object[] | undefined;
  /** Makes the item of a slot that has been taken; uses the slot up. */
  decode(slot: Int32Array): unknown;
  /** Drops the item of a slot that nobody can take any more. */
  drop(slot: Int32Array): void;
}

export class ItemCodec implements Items {
  readonly #heap: Heap = program().heap;
  readonly #out = new Int32Array(SCRATCH_BYTES / 4);
  readonly #in = new Int32Array(SCRATCH_BYTES / 4);
  readonly #double = new Float64Array(1);
  readonly #halves = new Int32Array(this.#double.buffer);
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly #looker: Decoder;
  readonly #dropper: Decoder;
  /** What the item at hand moves. */
  #moved: readonly object[] | undefined;

  constructor() {
    const codec = valueCodec(() => [platform.entryUrl()]);
    this.#encoder = new Encoder(this.#out.buffer, codec);
    this.#decoder = new Decoder(this.#in.buffer, codec);
    this.#looker = new Decoder(this.#in.buffer, { handles: UNTOUCHED });
    this.#dropper = new Decoder(this.#in.buffer, { handles: DROPPED });
  }

  encode(item: unknown, slot: Int32Array): void {
    this.#moved = undefined;
    if (typeof item === "number") this.#encodeNumber(item, slot);
    else this.#encodeValue(item, item, slot, true);
  }

  /**
   * Like {@link encode}, and never into the slot itself: its words behind the third are the caller's.
   *
   * @param value What is written for the item.
   */
  encodeOutside(item: unknown, value: unknown, slot: Int32Array): void {
    this.#moved = undefined;
    this.#encodeValue(item, value, slot, false);
  }

  #encodeNumber(item: number, slot: Int32Array): void {
    if ((item | 0) === item && !(item === 0 && 1 / item < 0)) {
      slot[KIND] = INTEGER;
      slot[VALUE] = item;
      return;
    }
    slot[KIND] = NUMBER;
    this.#double[0] = item;
    slot[VALUE] = this.#halves[0] as number;
    slot[VALUE + 1] = this.#halves[1] as number;
  }

  #encodeValue(item: unknown, value: unknown, slot: Int32Array, mayBeInline: boolean): void {
    if (hasMarks()) this.#moved = this.#listMoved(item);
    const length = this.#encoder.write(value, 0, SCRATCH_BYTES);
    if (length === DECLINED) return this.#encodeByEngine(item, value, slot);
    if (mayBeInline && length <= INLINE_BYTES) {
      slot[KIND] = INLINE;
      for (let i = 0; i < SLOT_WORDS - VALUE; i++) slot[VALUE + i] = this.#out[i] as number;
      return;
    }
    slot[KIND] = HAND;
    try {
      slot[ADDRESS] = this.#heap.allocate((length + 3) >> 2);
    } catch (error) {
      this.#in.set(this.#out);
      this.#dropper.read(0);
      throw error;
    }
    slot[LENGTH] = length;
    const words = this.#heap.wordsFor(slot[ADDRESS]);
    const count = (length + 3) >> 2;
    for (let i = 0; i < count; i++) words[slot[ADDRESS] + i] = this.#out[i] as number;
  }

  #encodeByEngine(item: unknown, value: unknown, slot: Int32Array): void {
    if (needsMessage(item)) throw sendError(item, ROOT, undefined, "bytes");
    const packed = pack(value, handleCodec);
    slot[KIND] = packed === undefined ? CLONED : PACKED;
    try {
      const bytes = platform.serialize(packed ?? value);
      slot[ADDRESS] = this.#heap.allocate((bytes.length + 3) >> 2);
      slot[LENGTH] = bytes.length;
      this.#bytesOf(slot).set(bytes);
    } catch (refusal) {
      for (const address of packed?.addresses ?? []) DROPPED.receive(address);
      if (refusal instanceof RangeError) throw refusal;
      throw sendError(item, ROOT, refusal, "bytes");
    }
  }

  #listMoved(item: unknown): readonly object[] | undefined {
    const moved = transferList(item);
    if (moved.length === 0) return undefined;
    if (moved.some(needsMessageItself)) throw sendError(item, ROOT, undefined, "bytes");
    return moved;
  }

  get moved(): readonly object[] | undefined {
    return this.#moved;
  }

  #bytesOf(slot: Int32Array): Uint8Array {
    const address = slot[ADDRESS] as number;
    const { buffer } = this.#heap.wordsFor(address);
    return new Uint8Array(buffer, address * 4, slot[LENGTH]);
  }

  decode(slot: Int32Array): unknown {
    switch (slot[KIND]) {
      case INTEGER:
        return slot[VALUE];
      case NUMBER:
        this.#halves[0] = slot[VALUE] as number;
        this.#halves[1] = slot[VALUE + 1] as number;
        return this.#double[0];
      default:
        return this.#read(slot, this.#decoder, handleCodec, true);
    }
  }

  /** Looks at an item without taking it: shared objects in it are not themselves. */
  peek(slot: Int32Array): unknown {
    return this.#read(slot, this.#looker, UNTOUCHED, false);
  }

  drop(slot: Int32Array): void {
    if ((slot[KIND] as number) < INLINE) return;
    if (slot[KIND] === CLONED) this.#heap.free(slot[ADDRESS] as number);
    else this.#read(slot, this.#dropper, DROPPED, true);
  }

  #read(slot: Int32Array, decoder: Decoder, handles: HandleCodec, isLast: boolean): unknown {
    const address = slot[ADDRESS] as number;
    if (slot[KIND] === INLINE) {
      for (let i = 0; i < SLOT_WORDS - VALUE; i++) this.#in[i] = slot[VALUE + i] as number;
      return decoder.read(0);
    }
    if (slot[KIND] === HAND) {
      const words = this.#heap.wordsFor(address);
      const count = ((slot[LENGTH] as number) + 3) >> 2;
      for (let i = 0; i < count; i++) this.#in[i] = words[address + i] as number;
      if (isLast) this.#heap.free(address);
      return decoder.read(0);
    }
    const bytes = this.#bytesOf(slot).slice(); // no runtime reads shared memory here
    if (isLast) this.#heap.free(address);
    const value = platform.deserialize(bytes);
    return slot[KIND] === PACKED ? unpack(value as Packed, handles) : value;
  }
}

function needsMessageItself(object: object): boolean {
  return !(object instanceof ArrayBuffer);
}

/** Empties buffers whose bytes have gone elsewhere. */
export function detach(moved: readonly object[]): void {
  structuredClone(undefined, { transfer: moved as ArrayBuffer[] });
}
