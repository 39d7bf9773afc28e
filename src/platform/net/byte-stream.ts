/**
 * A flow of bytes to and from somewhere else: a connection, or a pipe to a process.
 *
 * Events and calls, no promises: what waits, and for how long, is asyncio's affair.
 */

/** Whom a stream calls back. Nothing is called after `closed`. */
export interface ByteStreamEvents {
  /** Bytes have come. They belong to the receiver. */
  bytes(chunk: Uint8Array): void;
  /** The other side will send no more. It may still read. */
  end(): void;
  /** Some of what was written has gone out: {@link ByteStream.bufferedBytes} is less. */
  written(): void;
  /** Both directions are closed; of an error, unless `error` is undefined. */
  closed(error: unknown): void;
}

export interface ByteStream {
  /** Begins to read and to call back. Called once. */
  start(events: ByteStreamEvents): void;
  /** Takes bytes to send. They must not change until they have gone out. Ignored once the stream is closed. */
  write(chunk: Uint8Array): void;
  /** How many bytes wait to go out. */
  readonly bufferedBytes: number;
  /** Whether it has broken: `closed` is about to be called back. */
  readonly isBroken: boolean;
  /** Stops reading, until {@link ByteStream.resume}. A chunk that is on its way may still come. */
  pause(): void;
  resume(): void;
  /** Tells the other side, after all that was written, that no more will come. */
  end(): void;
  /** Closes both directions once all that was written has gone out. */
  close(): void;
  /** Closes both directions now. What has not gone out is lost. */
  abort(): void;
}
