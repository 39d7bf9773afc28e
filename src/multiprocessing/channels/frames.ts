/**
 * What agents and hubs say to each other about lanes.
 *
 *   word 0      length of the whole, in bytes
 *   word 1      what it says (below)
 *   word 2      the lane; in what an agent posts to its own courier, the agent's number for it
 *   word 3      a few bits
 *   words 4, 5  a number: of a message, of a question, of a ticket
 *   the rest    bytes
 */

// An agent to a hub.

/** A new lane. Bits: {@link ENDS}, {@link UNLIMITED}. The number is its capacity. */
export const CREATE = 1;
/** A message for the lane. */
export const PUT = 2;
/** One more taker waits. */
export const WANT = 3;
/** One taker has given up. */
export const UNWANT = 4;
/** A message that was delivered, with its number. Bit {@link TAKEN}: a taker had it. */
export const BACK = 5;
/** The agent's end is on its way to another agent, under a ticket. Bits: roles. */
export const LEND = 6;
/** What was lent has arrived, or was made: the agent has that end. Bits: roles. The number is the ticket, or 0. */
export const OPEN = 7;
/** The agent has that end no more. Bits: roles. */
export const CLOSE = 8;
/** What was lent arrives nowhere. Bits: roles. The number is the ticket. */
export const VOID = 9;
/** A question; the bytes are its words: see {@link Question}. */
export const ASK = 10;
/** Takes a question back. */
export const UNASK = 11;
/** Who has connected: the bytes prove it. */
export const HELLO = 12;

// A hub to an agent.

/** A message for a taker, or ahead of one. Bit: {@link AHEAD}. */
export const DELIVER = 20;
/** Nothing more will come: no agent is left that could put. */
export const END = 21;
/** Something may come after all. */
export const REOPEN = 22;
/** A message that no taker has asked for is to be given back. */
export const RECALL = 23;
/** The answer to a question: the bit says yes or no, the lane word is a count. */
export const ANSWER = 24;

// Bits of CREATE.
/** The lane ends when no agent is left that could put. */
export const ENDS = 1;
/** Any number of messages may wait. */
export const UNLIMITED = 2;

// Bits that say which end.
export const READS = 1;
export const WRITES = 2;

/** Bit of BACK. */
export const TAKEN = 1;

/** Bit of DELIVER: whatever comes next comes too, without a taker that has asked. */
export const AHEAD = 1;

export interface Frame {
  readonly kind: number;
  readonly lane: number;
  readonly bits: number;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Where frames go. */
export type SendFrame = (
  kind: number,
  lane: number,
  bits: number,
  number: number,
  bytes: Uint8Array,
) => void;

/** Bytes before those of a frame. In what has been read, only a frame's bytes lie so far behind. */
export const HEADER = 24;
/** From here on, bytes are not copied to lie beside their header. */
const LARGE = 16 * 1024;
const SMALLEST_BATCH = 1024;

export const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Writes frames one behind the other. */
export class FrameWriter {
  #chunks: Uint8Array[] = [];
  #batch: Uint8Array = NO_BYTES;
  #view = new DataView(NO_BYTES.buffer);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0 && this.#chunks.length === 0;
  }

  readonly push: SendFrame = (kind, lane, bits, number, bytes) => {
    const isLarge = bytes.length >= LARGE;
    const added = HEADER + (isLarge ? 0 : bytes.length);
    if (this.#length + added > this.#batch.length) this.#grow(added);
    const at = this.#length;
    const view = this.#view;
    view.setUint32(at, HEADER + bytes.length);
    view.setUint32(at + 4, kind);
    view.setUint32(at + 8, lane);
    view.setUint32(at + 12, bits);
    view.setFloat64(at + 16, number);
    this.#length += added;
    if (!isLarge) return this.#batch.set(bytes, at + HEADER);
    this.#cut();
    this.#chunks.push(bytes);
  };

  #grow(added: number): void {
    const larger = new Uint8Array(Math.max(SMALLEST_BATCH, 2 * this.#length + added));
    larger.set(this.#batch.subarray(0, this.#length));
    this.#batch = larger;
    this.#view = new DataView(larger.buffer);
  }

  /** What follows goes into another batch: this one is read until it has gone out. */
  #cut(): void {
    if (this.#length > 0) this.#chunks.push(this.#batch.subarray(0, this.#length));
    this.#batch = this.#batch.subarray(this.#length);
    this.#view = new DataView(this.#batch.buffer, this.#batch.byteOffset);
    this.#length = 0;
  }

  /** All that has been written since the last time, in order. */
  take(): readonly Uint8Array[] {
    this.#cut();
    return this.#chunks.splice(0);
  }
}

/** Cuts a flow of bytes into frames. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  /** The beginning of a frame. */
  #rest: Uint8Array = NO_BYTES;
  /** A large frame, of which some has come. */
  #large: Uint8Array | undefined;
  #filled = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Uint8Array): void {
    let at = this.#large === undefined ? 0 : this.#fill(chunk, 0);
    let from = chunk;
    if (this.#rest.length > 0) {
      from = joined(this.#rest, chunk);
      this.#rest = NO_BYTES;
    }
    while (from.length - at >= HEADER) {
      const length = new DataView(from.buffer, from.byteOffset + at, 4).getUint32(0);
      if (length < HEADER) throw new RangeError("a frame is shorter than its header");
      if (from.length - at >= length) {
        this.#onFrame(read(from, at, length));
        at += length;
      } else if (length >= LARGE) {
        this.#large = new Uint8Array(length);
        this.#filled = 0;
        at = this.#fill(from, at);
      } else break;
    }
    if (at < from.length) this.#rest = from.subarray(at);
  }

  /** Takes from a chunk what belongs to the large frame; returns where the next one begins. */
  #fill(chunk: Uint8Array, at: number): number {
    const large = this.#large as Uint8Array;
    const end = Math.min(chunk.length, at + large.length - this.#filled);
    large.set(chunk.subarray(at, end), this.#filled);
    this.#filled += end - at;
    if (this.#filled === large.length) {
      this.#large = undefined;
      this.#onFrame(read(large, 0, large.length));
    }
    return end;
  }
}

/** Reads the frame that lies there. Its bytes are a part of `from`. */
function read(from: Uint8Array, at: number, length: number): Frame {
  const view = new DataView(from.buffer, from.byteOffset + at, HEADER);
  return {
    kind: view.getUint32(4),
    lane: view.getUint32(8),
    bits: view.getUint32(12),
    number: view.getFloat64(16),
    bytes: from.subarray(at + HEADER, at + length),
  };
}

/** One array of two. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

// Questions.

/** Whether one of these lanes has something for the agent. */
export const READY = 1;
/** How many messages wait. */
export const SIZE = 2;
/** One message more has been done with. The answer says no if all were. */
export const DONE = 3;
/** When all messages are done with. */
export const ALL_DONE = 4;
/** Answered once all that was posted before has been handed on. */
export const FLUSH = 5;

/** What is asked. The lanes are words of four bytes behind the first. */
export interface Question {
  readonly what: number;
  readonly lanes: readonly number[];
}

export function questionBytes({ what, lanes }: Question): Uint8Array {
  return new Uint8Array(new Uint32Array([what, ...lanes]).buffer);
}

export function readQuestion(bytes: Uint8Array): Question {
  const [what = 0, ...lanes] = new Uint32Array(bytes.slice().buffer);
  return { what, lanes };
}
