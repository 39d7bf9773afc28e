/**
 * The shared memory of one pool: one buffer, laid out the same by the owner and
 * by every worker.
 *
 *   header        CLOSING, STALLED, and for each worker RETIRING
 *   call ring     ids of queued calls, owner → workers
 *   finished ring ids of finished calls (and of those that want their arguments), workers → owner
 *   parking       a cell for each worker
 *   records       RECORD_BYTES for each call id: state word, function, lanes, small values
 *   blocks        BLOCK_BYTES for each call id: values that do not fit into the record
 *
 * A record's words:
 *
 *   0 state       see memory/call-table.ts
 *   1 function    number of the function in the pool's function table
 *   2 arguments   the lane they take
 *   3 announced   how many announcements of the owner's (functions, shared buffers) the worker
 *                 must have received before it reads the call; overwritten by
 *     result      the lane it takes, and whether it is a thrown value
 *   4 receipt     how many of the shared objects in the arguments the worker has received
 *                 (memory/receipts.ts); unused where there are none
 *   5 request     whether the call has been asked to stop (memory/call-requests.ts)
 *   6 …           small arguments, later overwritten by a small result
 *
 * Only words 0, 4 and 5 are raced for. The others are written by the agent that has the call,
 * before the store that hands it on.
 */
import { exchange, load, store } from "../memory/atomics.ts";
import { Parking } from "../memory/parking.ts";
import { Ring } from "../memory/ring.ts";
import { CallTable } from "../memory/call-table.ts";
import { CallRequests } from "../memory/call-requests.ts";
import { Receipts } from "../memory/receipts.ts";
import { Decoder, type DecoderOptions } from "../wire/decode.ts";
import { DECLINED, Encoder, type EncoderOptions } from "../wire/encode.ts";

/** Most calls in shared memory at once, unless said otherwise; the owner keeps the others back. A power of two. */
export const CAPACITY = 2048;
const RECORD_BYTES = 128;
const RECORD_HEADER_BYTES = 24;
/** Longest value in shared memory. */
export const BLOCK_BYTES = 8192;

const FUNCTION = 1;
const ARGUMENTS = 2;
const ANNOUNCED = 3;
const RESULT = 3;
const RECEIPT = 4;
const REQUEST = 5;

/** How a value travels. */
const IN_RECORD = 0;
const IN_BLOCK = 1;
const BY_MESSAGE = 2;
type Lane = typeof IN_RECORD | typeof IN_BLOCK | typeof BY_MESSAGE;

const THROWN = 4;

/** The whole pool is closing. */
const CLOSING = 0;
/** The owner waits for room in the call ring, which ids of cancelled calls take up. */
const STALLED = 1;
/** From here on one word a worker: it has been idle for long, and is to end. */
const RETIRING = 2;

const RECORD_WORDS = RECORD_BYTES / 4;

/** How many workers a pool may have, and how many calls in shared memory at once (a power of two). */
export interface PoolSize {
  readonly workers: number;
  readonly capacity: number;
}

/** Stale ids may fill half of the call ring without ever refusing a push. */
function callRingSlots(capacity: number): number {
  return capacity * 2;
}

/** A multiple of a cache line, so that what follows begins on one. */
function headerWords(workers: number): number {
  return Math.ceil((RETIRING + workers) / 32) * 32;
}

export class PoolMemory {
  readonly memory: SharedArrayBuffer;
  readonly capacity: number;
  readonly calls: Ring;
  readonly finished: Ring;
  readonly parking: Parking;
  readonly table: CallTable;
  /** Of the arguments, by call id. */
  readonly receipts: Receipts;
  /** Requests to stop, by call id. */
  readonly requests: CallRequests;
  readonly #header: Int32Array;
  readonly #records: Int32Array;
  readonly #recordsAt: number;
  readonly #blocksAt: number;
  readonly #encoder: Encoder;
  readonly #decoder: Decoder;
  readonly #bytes: Uint8Array;

  static create(
    { workers, capacity }: PoolSize,
    codec: EncoderOptions & DecoderOptions,
    ring: (slot: number) => void,
  ): PoolMemory {
    const words =
      headerWords(workers) +
      Ring.words(callRingSlots(capacity)) +
      Ring.words(capacity) +
      Parking.words(workers) +
      capacity * RECORD_WORDS;
    const memory = new SharedArrayBuffer(words * 4 + capacity * BLOCK_BYTES);
    return new PoolMemory(memory, { workers, capacity }, codec, ring);
  }

