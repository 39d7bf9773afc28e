/** {@link ByteStream} over the streams of Node, which Deno and Bun have too. */
import type { Readable, Writable } from "node:stream";
import type { ByteStream, ByteStreamEvents } from "./byte-stream.ts";

const IGNORE: ByteStreamEvents = {
  bytes: () => {},
  end: () => {},
  written: () => {},
  closed: () => {},
};

export class NodeByteStream implements ByteStream {
  readonly #readable: Readable | undefined;
  readonly #writable: Writable | undefined;
  #events = IGNORE;
  #error: unknown;
  #isClosed = false;

  /** One direction may be missing. A socket is both. */
  constructor(readable: Readable | undefined, writable: Writable | undefined) {
    this.#readable = readable;
    this.#writable = writable;
    const either = this.#either;
    // Must listen from the start: an error without a listener ends the program.
    either.on("error", this.#onError);
    either.once("close", this.#onClose);
  }

  start(events: ByteStreamEvents): void {
    this.#events = events;
    if (this.#isClosed) {
      queueMicrotask(() => events.closed(this.#error));
      return;
    }
    this.#readable?.on("data", this.#onData);
    this.#readable?.once("end", this.#onEnd);
  }

  write(chunk: Uint8Array): void {
    this.#writable?.write(chunk, this.#onWritten);
  }

  get bufferedBytes(): number {
    return this.#writable?.writableLength ?? 0;
  }

  get isBroken(): boolean {
    return this.#isClosed || Boolean(this.#either.errored);
  }

  pause(): void {
    this.#readable?.pause();
  }

  resume(): void {
    this.#readable?.resume();
  }

  end(): void {
    this.#writable?.end();
  }

  close(): void {
    const writable = this.#writable;
    if (writable === undefined || writable.writableFinished) this.abort();
    else if (writable.writableEnded) writable.once("finish", () => this.abort());
    else writable.end(() => this.abort());
  }

  abort(): void {
    this.#either.destroy();
  }

  /** Lets go of the underlying stream, paused, for another to use. Nothing is called back after this. */
  protected release(): void {
    this.#events = IGNORE;
    this.#readable?.off("data", this.#onData);
    this.#readable?.off("end", this.#onEnd);
    this.#readable?.pause();
  }

  get #either(): Readable | Writable {
    return (this.#readable ?? this.#writable) as Readable | Writable;
  }

  readonly #onData = (chunk: Uint8Array): void => {
    // What comes is a Buffer, of which some methods share memory where an array's would copy.
    this.#events.bytes(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  };

  readonly #onEnd = (): void => this.#events.end();

  readonly #onWritten = (error?: Error | null): void => {
    if (!error) this.#events.written();
  };

  readonly #onError = (error: unknown): void => {
    this.#error ??= error;
  };

  readonly #onClose = (): void => {
    this.#isClosed = true;
    this.#events.closed(this.#error);
    this.#events = IGNORE;
  };
}
