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

/** A message for a taker, or ahead of one. */
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

const HEADER = 24;

export interface Frame {
  readonly kind: number;
  readonly lane: number;
  readonly bits: number;
  readonly number: number;
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Writes a frame. */
export function written(
  kind: number,
  lane: number,
  bits = 0,
  number = 0,
  bytes: Uint8Array = NOTHING,
): Uint8Array {
  const frame = new Uint8Array(HEADER + bytes.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, frame.length);
  view.setUint32(4, kind);
  view.setUint32(8, lane);
  view.setUint32(12, bits);
  view.setFloat64(16, number);
  frame.set(bytes, HEADER);
  return frame;
}

/** Reads the frame that begins there. Its bytes are a part of `from`. */
export function read(from: Uint8Array, at = 0): Frame {
  const view = new DataView(from.buffer, from.byteOffset + at, HEADER);
  return {
    kind: view.getUint32(4),
    lane: view.getUint32(8),
    bits: view.getUint32(12),
    number: view.getFloat64(16),
    bytes: from.subarray(at + HEADER, at + view.getUint32(0)),
  };
}

/** Cuts a flow of bytes into frames. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #length = 0;
  /** How many bytes there must be before the next frame can be cut off. */
  #needed = HEADER;

  *push(chunk: Uint8Array): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#needed) return;
    const bytes = this.#chunks.length === 1 ? chunk : joined(this.#chunks);
    let at = 0;
    this.#needed = HEADER;
    while (bytes.length - at >= this.#needed) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
      if (length < HEADER) throw new RangeError("a frame is shorter than its header");
      this.#needed = length;
      if (bytes.length - at < length) break;
      yield read(bytes, at);
      at += length;
      this.#needed = HEADER;
    }
    this.#chunks = at === bytes.length ? [] : [bytes.subarray(at)];
    this.#length = bytes.length - at;
  }
}

/** One array of several. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
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
