/**
 * Records from one agent to another: one writes, one reads, and neither ever waits.
 *
 *   TAIL     where the writer goes on       HEAD     where the reader goes on
 *   BESIDE   how many records have gone another way
 *
 * All three only go up, and round at 2^32; the place in the ring is the count modulo its
 * size. A record lies in one piece, from a place that eight divides: where the
 * ring ends too soon for it, a FILLER takes up the rest.
 *
 *   word 0         length of the bytes, or FILLER
 *   words 1 to 3   the caller's
 *   words 4, 5     a double of the caller's
 *   the rest       bytes
 *
 *   write    the record first, TAIL second: what a writer that dies has not finished is nothing
 *   read     the record first, HEAD second: only then may the writer use its place again
 *
 * A record that does not fit goes another way, such as a port, with {@link RecordRing.written}
 * as its number. The writer sends it first and then counts it in BESIDE; a record that follows
 * in the ring moves TAIL after that. The reader looks at TAIL first and at BESIDE
 * second ({@link RecordRing.look}), and reads no further than that TAIL: so it knows of every
 * record beside the ring before it comes to one with a higher number, and keeps the order.
 *
 * To be woken is the business of a doorbell: the writer rings after a write.
 *
 * Explored under every schedule, death included, in test/model/record-ring.test.ts.
 */
import { load, store } from "./atomics.ts";

const TAIL = 0;
const BESIDE = 1;
/** The reader's: in a cache line of its own. */
const HEAD = 32;
const CONTROL_WORDS = 64;

const HEAD_WORDS = 6;
const FILLER = -1;

export interface RingRecord {
  readonly kind: number;
  readonly lane: number;
  readonly bits: number;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Of the reader: how far it may read. */
export interface Horizon {
  readonly tail: number;
  readonly beside: number;
}

export class RecordRing {
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #bytes: Uint8Array;
  readonly #mask: number;
  /** The reader's HEAD or the writer's TAIL, which no other agent changes. */
  #at = 0;
  /** Of the writer: what HEAD was when it last looked. */
  #headSeen = 0;
  /** How many records have been written or read here, those beside the ring included. */
  #count = 0;

  /** Words that a ring of that size needs. @param bytes A power of two. */
  static words(bytes: number): number {
    return CONTROL_WORDS + bytes / 4;
  }

  /** @param words Zeroed shared memory, {@link RecordRing.words} long. */
  constructor(words: Int32Array) {
    const { buffer, byteOffset, byteLength } = words;
    this.#words = words;
    this.#doubles = new Float64Array(buffer, byteOffset, byteLength / 8);
    this.#bytes = new Uint8Array(buffer, byteOffset, byteLength);
    this.#mask = byteLength - CONTROL_WORDS * 4 - 1;
  }

  /** The number of the next record. */
  get count(): number {
    return this.#count;
  }

  // The writer's.

  /** Writes a record; false if it does not fit now. */
  tryWrite(kind: number, lane: number, bits: number, number: number, bytes: Uint8Array): boolean {
    const size = sizeOf(bytes.length);
    const capacity = this.#mask + 1;
    if (size > capacity / 4) return false;
    const place = this.#at & this.#mask;
    const rest = capacity - place;
    const skipped = rest < size ? rest : 0;
    if (!this.#hasRoom(skipped + size)) return false;
    if (skipped > 0) this.#words[CONTROL_WORDS + (place >> 2)] = FILLER;
    const at = CONTROL_WORDS * 4 + ((this.#at + skipped) & this.#mask);
    const word = at >> 2;
    this.#words[word] = bytes.length;
    this.#words[word + 1] = kind;
    this.#words[word + 2] = lane;
    this.#words[word + 3] = bits;
    this.#doubles[(word >> 1) + 2] = number;
    if (bytes.length > 0) this.#bytes.set(bytes, at + HEAD_WORDS * 4);
    this.#at = (this.#at + skipped + size) | 0;
    this.#count++;
    store(this.#words, TAIL, this.#at);
    return true;
  }

  #hasRoom(size: number): boolean {
    const capacity = this.#mask + 1;
    if (((this.#at - this.#headSeen) | 0) + size <= capacity) return true;
    this.#headSeen = load(this.#words, HEAD);
    return ((this.#at - this.#headSeen) | 0) + size <= capacity;
  }

  /** A record with the number {@link count} has been sent beside the ring. */
  sentBeside(): void {
    this.#count++;
    store(this.#words, BESIDE, (load(this.#words, BESIDE) + 1) | 0);
  }

  // The reader's.

  /** What there is to read. */
  look(): Horizon {
    const tail = load(this.#words, TAIL);
    return { tail, beside: load(this.#words, BESIDE) };
  }

  /** Whether there is another record before the horizon. */
  has({ tail }: Horizon): boolean {
    return this.#at !== tail;
  }

  /** Reads the next record of the ring, unless there is none before the horizon. */
  read({ tail }: Horizon): RingRecord | undefined {
    if (this.#at === tail) return undefined;
    let place = this.#at & this.#mask;
    if (this.#words[CONTROL_WORDS + (place >> 2)] === FILLER) {
      this.#at = (this.#at + this.#mask + 1 - place) | 0;
      place = 0;
    }
    const at = CONTROL_WORDS * 4 + place;
    const word = at >> 2;
    const length = this.#words[word] as number;
    const from = at + HEAD_WORDS * 4;
    const record = {
      kind: this.#words[word + 1] as number,
      lane: this.#words[word + 2] as number,
      bits: this.#words[word + 3] as number,
      number: this.#doubles[(word >> 1) + 2] as number,
      bytes: length === 0 ? NO_BYTES : this.#bytes.slice(from, from + length),
    };
    this.#at = (this.#at + sizeOf(length)) | 0;
    this.#count++;
    store(this.#words, HEAD, this.#at);
    return record;
  }

  /** The record with the number {@link count} has come beside the ring. */
  tookBeside(): void {
    this.#count++;
  }
}

const NO_BYTES = /* @__PURE__ */ new Uint8Array(0);

function sizeOf(bytes: number): number {
  return HEAD_WORDS * 4 + ((bytes + 7) & ~7);
}
