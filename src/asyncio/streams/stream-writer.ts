/** The writing half of a connection or pipe. */
import { checkedIterable } from "../../base/functions.ts";
import { addAsyncDispose } from "../../base/dispose.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { CancelledError } from "../../errors.ts";
import { showAsText } from "../../base/text.ts";
import { checkedOptions } from "../../base/options.ts";
import { coroutine } from "../engine/coroutine.ts";
import { type Bytes, bytesFrom } from "./bytes.ts";
import type { Connection } from "./connection.ts";
import { type ExtraInfo, type Extras } from "./extra-info.ts";
import { startTls } from "./start-tls.ts";
import type { TlsOptions } from "./tls-options.ts";
import { setExtras, type Transport, transportOf } from "./transport.ts";

/** What {@link StreamWriter.startTls} takes. Python: none */
export interface StartTlsOptions {
  /** The name that the server's certificate must bear. Default for clients: the host that was connected to. */
  readonly serverHostname?: string | undefined;
  /** Longest handshake in milliseconds. Default: 60000. */
  readonly sslHandshakeTimeout?: number | undefined;
}

/** What a writer writes to. */
export interface Target {
  readonly connection: Connection;
  readonly extras?: Extras | undefined;
  readonly role?: "client" | "server" | undefined;
  /** The name of the host that was connected to. */
  readonly host?: string | undefined;
}

/** Makes a writer. Not public. */
export let writerTo: (target: Target) => StreamWriter;

/**
 * Writes bytes to a connection or a pipe.
 *
 * Made by {@link openConnection}, servers and subprocesses. Writing never waits:
 * what cannot go out at once is kept. Call {@link StreamWriter.drain} after writing, so
 * that it does not pile up.
 *
 * Python: `asyncio.StreamWriter`
 * Differs: strings are written as UTF-8. Bytes must not be changed before they have
 * gone out. With `await using`, it is closed at the end of the block.
 */
export class StreamWriter implements AsyncDisposable {
  readonly #connection: Connection;
  readonly #transport: Transport;
  readonly #target: Target;

  static {
    showAsText(this.prototype);
    const Constructor = this as unknown as new (target: Target) => StreamWriter;
    writerTo = (target) => new Constructor(target);
  }

  private constructor(target: Target) {
    this.#target = target;
    this.#connection = target.connection;
    this.#transport = transportOf(target.connection, target.extras ?? {});
  }

  /** What the bytes go through, for finer control. Python: `asyncio.StreamWriter.transport` */
  get transport(): Transport {
    return this.#transport;
  }

  /**
   * Writes bytes, or the UTF-8 of a text. Never waits; see {@link StreamWriter.drain}.
   *
   * Once the connection is lost, what is written is dropped, and `drain` throws.
   *
   * Python: `asyncio.StreamWriter.write`
   *
   * @throws {TypeError} It is neither bytes nor a string.
   * @throws {RuntimeError} The end was written before.
   */
  write(bytes: Bytes): void {
    this.#connection.write(bytesFrom(bytes, "write to the stream"));
  }

  /**
   * Writes one piece after the other. Adds no newlines. Never waits.
   *
   * Python: `asyncio.StreamWriter.writelines`
   *
   * @throws {TypeError} One is neither bytes nor a string.
   * @throws {RuntimeError} The end was written before.
   */
  writelines(pieces: Iterable<Bytes>): void {
    for (const piece of checkedIterable(pieces, "StreamWriter.writelines: pieces"))
      this.write(piece);
  }

