/**
 * What is known of one worker's life, in memory that its creator can read even
 * while the creator's own event loop is blocked.
 *
 *   ALIVE        started, or about to
 *   DEAD(code)   ended, with that exit code, NO_EXIT_CODE or RETIRED
 *
 *   ALIVE → DEAD   the worker itself, in its exit handler; its creator, on the
 *                  worker's exit event; or the warden, when the worker's end of
 *                  their channel closed. The first one wins: the worker knows
 *                  most, the warden least. State and code are one word, so they
 *                  cannot be seen apart.
 *
 * The exit report is the error that ended the worker. It is written before DEAD, so
 * an agent that reads DEAD may read it.
 */
import { compareExchange, load, store } from "../memory/atomics.ts";
import { Decoder } from "../wire/decode.ts";
import { DECLINED, Encoder } from "../wire/encode.ts";
import type { ThrownValue } from "../wire/remote-error.ts";

const ALIVE = 0;
/** DEAD(code) is code + DEAD_OFFSET: never 0, whatever the code. */
const DEAD_OFFSET = 3;

const STATE = 0;
const HAS_EXIT_REPORT = 1;

const HEADER_BYTES = 64;
const EXIT_REPORT_BYTES = 16 * 1024;

/** The exit code of a worker that left none: it was terminated, or ran out of memory. */
export const NO_EXIT_CODE = -1;
/** In place of an exit code: the worker had nothing left to do and ended as it was told to. */
export const RETIRED = -2;

export class AgentStatus {
  readonly memory: ArrayBufferLike;
  readonly #words: Int32Array;

  static create(isShared: boolean): AgentStatus {
    const bytes = HEADER_BYTES + EXIT_REPORT_BYTES;
    return new AgentStatus(isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  }

  constructor(memory: ArrayBufferLike) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, HEADER_BYTES / 4);
  }

  get isDead(): boolean {
    return load(this.#words, STATE) !== ALIVE;
  }

  /** Records the end; says whether this caller was the first to. */
  markDead(exitCode: number): boolean {
    return compareExchange(this.#words, STATE, ALIVE, exitCode + DEAD_OFFSET) === ALIVE;
  }

  get isRetired(): boolean {
    return load(this.#words, STATE) === RETIRED + DEAD_OFFSET;
  }

  /** The exit code of a dead worker that left one. */
  get exitCode(): number | undefined {
    const code = load(this.#words, STATE) - DEAD_OFFSET;
    return code >= 0 ? code : undefined;
  }

  /** Worker: leaves the error that is about to end it. */
  writeExitReport(thrown: ThrownValue): void {
    const written = new Encoder(this.memory).write(thrown, HEADER_BYTES, this.memory.byteLength);
    if (written !== DECLINED) store(this.#words, HAS_EXIT_REPORT, 1);
  }

  exitReport(): ThrownValue | undefined {
    if (load(this.#words, HAS_EXIT_REPORT) === 0) return undefined;
    return new Decoder(this.memory).read(HEADER_BYTES) as ThrownValue;
  }
}
