/** Servers: connections that others make. */
import { checkedBacklog, checkedHandshakeTimeout, checkedHosts, checkedPort } from "./checks.ts";
import { checkedFunction } from "../../base/functions.ts";
import { CallerContext } from "../../contextvars/caller-context.ts";
import { runningLoop, sessionOfCaller } from "../engine/caller.ts";
import type { Loop } from "../engine/classes.ts";
import { callForSession } from "../engine/handle.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import type { Listener, ListenTarget, Sockets, TlsSettings } from "../../platform/net/sockets.ts";
import { checkedOption, checkedOptions, checkedType } from "../../base/options.ts";
import { getRunningLoop } from "../engine/running-loop.ts";
import { awaitable } from "./awaitable.ts";
import { callClientConnected, type ClientConnected } from "./client-connected.ts";
import { closeWithRun } from "./close-with-run.ts";
import { Connection } from "./connection.ts";
import { extrasOf } from "./extra-info.ts";
import { loadSockets } from "./load-sockets.ts";
import { opening } from "./opening.ts";
import { osErrorFrom } from "./os-error.ts";
import { type Accept, discardServer, type Server, serverOf, type ServerParts } from "./server.ts";
import { checkedLimit, inflowOf, StreamReader } from "./stream-reader.ts";
import { writerTo } from "./stream-writer.ts";
import { type TlsOptions, tlsSettings } from "./tls-options.ts";

interface CommonOptions {
  /** Longest line that the readers read, in bytes; more than twice as much is not held unread. Default: 65536. */
  readonly limit?: number | undefined;
  /** How many connections may wait to be accepted. Default: 100. */
  readonly backlog?: number | undefined;
  /** Speaks TLS, with this certificate and key. */
  readonly ssl?: TlsOptions | undefined;
  /** Longest TLS handshake in milliseconds. Default: 60000. */
  readonly sslHandshakeTimeout?: number | undefined;
  /** Whether to accept connections at once. Default: true. */
  readonly startServing?: boolean | undefined;
}

/** What {@link startServer} takes besides host and port. Python: none */
export interface StartServerOptions extends CommonOptions {
  /** Lets several processes listen on the same port, where the system can. Default: false. */
  readonly reusePort?: boolean | undefined;
}

/** What {@link startUnixServer} takes besides the path. Python: none */
export interface StartUnixServerOptions extends CommonOptions {
  /** Whether closing the server removes the socket's file. Default: true. */
  readonly cleanupSocket?: boolean | undefined;
}

// Written out: a bundler cannot leave out what is spread.
const SERVER_OPTIONS = [
  "limit",
  "backlog",
  "ssl",
  "sslHandshakeTimeout",
  "startServing",
  "reusePort",
] as const;
const UNIX_OPTIONS = [
  "limit",
  "backlog",
  "ssl",
  "sslHandshakeTimeout",
  "startServing",
  "cleanupSocket",
] as const;

/**
 * Accepts connections, and calls a function for each, in a task of its own.
 *
 * If that task fails, the loop's exception handler is told, and the connection closed;
 * it is closed also if the task is cancelled. Otherwise it is the function's to close it.
 *
 * Python: `asyncio.start_server`
 *
 * Differs: takes no `sock` and no `family`. Plain functions, too, are called in a task. With
 *   `startServing: false`, the address is taken only when serving starts.
 *
 * @param clientConnected A generator function, an async function, or a plain one.
 * @param host Where to listen: a name or an address, several of them, or `null` for everywhere.
 * @param port 0 for any that is free: see {@link Server.port}.
 * @param options.limit Longest line that the readers read, in bytes. Default: 65536.
 * @param options.backlog How many connections may wait to be accepted. Default: 100.
 * @param options.ssl Speaks TLS, with this certificate and key.
 * @param options.sslHandshakeTimeout Longest TLS handshake in milliseconds. Default: 60000.
 * @param options.startServing Whether to accept connections at once. Default: true.
 * @param options.reusePort Lets several processes listen on the same port. Default: false.
 * @throws {OSError} It cannot listen there; `code` says why, such as `EADDRINUSE`.
 * @throws {UnsupportedError} There are no sockets here.
 *
 * @example Echo
 * ```ts
 * import { openConnection, run, startServer } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const server = await startServer(
 *     async (reader, writer) => {
 *       for await (const line of reader) {
 *         writer.write(line);
 *         await writer.drain();
 *       }
 *       writer.close();
 *     },
 *     "127.0.0.1",
 *     0,
 *   );
 *   const [reader, writer] = await openConnection("127.0.0.1", server.port);
 *   writer.writelines(["one\n", "two\n"]);
 *   writer.writeEof();
 *   const text = new TextDecoder().decode(await reader.read());
 *   console.log(text.trim().split("\n").join(" and ")); // one and two
 *   writer.close();
 *   server.close();
 * });
 * ```
 */
