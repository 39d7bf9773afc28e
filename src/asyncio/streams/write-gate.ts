/**
 * Back-pressure for writers.
 *
 * The gate closes when more bytes wait to go out than the high-water mark, and opens
 * again when no more wait than the low-water mark. Who drains waits in front of it.
 */
import type { Coroutine } from "../events.ts";
import { Waiters } from "../sync/waiters.ts";

/** How many bytes may wait to go out. */
export interface WriteLimits {
  /** Above it, `drain` waits. */
  readonly high: number;
  /** At it, `drain` goes on. */
  readonly low: number;
}

/** Limits as a user gives them. */
interface GivenLimits {
  readonly high: number | undefined;
  readonly low: number | undefined;
}

const DEFAULTS: GivenLimits = { high: undefined, low: undefined };
const DEFAULT_HIGH = 65_536;
/** The high-water mark is so many times the low one, unless both are given. */
const HIGH_TO_LOW = 4;

export class WriteGate {
  readonly #waiters: Waiters;
  #limits: WriteLimits = limitsFrom(DEFAULTS);
  #isClosed = false;

  /** @param owner What has the gate, to be named in errors. */
  constructor(owner: object) {
    this.#waiters = new Waiters(owner);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get limits(): WriteLimits {
    return this.#limits;
  }

  /** @throws {RangeError} Not `high >= low >= 0`. */
  setLimits(given: GivenLimits, bufferedBytes: number): void {
    this.#limits = limitsFrom(given);
    this.note(bufferedBytes);
  }

  /** Closes or opens for so many bytes that wait to go out. */
  note(bufferedBytes: number): void {
    if (this.#isClosed) {
      if (bufferedBytes <= this.#limits.low) this.open();
    } else if (bufferedBytes > this.#limits.high) this.#isClosed = true;
  }

  open(): void {
    this.#isClosed = false;
    this.#waiters.wakeAll();
  }

  /** The connection broke: nobody needs to wait any more. */
  fail(error: unknown): void {
    this.#isClosed = false;
    this.#waiters.failAll(error);
  }

  *opened(): Coroutine<void> {
    yield* this.#waiters.wait();
  }
}

function limitsFrom({ high, low }: GivenLimits): WriteLimits {
  const highest = high ?? (low === undefined ? DEFAULT_HIGH : HIGH_TO_LOW * low);
  const lowest = low ?? Math.floor(highest / HIGH_TO_LOW);
  if (!(highest >= lowest && lowest >= 0)) {
    throw new RangeError(
      `Cannot set the write buffer's limits: high (${highest}) must be at least low (${lowest}), and low at least 0`,
    );
  }
  return { high: highest, low: lowest };
}