  constructor(
    memory: SharedArrayBuffer,
    { workers, capacity }: PoolSize,
    codec: EncoderOptions & DecoderOptions,
    ring: (slot: number) => void,
  ) {
    this.memory = memory;
    this.capacity = capacity;
    let at = 0;
    const next = (words: number): Int32Array => {
      const part = new Int32Array(memory, at, words);
      at += words * 4;
      return part;
    };
    this.#header = next(headerWords(workers));
    const slots = callRingSlots(capacity);
    this.calls = new Ring(next(Ring.words(slots)), slots, capacity);
    this.finished = new Ring(next(Ring.words(capacity)), capacity, capacity);
    this.parking = new Parking(next(Parking.words(workers)), workers, ring);
    this.#recordsAt = at;
    this.#records = next(capacity * RECORD_WORDS);
    this.table = new CallTable(this.#records, RECORD_WORDS);
    this.receipts = new Receipts(this.#records, RECORD_WORDS, RECEIPT);
    this.requests = new CallRequests(this.#records, RECORD_WORDS, REQUEST);
    this.#blocksAt = at;
    this.#encoder = new Encoder(memory, codec);
    this.#decoder = new Decoder(memory, codec);
    this.#bytes = new Uint8Array(memory);
  }

  /** Owner: no more calls will come; workers end when the call ring is empty. */
  close(): void {
    store(this.#header, CLOSING, 1);
    this.parking.wakeAll();
  }

  /**
   * Owner: whether there is room in the call ring. If not, the next worker that
   * has emptied it will ring. (Set first, look again second: a worker that
   * empties the ring in between has left room by then.)
   */
  hasRoom(): boolean {
    if (!this.calls.isFull()) return true;
    store(this.#header, STALLED, 1);
    if (this.calls.isFull()) return false;
    store(this.#header, STALLED, 0);
    return true;
  }

  /** Worker: has emptied the call ring; says whether the owner waits for that. */
  endStall(): boolean {
    return load(this.#header, STALLED) === 1 && exchange(this.#header, STALLED, 0) === 1;
  }

  /** Owner: asks a worker to end once it finds nothing to do; or takes that back for its successor. */
  setRetiring(worker: number, isRetiring: boolean): void {
    store(this.#header, RETIRING + worker, isRetiring ? 1 : 0);
    if (isRetiring) this.parking.wake(worker);
  }

  /** Worker: whether it is to end, now that there is nothing to do. */
  isRetiring(worker: number): boolean {
    return load(this.#header, CLOSING) === 1 || load(this.#header, RETIRING + worker) === 1;
  }

  functionOf(id: number): number {
    return this.#records[id * RECORD_WORDS + FUNCTION] as number;
  }

  /** @param announced How many announcements a worker must have received before it reads the call. */
  setFunction(id: number, functionId: number, announced: number): void {
    this.#records[id * RECORD_WORDS + FUNCTION] = functionId;
    this.#records[id * RECORD_WORDS + ANNOUNCED] = announced;
  }

  /** Worker: whether it may read a call that it has claimed, having received so many announcements. */
  isReadable(id: number, received: number): boolean {
    return (((this.#records[id * RECORD_WORDS + ANNOUNCED] as number) - received) | 0) <= 0;
  }

  /** Writes arguments into the call's record or block; false when they need the message lane. */
  writeArguments(id: number, values: readonly unknown[]): boolean {
    const start = this.#recordStart(id);
    let lane: Lane = IN_RECORD;
    if (
      this.#encoder.writeList(values, start, start + RECORD_BYTES - RECORD_HEADER_BYTES) ===
      DECLINED
    ) {
      const block = this.#blockStart(id);
      if (this.#encoder.writeList(values, block, block + BLOCK_BYTES) === DECLINED) return false;
      lane = IN_BLOCK;
    }
    this.#records[id * RECORD_WORDS + ARGUMENTS] = lane;
    return true;
  }

  /** The shared objects in the arguments that were written last. */
  takeHandles(): readonly number[] | undefined {
    return this.#encoder.takeHandles();
  }

  /** The same for arguments that have been encoded before, of at most BLOCK_BYTES. */
  copyArguments(id: number, encoded: Uint8Array): void {
    const fits = encoded.length <= RECORD_BYTES - RECORD_HEADER_BYTES;
    this.#bytes.set(encoded, fits ? this.#recordStart(id) : this.#blockStart(id));
    this.#records[id * RECORD_WORDS + ARGUMENTS] = fits ? IN_RECORD : IN_BLOCK;
  }

  sendArgumentsByMessage(id: number): void {
    this.#records[id * RECORD_WORDS + ARGUMENTS] = BY_MESSAGE;
  }

  /** Reads the arguments; undefined when they come by message. */
  readArguments(id: number): unknown[] | undefined {
    const lane = this.#records[id * RECORD_WORDS + ARGUMENTS];
    if (lane === BY_MESSAGE) return undefined;
    return this.#decoder.readList(
      lane === IN_RECORD ? this.#recordStart(id) : this.#blockStart(id),
    );
  }

  /** Writes a result, or a thrown value; false when it needs the message lane. */
  writeResult(id: number, value: unknown, isThrown: boolean): boolean {
    const start = this.#recordStart(id);
    let lane: Lane = IN_RECORD;
    if (
      this.#encoder.write(value, start, start + RECORD_BYTES - RECORD_HEADER_BYTES) === DECLINED
    ) {
      const block = this.#blockStart(id);
      if (this.#encoder.write(value, block, block + BLOCK_BYTES) === DECLINED) return false;
      lane = IN_BLOCK;
    }
    this.#records[id * RECORD_WORDS + RESULT] = isThrown ? lane | THROWN : lane;
    return true;
  }

  sendResultByMessage(id: number, isThrown: boolean): void {
    this.#records[id * RECORD_WORDS + RESULT] = isThrown ? BY_MESSAGE | THROWN : BY_MESSAGE;
  }

  isResultThrown(id: number): boolean {
    return ((this.#records[id * RECORD_WORDS + RESULT] as number) & THROWN) !== 0;
  }

  isResultByMessage(id: number): boolean {
    return ((this.#records[id * RECORD_WORDS + RESULT] as number) & BY_MESSAGE) !== 0;
  }

  /** Reads a result that did not come by message. */
  readResult(id: number): unknown {
    const lane = (this.#records[id * RECORD_WORDS + RESULT] as number) & ~THROWN;
    return this.#decoder.read(lane === IN_RECORD ? this.#recordStart(id) : this.#blockStart(id));
  }

  #recordStart(id: number): number {
    return this.#recordsAt + id * RECORD_BYTES + RECORD_HEADER_BYTES;
  }

  #blockStart(id: number): number {
    return this.#blocksAt + id * BLOCK_BYTES;
  }
}
