/** Finer control over a connection than its reader and writer give. */
import { RuntimeError } from "../../errors.ts";
import { checkedNumber, checkedOptions } from "../../base/options.ts";
import { showAsText } from "../../base/text.ts";
import type { Connection } from "./connection.ts";
import type { ExtraInfo, Extras } from "./extra-info.ts";
import type { ReadTransport } from "./inflow.ts";

/** Makes a transport. Not public. */
export let transportOf: (connection: Connection, extras: Extras) => Transport;
/** Replaces what is known about the connection. Not public. */
export let setExtras: (transport: Transport, extras: Extras) => void;

/**
 * What a {@link StreamWriter}'s bytes go through.
 *
 * Python: `asyncio.Transport`
 * Differs: there are no protocols; only the {@link StreamWriter} writes.
 *
 * @example
 * ```ts
 * import { openConnection, run, startServer } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const server = await startServer((_, writer) => writer.close(), "127.0.0.1", 0);
 *   const [, writer] = await openConnection("127.0.0.1", server.port);
 *   const { transport } = writer;
 *   transport.setWriteBufferLimits({ high: 1024, low: 256 });
 *   console.log(transport.getWriteBufferLimits().join(" ")); // 256 1024
 *   transport.abort();
 *   console.log(transport.isClosing()); // true
 *   server.close();
 * });
 * ```
 */
export class Transport implements ReadTransport {
  readonly #connection: Connection;
  #extras: Extras;

  static {
    showAsText(this.prototype);
    const Constructor = this as unknown as new (c: Connection, e: Extras) => Transport;
    transportOf = (connection, extras) => new Constructor(connection, extras);
    setExtras = (transport, extras) => {
      transport.#extras = extras;
    };
  }

  private constructor(connection: Connection, extras: Extras) {
    this.#connection = connection;
    this.#extras = extras;
  }

  /** See {@link StreamWriter.getExtraInfo}. Python: `asyncio.BaseTransport.get_extra_info` */
  getExtraInfo<K extends keyof ExtraInfo, D = null>(
    name: K,
    fallback: D = null as D,
  ): ExtraInfo[K] | D {
    const known = Object.hasOwn(this.#extras, name) ? this.#extras[name] : undefined;
    return known ?? fallback;
  }

  /** Whether the connection is closed, or about to be. Python: `asyncio.BaseTransport.is_closing` */
  isClosing(): boolean {
    return this.#connection.isClosing;
  }

  /** Closes the connection once what was written has gone out. Python: `asyncio.BaseTransport.close` */
  close(): void {
    this.#connection.close();
  }

  /** Closes the connection now. What has not gone out is lost. Python: `asyncio.WriteTransport.abort` */
  abort(): void {
    this.#connection.abort();
  }

  /** Whether bytes are being read. Python: `asyncio.ReadTransport.is_reading` */
  isReading(): boolean {
    return this.#connection.isReading;
  }

  /** Stops reading. A chunk that is on its way may still come. Python: `asyncio.ReadTransport.pause_reading` */
  pauseReading(): void {
    this.#connection.pauseReading();
  }

  /** Goes on reading. Python: `asyncio.ReadTransport.resume_reading` */
  resumeReading(): void {
    this.#connection.resumeReading();
  }

  /** See {@link StreamWriter.canWriteEof}. Python: `asyncio.WriteTransport.can_write_eof` */
  canWriteEof(): boolean {
    return this.#extras.ssl_object === undefined;
  }

  /** See {@link StreamWriter.writeEof}. Python: `asyncio.WriteTransport.write_eof` */
  writeEof(): void {
    if (!this.canWriteEof()) {
      throw new RuntimeError(
        "Cannot write the end of the stream: TLS closes both directions at once. Close the writer",
      );
    }
    this.#connection.writeEnd();
  }

  /** How many bytes wait to go out. Python: `asyncio.WriteTransport.get_write_buffer_size` */
  getWriteBufferSize(): number {
    return this.#connection.bufferedBytes;
  }

  /** At how many bytes that wait to go out `drain` goes on, and above how many it waits. Python: `asyncio.WriteTransport.get_write_buffer_limits` */
  getWriteBufferLimits(): readonly [low: number, high: number] {
    const { low, high } = this.#connection.gate.limits;
    return [low, high];
  }

  /**
   * Sets how many bytes may wait to go out.
   *
   * Python: `asyncio.WriteTransport.set_write_buffer_limits`
   *
   * @param options.high Above it, `drain` waits. Default: 65536, or four times `low`.
   * @param options.low At it, `drain` goes on. Default: a quarter of `high`.
   * @throws {RangeError} Not `high >= low >= 0`.
   */
  setWriteBufferLimits(options?: { readonly high?: number; readonly low?: number }): void {
    const of = "Transport.setWriteBufferLimits";
    const { high, low } = checkedOptions(options, ["high", "low"], of);
    for (const [name, limit] of Object.entries({ high, low }))
      if (limit !== undefined) checkedNumber(limit, 0, `${of}: "${name}"`);
    this.#connection.gate.setLimits({ high, low }, this.#connection.bufferedBytes);
  }

  /** The state in words: `<Transport open reading, 0 bytes to write>`. Python: none */
  toString(): string {
    const reads = this.isReading() ? " reading" : "";
    const state = this.isClosing() ? "closing" : `open${reads}`;
    return `<Transport ${state}, ${this.getWriteBufferSize()} bytes to write>`;
  }
}
