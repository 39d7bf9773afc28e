/**
 * Items as they lie in shared memory: a slot of a few words each, and what does
 * not fit there in a block of its own.
 *
 *   INTEGER      the number
 *   NUMBER       the double
 *   INLINE       what the hand codec has written, in the slot itself
 *   HAND         address and length in bytes: a block of what the hand codec has written
 *   CLONED       likewise, written by the runtime's own structured clone
 *   PACKED       likewise, with holes for what it would not copy (see wire/pack.ts)
 *   BYTES        likewise, the bytes themselves: heddle's own items, which users do not see
 *
 * An agent that takes the slot takes the block, and the references to shared objects
 * inside; an item that cannot be taken any more is dropped, and they with it.
 */
import { server } from "#platform";
import { handleCodec } from "../program/kinds.ts";
import { program } from "../program/program.ts";
import type { Heap } from "../memory/heap.ts";
import { SLOT_WORDS } from "../memory/queues/slot-queue.ts";
import { CALLERS_CODE } from "../shipping/code-lookup.ts";
import { type Channel, SHARED_BYTES } from "../wire/channel.ts";
import { Decoder } from "../wire/decode.ts";
import { DECLINED, Encoder } from "../wire/encode.ts";
import type { HandleCodec } from "../wire/handles.ts";
import { pack, type Packed, sendHandles } from "../wire/pack.ts";
import { isPlain } from "../wire/plain.ts";
import { sendError } from "../wire/send-error.ts";
import { hasMarks, transferList } from "../wire/transfer.ts";
import { lacksCode, NotLoaded, type Receiver, unpack } from "../wire/unpack.ts";

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
const BYTES = 6;

const INLINE_BYTES = (SLOT_WORDS - VALUE) * 4;
/** Longest value that is tried by the hand codec. */
const SCRATCH_BYTES = 32 * 1024;

const ROOT = "item";

const CHANNEL: Channel = {
  carrier: SHARED_BYTES,
  code: CALLERS_CODE,
  handles: handleCodec,
};

/** For items that are only looked at: their shared objects are not received. */
const UNTOUCHED: HandleCodec = {
  send: () => undefined,
  unsend: () => undefined,
  receive: () => ({}),
};

