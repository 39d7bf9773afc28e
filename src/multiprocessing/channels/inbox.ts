/**
 * Where what a hub delivers of one lane lies: a queue between an agent and its courier.
 *
 * An item is the bytes of a message behind its number, a slot, or the end.
 */
import { Empty } from "../../errors.ts";
import { type SimpleQueue, takeFrom, takeSyncFrom } from "../../queue/simple-queue.ts";
import { agentPump } from "../../waiting/pump.ts";
import type { Flight } from "../../waiting/source.ts";
import type { CheckedWait } from "../../waiting/wait-options.ts";
import { BACK, HEADER, TAKEN, UNWANT, WANT } from "./frames.ts";

/** Means in an inbox that nothing more comes. It stays there. */
export const ENDED = null;
/** A slot, in an inbox. */
export const SLOT = 0;
/** A message in an inbox begins with its number. */
export const NUMBER_BYTES = 8;

/** A message as it lies in an inbox. The head of the frame that it came in is used for its number. */
export function numbered(number: number, bytes: Uint8Array): Uint8Array {
  if (bytes.byteOffset >= HEADER) {
    const { buffer, byteOffset, length } = bytes;
    const inPlace = new Uint8Array(buffer, byteOffset - NUMBER_BYTES, length + NUMBER_BYTES);
    new DataView(buffer, byteOffset - NUMBER_BYTES, NUMBER_BYTES).setFloat64(0, number);
    return inPlace;
  }
  const item = new Uint8Array(NUMBER_BYTES + bytes.length);
  new DataView(item.buffer).setFloat64(0, number);
  item.set(bytes, NUMBER_BYTES);
  return item;
}

/** The number of a message in an inbox. */
export function numberOf(item: Uint8Array): number {
  return new DataView(item.buffer, item.byteOffset, NUMBER_BYTES).getFloat64(0);
}

/** What lies in a queue; undefined if nothing does. Both the agent and its courier take. */
export function takeIfAny(inbox: SimpleQueue): unknown {
  if (inbox.empty()) return undefined;
  try {
    return inbox.getNowait();
  } catch (error) {
    if (error instanceof Empty) return undefined; // the other was first
    throw error;
  }
}

/** What an item of an inbox is; undefined for its end. */
function messageIn(item: unknown): Taken | undefined {
  if (item === SLOT) return { number: 0, bytes: undefined };
  if (item === ENDED) return undefined;
  const message = item as Uint8Array;
  return { number: numberOf(message), bytes: message.subarray(NUMBER_BYTES) };
}

/** A message, or a slot. */
export interface Taken {
  readonly number: number;
  /** Undefined for a slot. */
  readonly bytes: Uint8Array | undefined;
}

/** What sends a frame to the hub of a place. */
export interface FramePosting {
  frame(kind: number, place: number, bits?: number, number?: number, bytes?: Uint8Array): void;
  /** Sends one that another follows at once: until then the courier may sleep. */
  frameAhead(kind: number, place: number): void;
}

/** Another process may end the wait, whatever the threads of this one do. */
const FROM_OUTSIDE: Flight = {
  keepsAlive: false,
  runsCode: true,
  mayEnd: true,
  comesFromOutside: true,
};

export async function takeFromOutside(queue: SimpleQueue, wait: CheckedWait): Promise<unknown> {
  const pump = agentPump();
  pump.begin(FROM_OUTSIDE);
  try {
    return await takeFrom(queue, wait);
  } finally {
    pump.end(FROM_OUTSIDE);
  }
}

export function takeSyncFromOutside(queue: SimpleQueue, deadlineMs: number): unknown {
  const pump = agentPump();
  pump.begin(FROM_OUTSIDE);
  try {
    return takeSyncFrom(queue, deadlineMs);
  } finally {
    pump.end(FROM_OUTSIDE);
  }
}

/** Where what a hub delivers of one lane lies. */
export class Inbox {
  readonly #post: FramePosting;
  readonly #queue: SimpleQueue;
  /** This agent's number for the lane. */
  readonly place: number;
  /** Messages that were taken out of the queue to be in their order. */
  #sorted: Taken[] = [];
  /** Whether a message has been given back, which then comes behind others that are ahead. */
  #hasReturned = false;
  /** How many wait for an item of the queue. */
  #waiting = 0;
  #hasEnded = false;

  constructor(post: FramePosting, place: number, queue: SimpleQueue) {
    this.#post = post;
    this.place = place;
    this.#queue = queue;
  }