export function startServer(
  clientConnected: ClientConnected,
  host: string | readonly string[] | null,
  port: number,
  options?: StartServerOptions,
): Awaitable<Server> {
  const checked = checkedOptions(options, SERVER_OPTIONS, "startServer");
  const { backlog = DEFAULT_BACKLOG, reusePort } = checked;
  const targets = checkedHosts(host, "startServer").map((one) => ({
    kind: "host" as const,
    host: one,
    port: checkedPort(port, "startServer"),
    backlog: checkedBacklog(backlog, "startServer"),
    reusePort: checkedOption(reusePort, "boolean", 'startServer: "reusePort"'),
  }));
  checkedFunction(clientConnected, "startServer: clientConnected");
  return awaitable(start(clientConnected, targets, checkedStart(checked), new CallerContext()));
}

/**
 * Accepts connections at a path of the file system, as {@link startServer} does at a port.
 *
 * A socket that is there already is replaced.
 *
 * Python: `asyncio.start_unix_server`
 *
 * @param path Where to make the socket.
 * @param options.cleanupSocket Whether closing the server removes the socket's file, unless
 *   it was replaced meanwhile. Default: true.
 * @param options.limit Longest line that the readers read, in bytes. Default: 65536.
 * @param options.backlog How many connections may wait to be accepted. Default: 100.
 * @param options.ssl Speaks TLS, with this certificate and key.
 * @param options.sslHandshakeTimeout Longest TLS handshake in milliseconds. Default: 60000.
 * @param options.startServing Whether to accept connections at once. Default: true.
 * @throws {OSError} It cannot listen there; `code` says why, such as `EADDRINUSE`.
 * @throws {UnsupportedError} There are no sockets here.
 *
 * @example
 * ```ts
 * import { openUnixConnection, run, startUnixServer } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const path = `greeter-${process.pid}.sock`;
 *   const server = await startUnixServer((_, writer) => {
 *     writer.write("hello\n");
 *     writer.close();
 *   }, path);
 *   const [reader, writer] = await openUnixConnection(path);
 *   console.log(new TextDecoder().decode(await reader.readline()).trim()); // hello
 *   writer.close();
 *   server.close();
 * });
 * ```
 */
export function startUnixServer(
  clientConnected: ClientConnected,
  path: string,
  options?: StartUnixServerOptions,
): Awaitable<Server> {
  const checked = checkedOptions(options, UNIX_OPTIONS, "startUnixServer");
  const { backlog = DEFAULT_BACKLOG, cleanupSocket: removeFile = true } = checked;
  const target = {
    kind: "path" as const,
    path: checkedType(path, "string", "startUnixServer: path"),
    backlog: checkedBacklog(backlog, "startUnixServer"),
    removeFile: checkedType(removeFile, "boolean", 'startUnixServer: "cleanupSocket"'),
  };
  checkedFunction(clientConnected, "startUnixServer: clientConnected");
  return awaitable(start(clientConnected, [target], checkedStart(checked), new CallerContext()));
}