  /**
   * Waits until there is room for more: at once, unless a lot waits to go out.
   *
   * Python: `asyncio.StreamWriter.drain`
   *
   * @throws {ConnectionResetError} The connection is lost, and so is what was not sent.
   * @throws {BrokenPipeError} The other side does not read any more.
   * @throws {OSError} The connection broke for another reason.
   *
   * @example
   * ```ts
   * import { openConnection, run, startServer } from "heddle/asyncio";
   *
   * await run(async () => {
   *   const server = await startServer(
   *     async (reader, writer) => {
   *       const bytes = await reader.read();
   *       writer.write(`${bytes.length} bytes`);
   *       await writer.drain();
   *       writer.close();
   *     },
   *     "127.0.0.1",
   *     0,
   *   );
   *   const [reader, writer] = await openConnection("127.0.0.1", server.port);
   *   for (let i = 0; i < 100; i++) {
   *     writer.write(new Uint8Array(10_000));
   *     await writer.drain();
   *   }
   *   writer.writeEof();
   *   console.log(new TextDecoder().decode(await reader.read())); // 1000000 bytes
   *   writer.close();
   *   server.close();
   * });
   * ```
   */
  drain(): Awaitable<void> {
    return drain(this.#connection);
  }

  /** Closes the connection once what was written has gone out. Never waits. Python: `asyncio.StreamWriter.close` */
  close(): void {
    this.#connection.close();
  }

  /** Whether it is closed, or about to be. Python: `asyncio.StreamWriter.is_closing` */
  isClosing(): boolean {
    return this.#connection.isClosing;
  }

  /**
   * Waits until the connection is closed. Call {@link StreamWriter.close} before.
   *
   * Python: `asyncio.StreamWriter.wait_closed`
   *
   * @throws {OSError} The connection broke.
   */
  waitClosed(): Awaitable<void> {
    return waitClosed(this.#connection);
  }

  /** Whether the end can be written without closing. Not through TLS. Python: `asyncio.StreamWriter.can_write_eof` */
  canWriteEof(): boolean {
    return this.#transport.canWriteEof();
  }

  /**
   * Tells the other side, after all that was written, that no more will come. Reading goes on.
   *
   * Python: `asyncio.StreamWriter.write_eof`
   *
   * @throws {RuntimeError} The connection goes through TLS, which has no such thing.
   */
  writeEof(): void {
    this.#transport.writeEof();
  }

  /**
   * Returns what is known about the connection, or else `fallback`.
   *
   * Names are Python's: `peername` and `sockname` are `[host, port]`, or the path of
   * a socket in the file system; `peercert`, `cipher`, `ssl_object` are there with TLS.
   *
   * Python: `asyncio.StreamWriter.get_extra_info`
   */
  getExtraInfo<K extends keyof ExtraInfo, D = null>(name: K, fallback?: D): ExtraInfo[K] | D {
    return this.#transport.getExtraInfo(name, fallback);
  }

  /**
   * Speaks TLS over this connection from now on, in both directions.
   *
   * Whoever made the connection is the client. What was read but not used counts
   * as the beginning of the handshake. If that fails, or is cancelled, the connection is aborted.
   *
   * Python: `asyncio.StreamWriter.start_tls`
   *
   * @param tls The keys and whom to trust; `true` for all the defaults.
   * @param options.serverHostname The name that the server's certificate must bear.
   * @param options.sslHandshakeTimeout Longest handshake in milliseconds. Default: 60000.
   * @throws {ConnectionAbortedError} The handshake took too long.
   * @throws {OSError} The handshake failed; `code` says why.
   */
  startTls(tls: TlsOptions | true, options?: StartTlsOptions): Awaitable<void> {
    if ((tls as unknown) === undefined)
      throw new TypeError("StreamWriter.startTls: tls must be options or true, got undefined");
    const { serverHostname, sslHandshakeTimeout } = checkedOptions(
      options,
      ["serverHostname", "sslHandshakeTimeout"],
      "StreamWriter.startTls",
    );
    const { role = "client", host } = this.#target;
    const handshake = {
      role,
      serverHostname: serverHostname === undefined && role === "client" ? host : serverHostname,
      timeoutMs: sslHandshakeTimeout,
    };
    return startTls(this.#connection, tls, handshake, (extras) =>
      setExtras(this.#transport, extras),
    );
  }

  /** Closes the connection, and waits until it is closed. A connection that broke counts as closed. Python: `asyncio.StreamWriter.wait_closed` */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    addAsyncDispose(this.prototype, async (writer) => {
      writer.close();
      try {
        await writer.waitClosed();
      } catch (error) {
        if (error instanceof CancelledError) throw error;
      }
    });
  }

  /** The writer's state in words. Python: `asyncio.StreamWriter.__repr__` */
  toString(): string {
    return `<StreamWriter ${this.isClosing() ? "closing" : "open"}>`;
  }
}

const drain: (connection: Connection) => Awaitable<void> = /* @__PURE__ */ coroutine(function* (
  connection: Connection,
): Coroutine<void> {
  yield* connection.drained();
});

const waitClosed: (connection: Connection) => Awaitable<void> = /* @__PURE__ */ coroutine(
  function* (connection: Connection): Coroutine<void> {
    yield* connection.untilLost();
  },
);
