/** Clients: connections that this side makes. */
import { checkedHandshakeTimeout, checkedPort } from "./checks.ts";
import { kindOf } from "../../base/text.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import type { ConnectTarget, SocketStream, TlsSettings } from "../../platform/net/sockets.ts";
import { checkedOptions, checkedSystemText, checkedType } from "../../base/options.ts";
import { coroutine } from "../engine/coroutine.ts";
import { getRunningLoop } from "../engine/running-loop.ts";
import { closeWithRun } from "./close-with-run.ts";
import { Connection } from "./connection.ts";
import { extrasOf } from "./extra-info.ts";
import { loadSockets } from "./load-sockets.ts";
import { opening, openingWithin } from "./opening.ts";
import { checkedLimit, inflowOf, StreamReader } from "./stream-reader.ts";
import { type StreamWriter, writerTo } from "./stream-writer.ts";
import { type TlsOptions, tlsSettings } from "./tls-options.ts";

/** A reader and a writer of the same connection. Python: none */
export type Streams = [reader: StreamReader, writer: StreamWriter];

/** What {@link openUnixConnection} takes besides the path. Python: none */
export interface OpenUnixConnectionOptions {
  /** Longest line that the reader reads, in bytes; more than twice as much is not held unread. Default: 65536. */
  readonly limit?: number | undefined;
  /** Speaks TLS: the keys and whom to trust, or `true` for all the defaults. */
  readonly ssl?: TlsOptions | true | undefined;
  /** The name that the server's certificate must bear. Default: the host. */
  readonly serverHostname?: string | undefined;
  /** Longest TLS handshake in milliseconds. Default: 60000. */
  readonly sslHandshakeTimeout?: number | undefined;
}

/** What {@link openConnection} takes besides host and port. Python: none */
export interface OpenConnectionOptions extends OpenUnixConnectionOptions {
  /** The version of the Internet protocol, 4 or 6. Default: whichever answers. */
  readonly family?: 4 | 6 | undefined;
  /** Where this side of the connection is to be. */
  readonly localAddr?: readonly [host: string, port: number] | undefined;
}

const UNIX_OPTIONS = ["limit", "ssl", "serverHostname", "sslHandshakeTimeout"] as const;
// Written out: a bundler cannot leave out what is spread.
const OPTIONS = [
  "limit",
  "ssl",
  "serverHostname",
  "sslHandshakeTimeout",
  "family",
  "localAddr",
] as const;

/**
 * Connects to a server.
 *
 * If the wait is cancelled, the connection is given up.
 *
 * Python: `asyncio.open_connection`
 *
 * Differs: takes no `sock`.
 *
 * @param options.limit Longest line that the reader reads, in bytes. Default: 65536.
 * @param options.ssl Speaks TLS: the keys and whom to trust, or `true` for all the defaults.
 * @param options.serverHostname The name that the server's certificate must bear. Default: `host`.
 * @param options.sslHandshakeTimeout Longest TLS handshake in milliseconds. Default: 60000.
 * @param options.family 4 or 6 for that version of the Internet protocol. Default: whichever answers.
 * @param options.localAddr Where this side of the connection is to be.
 * @returns A reader and a writer.
 * @throws {ConnectionRefusedError} Nobody accepts connections there.
 * @throws {ConnectionAbortedError} The handshake took too long.
 * @throws {OSError} The connection could not be made; `code` says why.
 * @throws {UnsupportedError} There are no sockets here.
 *
 * @example
 * ```ts
 * import { openConnection, run, startServer } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const server = await startServer(
 *     async (reader, writer) => {
 *       const line = await reader.readline();
 *       writer.write(line.reverse());
 *       writer.close();
 *     },
 *     "127.0.0.1",
 *     0,
 *   );
 *   const [reader, writer] = await openConnection("127.0.0.1", server.port);
 *   writer.write("madam, I'm adam\n");
 *   console.log(new TextDecoder().decode(await reader.read()).trim()); // mada m'I ,madam
 *   writer.close();
 *   server.close();
 * });
 * ```
 */