/** The same for the functions and classes in them. */
const LOOKING: Receiver = {
  handles: UNTOUCHED,
  code: { load: () => Object, loadLater: async () => undefined, isCopy: () => false },
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
  /**
   * What has to be waited for before the item of a slot can be made; undefined if it can be at
   * once. Never fails.
   */
  loading(slot: Int32Array): Promise<void> | undefined;
  /**
   * Makes the item of a slot that has been taken; uses the slot up.
   *
   * @throws {NotLoaded} {@link loading} has not been waited for; the slot is as it was.
   */
  decode(slot: Int32Array): unknown;
  /** Drops the item of a slot that cannot be taken any more. */
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
  /** What the item that is being encoded moves. */
  #moved: readonly object[] | undefined;
  /** Code of the user's may run while an item is written or read: a getter, or the module of an error's class. */
  #isBusy = false;
  /** The item that {@link loading} has read. */
  #ahead: { readonly address: number; readonly packed: Packed } | undefined;
  /** Shared objects in the item that is being dropped. */
  #dropped: number[] = [];

  constructor() {
    const { buffer } = this.#in;
    const options = { sharedBuffer: undefined, sharedBuffers: undefined, handles: handleCodec };
    this.#encoder = new Encoder(this.#out.buffer, options);
    this.#decoder = new Decoder(buffer, options);
    this.#looker = new Decoder(buffer, { ...options, handles: UNTOUCHED });
    this.#dropper = new Decoder(buffer, { ...options, handles: this.#dropping });
  }

  /** For items that are dropped. */
  readonly #dropping: HandleCodec = {
    ...UNTOUCHED,
    receive: (address) => {
      this.#dropped.push(address);
      return {};
    },
  };

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
    if (this.#isBusy) return new ItemCodec().#encodeValue(item, value, slot, mayBeInline);
    this.#isBusy = true;
    try {
      if (hasMarks()) return this.#encodeAndMove(item, value, slot);
      const length = this.#encoder.write(value, 0, SCRATCH_BYTES);
      if (length === DECLINED) this.#encodeByEngine(item, value, slot);
      else if (mayBeInline && length <= INLINE_BYTES) this.#keepInline(slot);
      else this.#keepOutside(slot, length);
    } finally {
      this.#isBusy = false;
    }
  }

  #keepInline(slot: Int32Array): void {
    slot[KIND] = INLINE;
    for (let i = 0; i < SLOT_WORDS - VALUE; i++) slot[VALUE + i] = this.#out[i] as number;
  }

  #keepOutside(slot: Int32Array, length: number): void {
    const count = (length + 3) >> 2;
    let address: number;
    try {
      address = this.#heap.allocate(count);
    } catch (error) {
      this.#in.set(this.#out);
      this.#dropper.read(0);
      this.#unsendDropped();
      throw error;
    }
    slot[KIND] = HAND;
    slot[ADDRESS] = address;
    slot[LENGTH] = length;
    const words = this.#heap.wordsFor(address);
    for (let i = 0; i < count; i++) words[address + i] = this.#out[i] as number;
  }

  /** Buffers that are marked to be moved: their bytes are copied all the same. */
  #encodeAndMove(item: unknown, value: unknown, slot: Int32Array): void {
    this.#encodePacked(item, value, slot);
    const moved = transferList(item);
    this.#moved = moved.length === 0 ? undefined : moved;
  }

  #encodeByEngine(item: unknown, value: unknown, slot: Int32Array): void {
    let bytes: Uint8Array | undefined;
    if (isPlain(value)) {
      try {
        bytes = server.serialize(value);
      } catch {
        // Such as process.env: a copy of it can be written.
      }
    }
    if (bytes === undefined) return this.#encodePacked(item, value, slot);
    this.#keepBytes(CLONED, bytes, slot);
  }

  #encodePacked(item: unknown, value: unknown, slot: Int32Array): void {
    if (item !== value) pack(item, ROOT, CHANNEL); // a refusal names the part of the item
    const packed = pack(value, ROOT, CHANNEL);
    let bytes: Uint8Array;
    try {
      bytes = server.serialize(packed);
    } catch (refusal) {
      if (refusal instanceof RangeError) throw refusal;
      throw sendError(item, ROOT, refusal, SHARED_BYTES);
    }
    this.#keepBytes(PACKED, bytes, slot);
    sendHandles(packed, CHANNEL);
  }

  /** Writes an item that is only bytes, and is read as a copy of them. */
  encodeBytes(bytes: Uint8Array, slot: Int32Array): void {
    this.#keepBytes(BYTES, bytes, slot);
  }

  #keepBytes(
    kind: typeof CLONED | typeof PACKED | typeof BYTES,
    bytes: Uint8Array,
    slot: Int32Array,
  ): void {
    slot[KIND] = kind;
    slot[ADDRESS] = this.#heap.allocateDirty((bytes.length + 3) >> 2);
    slot[LENGTH] = bytes.length;
    this.#bytesOf(slot).set(bytes);
  }

  get moved(): readonly object[] | undefined {
    return this.#moved;
  }

  #bytesOf(slot: Int32Array): Uint8Array {
    const address = slot[ADDRESS] as number;
    const { buffer } = this.#heap.wordsFor(address);
    return new Uint8Array(buffer, address * 4, slot[LENGTH]);
  }

  loading(slot: Int32Array): Promise<void> | undefined {
    if (slot[KIND] !== PACKED) return undefined;
    const packed = server.deserialize(this.#bytesOf(slot).slice()) as Packed;
    this.#ahead = { address: slot[ADDRESS] as number, packed };
    return lacksCode(packed, CHANNEL)?.load();
  }

  decode(slot: Int32Array): unknown {
    if (isNumber(slot)) return this.#number(slot);
    if (this.#isBusy) return new ItemCodec().decode(slot);
    this.#isBusy = true;
    try {
      return this.#read(slot, this.#decoder, CHANNEL, true);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Looks at an item without taking it: shared objects in it are not themselves. */
  peek(slot: Int32Array): unknown {
    return isNumber(slot) ? this.#number(slot) : this.#read(slot, this.#looker, LOOKING, false);
  }

  #number(slot: Int32Array): number {
    if (slot[KIND] === INTEGER) return slot[VALUE] as number;
    this.#halves[0] = slot[VALUE] as number;
    this.#halves[1] = slot[VALUE + 1] as number;
    return this.#double[0] as number;
  }

  drop(slot: Int32Array): void {
    if (isNumber(slot)) return;
    if (this.#isBusy) return new ItemCodec().drop(slot);
    if (slot[KIND] === INLINE || slot[KIND] === HAND)
      this.#read(slot, this.#dropper, LOOKING, true);
    else this.#dropBytes(slot);
    this.#unsendDropped();
  }

  /** Only the handles in it matter: no object is made. */
  #dropBytes(slot: Int32Array): void {
    if (slot[KIND] === PACKED) {
      const { contents } = server.deserialize(this.#bytesOf(slot).slice()) as Packed;
      for (const content of contents)
        if (typeof content === "number") this.#dropping.receive(content);
    }
    this.#heap.free(slot[ADDRESS] as number);
  }

  /** Not before an item has been read: one of its objects may be a queue, whose items are dropped then. */
  #unsendDropped(): void {
    for (const address of this.#dropped.splice(0)) handleCodec.unsend(address);
  }

  #read(slot: Int32Array, decoder: Decoder, receiver: Receiver, isLast: boolean): unknown {
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
    if (slot[KIND] === PACKED) return this.#unpack(address, slot, receiver, isLast);
    const bytes = this.#bytesOf(slot).slice(); // no runtime reads shared memory here
    if (isLast) this.#heap.free(address);
    return slot[KIND] === BYTES ? bytes : server.deserialize(bytes);
  }

  #unpack(address: number, slot: Int32Array, receiver: Receiver, isLast: boolean): unknown {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const packed =
      isLast && ahead?.address === address
        ? ahead.packed
        : (server.deserialize(this.#bytesOf(slot).slice()) as Packed);
    let isOver = isLast;
    try {
      return unpack(packed, receiver);
    } catch (error) {
      if (error instanceof NotLoaded) isOver = false;
      throw error;
    } finally {
      if (isOver) this.#heap.free(address);
    }
  }
}

function isNumber(slot: Int32Array): boolean {
  return (slot[KIND] as number) < INLINE;
}