const DEFAULT_BACKLOG = 100;

interface Start {
  readonly limit: number;
  readonly tls: TlsSettings | undefined;
  readonly startServing: boolean;
}

function checkedStart({
  limit,
  ssl,
  sslHandshakeTimeout: timeoutMs,
  startServing = true,
}: CommonOptions): Start {
  if (timeoutMs !== undefined) checkedHandshakeTimeout(timeoutMs);
  if ((ssl as unknown) === true)
    throw new TypeError('startServer: "ssl" must have a certificate, got true');
  const handshake = { role: "server", serverHostname: undefined, timeoutMs } as const;
  return {
    limit: checkedLimit(limit),
    tls: ssl === undefined ? undefined : tlsSettings(ssl, handshake),
    startServing: checkedType(startServing, "boolean", 'startServer: "startServing"'),
  };
}

function* start(
  clientConnected: ClientConnected,
  targets: readonly ListenTarget[],
  { limit, tls, startServing }: Start,
  context: CallerContext,
): Coroutine<Server> {
  const loop = getRunningLoop();
  const server = serverOf({
    loop,
    listen: (accept) => listenAll(loop, targets, tls, accept),
    connect: connecting(loop, {
      clientConnected,
      context,
      session: sessionOfCaller(runningLoop()),
      limit,
      closesAtEnd: tls !== undefined,
    }),
  });
  closeWithRun(() => discardServer(server));
  if (startServing) yield* server.startServing();
  return server;
}

/** Listens everywhere, or nowhere. */
function* listenAll(
  loop: Loop,
  targets: readonly ListenTarget[],
  tls: TlsSettings | undefined,
  accept: Accept,
): Coroutine<readonly Listener[]> {
  const listeners: Listener[] = [];
  try {
    for (const target of targets) {
      const attempt = `listen ${describe(target)}`;
      const sockets = yield* loadSockets(attempt);
      listeners.push(yield* listen(loop, sockets, target, tls, accept, attempt));
    }
  } catch (error) {
    for (const listener of listeners) listener.close();
    throw error;
  }
  return listeners;
}

function listen(
  loop: Loop,
  sockets: Sockets,
  target: ListenTarget,
  tls: TlsSettings | undefined,
  accepted: Accept,
  attempt: string,
): Coroutine<Listener> {
  return opening<Listener>(loop, attempt, (answer) => {
    let isListening = false;
    const listener = sockets.listen(target, tls, {
      accepted,
      listening: () => {
        isListening = true;
        answer.opened(listener);
      },
      failed: (error) => {
        if (!isListening) {
          answer.failed(error);
          return;
        }
        const exception = osErrorFrom(error, "accept a connection");
        loop.callExceptionHandler({ message: "A server could not accept a connection", exception });
      },
    });
    return () => listener.close();
  });
}

interface Connecting {
  readonly clientConnected: ClientConnected;
  /** Of the code that started the server, in which connections are made. */
  readonly context: CallerContext;
  /** The run that it belongs to. */
  readonly session: object;
  readonly limit: number;
  readonly closesAtEnd: boolean;
}

/** What makes a connection of a stream, and has the user's function called for it. */
function connecting(
  loop: Loop,
  { clientConnected, context, session, limit, closesAtEnd }: Connecting,
): ServerParts["connect"] {
  return (stream, onLost) => {
    const reader = new StreamReader({ limit, loop });
    const inflow = inflowOf(reader);
    const connection = new Connection(stream, { loop, inflow, closesAtEnd, onLost });
    const writer = writerTo({ connection, extras: extrasOf(stream), role: "server" });
    const call = (): void => callClientConnected(loop, clientConnected, connection, reader, writer);
    context.call(() => callForSession(session, () => loop.callSoon(call)));
    return connection;
  };
}

function describe(target: ListenTarget): string {
  if (target.kind === "path") return `at ${JSON.stringify(target.path)}`;
  return `on ${target.host ?? "all addresses"}, port ${target.port}`;
}
