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
 * State, length and beginning of the report lie where a worker of another release expects
 * them when it refuses to begin (wire/protocol.ts).
 *
 * The report is the error that ended the worker, or what its initializer threw. It is
 * written before DEAD, so an agent that reads DEAD may read it.
 */
import { compareExchange, load, store } from "../memory/atomics.ts";
import { Decoder } from "../wire/decode.ts";
import { DECLINED, Encoder } from "../wire/encode.ts";
import { shortened, type ThrownValue } from "../wire/remote-error.ts";
import { server } from "#platform";

const ALIVE = 0;
/** DEAD(code) is code + DEAD_OFFSET: never 0, whatever the code. */
const DEAD_OFFSET = 3;

const STATE = 0;
/** What the report is about, once there is one. */
const REPORT = 1;
type About = typeof EXIT | typeof INITIALIZER;
const EXIT = 1;
const INITIALIZER = 2;

const HEADER_BYTES = 64;
const REPORT_BYTES = 16 * 1024;

/** The exit code of a worker that left none: it was terminated, or ran out of memory. */
export const NO_EXIT_CODE = -1;
/** In place of an exit code: the worker had nothing left to do and ended as it was told to. */
export const RETIRED = -2;

export class AgentStatus {
  readonly memory: ArrayBufferLike;
  readonly #words: Int32Array;

  static create(isShared: boolean): AgentStatus {
    const bytes = HEADER_BYTES + REPORT_BYTES;
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

  /** Worker: leaves the error that is about to end it, where there is room. */
  writeExitReport(thrown: ThrownValue): void {
    if (this.#write(thrown)) store(this.#words, REPORT, EXIT);
  }

  exitReport(): ThrownValue | undefined {
    return this.#read(EXIT);
  }

  /** Leaves what the worker's initializer threw; what is too long for the room loses its fields. */
  writeInitializerFailure(thrown: ThrownValue): void {
    if (this.#write(thrown) || this.#write(shortened(thrown)))
      store(this.#words, REPORT, INITIALIZER);
  }

  initializerFailure(): ThrownValue | undefined {
    return this.#read(INITIALIZER);
  }

  /** Writes plain data as the hand codec does, and everything else as the runtime's own bytes. */
  #write(thrown: ThrownValue): boolean {
    const encoder = new Encoder(this.memory);
    const write = (value: unknown): boolean =>
      encoder.write(value, HEADER_BYTES, this.memory.byteLength) !== DECLINED;
    return write(thrown) || write(new Uint8Array(server.serialize(thrown)));
  }

  #read(about: About): ThrownValue | undefined {
    if (load(this.#words, REPORT) !== about) return undefined;
    const written = new Decoder(this.memory).read(HEADER_BYTES);
    return (written instanceof Uint8Array ? server.deserialize(written) : written) as ThrownValue;
  }
}
