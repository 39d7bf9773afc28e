/**
 * What a {@link StreamReader} has of its stream: bytes that came, the end, an error,
 * and the one operation that waits for more.
 *
 * Back-pressure: when more than twice the limit lies here unread, the source is
 * paused; when no more than the limit is left, or somebody waits, it goes on.
 */
import type { Future, Loop } from "../engine/classes.ts";
import type { Coroutine } from "../events.ts";
import { exceptionFrom } from "../../base/thrown.ts";
import { NO_ERROR } from "../engine/step.ts";
import { RuntimeError } from "../../errors.ts";
import { ByteBuffer } from "./byte-buffer.ts";

/** What can be told to stop and go on reading. Python: `asyncio.ReadTransport` */
export interface ReadTransport {
  /** Stops reading. Python: `asyncio.ReadTransport.pause_reading` */
  pauseReading(): void;
  /** Goes on reading. Python: `asyncio.ReadTransport.resume_reading` */
  resumeReading(): void;
}

export class Inflow {
  readonly buffer: ByteBuffer = new ByteBuffer();
  readonly limit: number;
  readonly #loop: Loop;
  #source: ReadTransport | undefined;
  #isPaused = false;
  #isEnded = false;
  #error: unknown = NO_ERROR;
  #waiter: Future<void> | undefined;

  constructor(limit: number, loop: Loop) {
    this.limit = limit;
    this.#loop = loop;
  }

  get source(): ReadTransport | undefined {
    return this.#source;
  }

  set source(source: ReadTransport) {
    this.#source = source;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** What broke the stream, if anything did. */
  get error(): unknown {
    return this.#error === NO_ERROR ? undefined : exceptionFrom(this.#error);
  }

  get hasWaiter(): boolean {
    return this.#waiter !== undefined;
  }

  feed(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.buffer.append(chunk);
    this.#wake();
    if (this.#isPaused || this.#source === undefined) return;
    if (this.buffer.length > 2 * this.limit) {
      this.#isPaused = true;
      this.#source.pauseReading();
    }
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#error = error;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (waiter !== undefined && !waiter.done()) waiter.setException(error);
  }

  throwIfBroken(): void {
    if (this.#error !== NO_ERROR) throw this.#error;
  }

  /** After something was read: lets the source go on if there is room again. */
  noteRead(): void {
    if (this.#isPaused && this.buffer.length <= this.limit) this.#resume();
  }

  /**
   * Waits until bytes have come, or the end.
   *
   * @throws {RuntimeError} Somebody waits already.
   */
  *more(operation: string): Coroutine<void> {
    if (this.#waiter !== undefined) {
      throw new RuntimeError(
        `Cannot call ${operation}: another task is already waiting for data of this stream`,
      );
    }
    // Were the source left paused, nothing would ever come.
    if (this.#isPaused) this.#resume();
    const waiter = this.#loop.createFuture<void>();
    this.#waiter = waiter;
    try {
      yield* waiter;
    } finally {
      if (this.#waiter === waiter) this.#waiter = undefined;
    }
  }

  #resume(): void {
    this.#isPaused = false;
    this.#source?.resumeReading();
  }

  #wake(): void {
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    this.#waiter = undefined;
    if (!waiter.done()) waiter.setResult(undefined);
  }
}
