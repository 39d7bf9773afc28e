/**
 * One connection, or one end of a pipe: what a reader, a writer and a transport share.
 *
 *   OPEN      both ways
 *   CLOSING   closed or aborted by us; what was written may still be going out
 *   LOST      over; of an error, or in order
 *
 *   OPEN → CLOSING → LOST   close, abort, or the end of a TLS connection; then the runtime says so
 *   OPEN → LOST             the runtime says that it broke
 *
 * Draining also waits for one turn of the runtime's event loop when a lot was written
 * since anybody waited. The runtimes report errors only to who lets them: a task that
 * does nothing but write and drain would never learn that nobody reads.
 */
import type { Loop } from "../engine/classes.ts";
import type { Coroutine } from "../events.ts";
import { platform } from "#platform";
import { BrokenPipeError, ConnectionResetError, RuntimeError } from "../../errors.ts";
import type { ByteStream, ByteStreamEvents } from "../../platform/net/byte-stream.ts";
import type { Inflow } from "./inflow.ts";
import { osErrorFrom } from "./os-error.ts";
import { Waiters } from "../sync/waiters.ts";
import { WriteGate } from "./write-gate.ts";

/** A write keeps the runtime busy about as long as so many bytes more would. */
const COST_OF_WRITE = 256;

const OPEN = "open";
const CLOSING = "closing";
const LOST = "lost";

export interface ConnectionOptions {
  readonly loop: Loop;
  /** Where the bytes go that come; undefined if nothing can be read. */
  readonly inflow: Inflow | undefined;
  /** Whether the connection is over when the other side has ended, as with TLS. */
  readonly closesAtEnd: boolean;
  /** Called once, when the connection is lost. */
  readonly onLost: ((connection: Connection) => void) | undefined;
}

export class Connection implements ByteStreamEvents {
  readonly loop: Loop;
  readonly inflow: Inflow | undefined;
  readonly gate: WriteGate;
  readonly #onLost: ((connection: Connection) => void) | undefined;
  readonly #closeWaiters = new Waiters(this);
  #stream: ByteStream;
  #closesAtEnd: boolean;
  #state: typeof OPEN | typeof CLOSING | typeof LOST = OPEN;
  /** What broke it; undefined if nothing did. */
  #error: unknown;
  #hasWrittenEnd = false;
  #isReading = true;
  #writtenSinceWait = 0;

  constructor(stream: ByteStream, { loop, inflow, closesAtEnd, onLost }: ConnectionOptions) {
    this.loop = loop;
    this.inflow = inflow;
    this.gate = new WriteGate(this);
    this.#onLost = onLost;
    this.#stream = stream;
    this.#closesAtEnd = closesAtEnd;
    if (inflow !== undefined) inflow.source = this;
    stream.start(this);
  }

  get stream(): ByteStream {
    return this.#stream;
  }

  /** Goes on with another stream, which has taken this one's place. */
  replaceStream(stream: ByteStream, closesAtEnd: boolean): void {
    this.#stream = stream;
    this.#closesAtEnd = closesAtEnd;
    stream.start(this);
    if (!this.#isReading) stream.pause();
  }

  get isClosing(): boolean {
    return this.#state !== OPEN;
  }

  get isReading(): boolean {
    return this.#state === OPEN && this.#isReading;
  }

  get bufferedBytes(): number {
    return this.#stream.bufferedBytes;
  }

  pauseReading(): void {
    this.#isReading = false;
    if (this.#state === OPEN) this.#stream.pause();
  }

  resumeReading(): void {
    this.#isReading = true;
    if (this.#state === OPEN) this.#stream.resume();
  }

  /** @throws {RuntimeError} The end was written before. */
  write(bytes: Uint8Array): void {
    if (this.#hasWrittenEnd) {
      throw new RuntimeError("Cannot write to the stream: writeEof() has been called");
    }
    // Who writes to what is closed learns of it from draining, as in Python.
    if (bytes.length === 0 || this.#state !== OPEN) return;
    this.#stream.write(bytes);
    this.#writtenSinceWait += bytes.length + COST_OF_WRITE;
    if (!this.gate.isClosed) this.gate.note(this.bufferedBytes);
  }

  writeEnd(): void {
    if (this.#hasWrittenEnd || this.#state !== OPEN) return;
    this.#hasWrittenEnd = true;
    this.#stream.end();
  }

  close(): void {
    if (this.#state !== OPEN) return;
    this.#state = CLOSING;
    this.#stream.close();
  }

  abort(): void {
    if (this.#state === LOST) return;
    this.#state = CLOSING;
    this.#stream.abort();
  }

  /** Aborts the connection unless it is being closed: then, what was written may still go out. */
  discard(): void {
    if (this.#state === OPEN) this.abort();
  }

  /** Waits until there is room for writing. */
  *drained(): Coroutine<void> {
    this.inflow?.throwIfBroken();
    if (this.#state === CLOSING || this.#writtenSinceWait > this.gate.limits.high) {
      this.#writtenSinceWait = 0;
      yield* this.#hostTurn();
    }
    // A write may have failed that the runtime has not reported yet.
    if (this.#state !== LOST && this.#stream.isBroken) yield* this.#closeWaiters.wait();
    if (this.#state === LOST) throw this.lossError("write to the stream");
    if (!this.gate.isClosed) return;
    this.#writtenSinceWait = 0;
    yield* this.gate.opened();
  }

  /** The state in words, for reports of what a task waits for. */
  toString(): string {
    return `<Connection ${this.#state}>`;
  }

  /** Waits until the connection is lost. */
  *untilLost(): Coroutine<void> {
    if (this.#state !== LOST) yield* this.#closeWaiters.wait();
    // oxlint-disable-next-line typescript/only-throw-error -- whatever the runtime reported
    if (this.#error !== undefined) throw this.#error;
  }

  /** What to throw at who wants to use a connection that is over. */
  lossError(attempt: string): unknown {
    return this.#error ?? new ConnectionResetError(`Cannot ${attempt}: the connection is lost`);
  }

  bytes(chunk: Uint8Array): void {
    if (this.#state === OPEN) this.inflow?.feed(chunk);
  }

  end(): void {
    this.inflow?.end();
    if (this.#closesAtEnd) this.close();
  }

  written(): void {
    if (this.gate.isClosed) this.gate.note(this.bufferedBytes);
  }

  closed(reported: unknown): void {
    if (this.#state === LOST) return;
    const error = reported ?? this.#lossOfWritten();
    this.#state = LOST;
    if (error === undefined) {
      this.inflow?.end();
      this.gate.open();
    } else {
      this.#error = osErrorFrom(error, "go on with the connection");
      this.inflow?.fail(this.#error);
      this.gate.fail(this.#error);
    }
    this.#closeWaiters.wakeAll();
    this.#onLost?.(this);
  }

  *#hostTurn(): Coroutine<void> {
    const turn = this.loop.createFuture<void>();
    platform.nextTurn(() => {
      if (!turn.done()) turn.setResult(undefined);
    });
    yield* turn;
  }

  /** When a process ends, its pipes are closed without an error, whatever was on its way. */
  #lossOfWritten(): unknown {
    if (this.#state !== OPEN || !this.gate.isClosed) return undefined;
    return new BrokenPipeError(
      "Cannot write to the stream: it was closed before everything was sent",
      { code: "EPIPE" },
    );
  }
}