export function openConnection(
  host: string,
  port: number,
  options?: OpenConnectionOptions,
): Awaitable<Streams> {
  const checked = checkedOptions(options, OPTIONS, "openConnection");
  const { family, localAddr, limit } = checked;
  checkedSystemText(host, "openConnection: host");
  checkedPort(port, "openConnection");
  if (family !== undefined && family !== 4 && family !== 6)
    throw new RangeError(`openConnection: "family" must be 4 or 6, got ${kindOf(family)}`);
  if (localAddr !== undefined && !Array.isArray(localAddr))
    throw new TypeError(
      `openConnection: "localAddr" must be an array, [host, port], got ${kindOf(localAddr)}`,
    );
  return connect({
    attempt: `connect to ${host}, port ${port}`,
    target: {
      kind: "host",
      host,
      port,
      family,
      localHost: localAddr && checkedSystemText(localAddr[0], "openConnection: the local host"),
      localPort: localAddr && checkedPort(localAddr[1], "openConnection, locally"),
    },
    host,
    limit: checkedLimit(limit),
    tls: clientTls(checked),
  });
}

/**
 * Connects to a server that listens in the file system.
 *
 * If the wait is cancelled, the connection is given up.
 *
 * Python: `asyncio.open_unix_connection`
 *
 * @param options.limit Longest line that the reader reads, in bytes. Default: 65536.
 * @param options.ssl Speaks TLS: the keys and whom to trust.
 * @param options.serverHostname The name that the server's certificate must bear.
 * @param options.sslHandshakeTimeout Longest TLS handshake in milliseconds. Default: 60000.
 * @returns A reader and a writer.
 * @throws {FileNotFoundError} There is nothing at the path.
 * @throws {ConnectionRefusedError} Nobody accepts connections there.
 * @throws {OSError} The connection could not be made; `code` says why.
 * @throws {UnsupportedError} There are no sockets here.
 *
 * @example
 * ```ts
 * import { openUnixConnection, run } from "heddle/asyncio";
 *
 * try {
 *   await run(openUnixConnection("no-such.sock"));
 * } catch (error) {
 *   console.log((error as Error).name); // FileNotFoundError
 * }
 * ```
 */
export function openUnixConnection(
  path: string,
  options?: OpenUnixConnectionOptions,
): Awaitable<Streams> {
  const checked = checkedOptions(options, UNIX_OPTIONS, "openUnixConnection");
  checkedType(path, "string", "openUnixConnection: path");
  return connect({
    attempt: `connect to ${JSON.stringify(path)}`,
    target: { kind: "path", path },
    host: undefined,
    limit: checkedLimit(checked.limit),
    tls: clientTls(checked),
  });
}

interface Attempt {
  readonly attempt: string;
  readonly target: ConnectTarget;
  readonly host: string | undefined;
  readonly limit: number;
  readonly tls: TlsSettings | undefined;
}

const connect: (attempt: Attempt) => Awaitable<Streams> = /* @__PURE__ */ coroutine(function* ({
  attempt,
  target,
  host,
  limit,
  tls,
}: Attempt): Coroutine<Streams> {
  const loop = getRunningLoop();
  const sockets = yield* loadSockets(attempt);
  const stream = yield* tls === undefined
    ? opening<SocketStream>(loop, attempt, (answer) => sockets.connect(target, tls, answer))
    : openingWithin<SocketStream>(loop, tls.handshakeTimeoutMs, attempt, (answer) =>
        sockets.connect(target, tls, answer),
      );
  const reader = new StreamReader({ limit, loop });
  const connection = new Connection(stream, {
    loop,
    inflow: inflowOf(reader),
    closesAtEnd: tls !== undefined,
    onLost: () => keepOpen(),
  });
  const keepOpen = closeWithRun(() => connection.discard());
  return [reader, writerTo({ connection, extras: extrasOf(stream), role: "client", host })];
});

/** @throws {TypeError} `serverHostname` without `ssl`, as in Python. */
function clientTls({
  ssl,
  serverHostname,
  sslHandshakeTimeout: timeoutMs,
}: OpenUnixConnectionOptions): TlsSettings | undefined {
  if (ssl !== undefined) return tlsSettings(ssl, { role: "client", serverHostname, timeoutMs });
  if (timeoutMs !== undefined) checkedHandshakeTimeout(timeoutMs);
  if (serverHostname !== undefined) {
    throw new TypeError('openConnection: "serverHostname" requires "ssl"');
  }
  return undefined;
}