  /** Takes what has come; undefined if nothing has, or others wait for what comes. */
  takeNow(): Taken | undefined {
    const taken = this.#takeNow();
    if (taken !== undefined) this.#post.frame(WANT, this.place);
    return taken;
  }

  /** Takes a slot that has come, for a message that follows at once. */
  takeSlotNow(): boolean {
    const hasTaken = this.#takeNow() !== undefined;
    if (hasTaken) this.#post.frameAhead(WANT, this.place);
    return hasTaken;
  }

  #takeNow(): Taken | undefined {
    if (this.#hasReturned || this.#waiting > 0) return undefined;
    return this.#sorted.shift() ?? this.#takeQueued();
  }

  /**
   * Takes what comes next.
   *
   * @param flush Resolves when all that the hub has for the agent has come.
   * @returns Undefined when nothing more will come.
   * @throws {Empty} The deadline came first.
   */
  async take(wait: CheckedWait, flush: () => Promise<void>): Promise<Taken | undefined> {
    wait.signal?.throwIfAborted();
    this.#post.frame(WANT, this.place);
    if (this.#hasReturned) {
      await flush();
      this.#sort();
    }
    const first = this.#sorted.shift();
    if (first !== undefined) return first;
    this.#waiting++;
    try {
      return this.#taken(await takeFromOutside(this.#queue, wait));
    } catch (error) {
      if (!(error instanceof Empty)) throw this.#unwanted(error);
    } finally {
      this.#waiting--;
    }
    // It may have been on its way for all of a short time.
    await flush();
    return this.#lastLook();
  }

  takeSync(deadlineMs: number, flush: () => void): Taken | undefined {
    this.#post.frame(WANT, this.place);
    if (this.#hasReturned) {
      flush();
      this.#sort();
    }
    const first = this.#sorted.shift();
    if (first !== undefined) return first;
    try {
      return this.#taken(takeSyncFromOutside(this.#queue, deadlineMs));
    } catch (error) {
      if (!(error instanceof Empty)) throw this.#unwanted(error);
    }
    flush();
    return this.#lastLook();
  }

  #lastLook(): Taken | undefined {
    try {
      return this.#taken(this.#queue.getNowait());
    } catch (error) {
      throw this.#unwanted(error);
    }
  }

  #unwanted(error: unknown): unknown {
    this.#post.frame(UNWANT, this.place);
    return error;
  }

  #taken(item: unknown): Taken | undefined {
    const taken = messageIn(item);
    if (taken !== undefined) return taken;
    this.end();
    this.#hasEnded = true;
    this.#post.frame(UNWANT, this.place);
    return undefined;
  }

  /** What was taken waits again. */
  giveBack({ number, bytes }: Taken): void {
    this.#hasReturned = true;
    this.#post.frame(BACK, this.place, TAKEN, number, bytes);
  }

  /** Puts what lies here into the order in which it was sent: all that was given back has come again. */
  #sort(): void {
    this.#hasReturned = false;
    if (this.#waiting > 0) return; // then nothing is ahead, and what comes is for those that wait
    this.#sorted = [...this.#sorted, ...this.#drain()].sort((a, b) => a.number - b.number);
  }

  #drain(): Taken[] {
    const all: Taken[] = [];
    for (let taken; (taken = this.#takeQueued()) !== undefined;) all.push(taken);
    return all;
  }

  /** A message that lies in the queue; notes its end. */
  #takeQueued(): Taken | undefined {
    const item = takeIfAny(this.#queue);
    if (item === undefined) return undefined;
    const taken = messageIn(item);
    if (taken === undefined) {
      this.end();
      this.#hasEnded = true;
    }
    return taken;
  }

  /** What lies here is for others. */
  giveAllBack(): void {
    for (const { number, bytes } of [...this.#sorted.splice(0), ...this.#drain()]) {
      this.#post.frame(BACK, this.place, 0, number, bytes);
    }
  }

  /** Whether something lies here, be it that nothing will. */
  get hasNews(): boolean {
    return this.#sorted.length > 0 || !this.#queue.empty();
  }

  /** Whether nothing will come any more, for a lane that does not go on once it has ended. */
  get isOver(): boolean {
    // Its end lies behind what is left.
    if (!this.#hasEnded && this.#waiting === 0) this.#sorted.push(...this.#drain());
    return this.#hasEnded;
  }

  end(): void {
    this.#queue.putNowait(ENDED);
  }
}
