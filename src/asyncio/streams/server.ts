/** Python's server: what accepts connections, and knows those that it has accepted. */
import type { Future, Loop } from "../engine/classes.ts";
import { addAsyncDispose } from "../../base/dispose.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { CancelledError, RuntimeError } from "../../errors.ts";
import { showAsText } from "../../base/text.ts";
import type { Listener, SocketStream } from "../../platform/net/sockets.ts";
import { awaitable } from "./awaitable.ts";
import type { Connection } from "./connection.ts";
import { nameOf, type SocketName } from "./extra-info.ts";
import { Waiters } from "../sync/waiters.ts";

/** One of the sockets that a server listens on. Python: `asyncio.trsock.TransportSocket` */
export interface ServerSocket {
  /** Where it listens. Python: `socket.socket.getsockname` */
  getsockname(): SocketName;
}

/** Called back by the runtime for each connection. */
export type Accept = (stream: SocketStream) => void;

/** What a server does its work with. */
export interface ServerParts {
  readonly loop: Loop;
  /** Begins to listen, everywhere. */
  readonly listen: (accept: Accept) => Coroutine<readonly Listener[]>;
  /** Makes a connection of what was accepted; `onLost` is to be called when it is over. */
  readonly connect: (stream: SocketStream, onLost: (connection: Connection) => void) => Connection;
}

/** Makes a server. Not public. */
export let serverOf: (parts: ServerParts) => Server;
/** Closes a server that nobody wants any more, with its connections. Not public. */
export let discardServer: (server: Server) => void;

/**
 * Accepts connections. Made by {@link startServer} and {@link startUnixServer}.
 *
 * With `await using`, it is closed at the end of the block, which then waits for
 * its connections to end. It is closed, with its connections, at the end of the
 * `run()` in which it was started.
 *
 * Python: `asyncio.Server`
 *
 * @example
 * ```ts
 * import { run, startServer } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const server = await startServer((_, writer) => writer.close(), "127.0.0.1", 0);
 *   console.log(server.isServing(), server.port > 0); // true true
 *   server.close();
 *   await server.waitClosed();
 *   console.log(server.isServing()); // false
 * });
 * ```
 */
export class Server implements AsyncDisposable {
  readonly #parts: ServerParts;
  readonly #connections = new Set<Connection>();
  readonly #closeWaiters = new Waiters(this);
  #listeners: readonly Listener[] = [];
  #isServing = false;
  #isClosed = false;
  #forever: Future<never> | undefined;

  static {
    showAsText(this.prototype);
    const Constructor = this as unknown as new (parts: ServerParts) => Server;
    serverOf = (parts) => new Constructor(parts);
    discardServer = (server) => {
      server.close();
      for (const connection of server.#connections) connection.discard();
    };
  }

  private constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  /** The loop that the server belongs to. Python: `asyncio.Server.get_loop` */
  getLoop(): Loop {
    return this.#parts.loop;
  }

  /** Whether it accepts connections. Python: `asyncio.Server.is_serving` */
  isServing(): boolean {
    return this.#isServing;
  }

  /**
   * What it listens on; nothing once it is closed. Python: `asyncio.Server.sockets`
   *
   * Differs: empty also before the server serves.
   */
  get sockets(): readonly ServerSocket[] {
    return this.#names().map((name) => ({ getsockname: () => name }));
  }

  /**
   * The port that it listens on; of several sockets, the first one's.
   *
   * Python: none
   *
   * @throws {RuntimeError} It does not serve, or not on a port.
   */
  get port(): number {
    const [name] = this.#names();
    if (typeof name !== "object") {
      throw new RuntimeError(
        `Cannot get the server's port: it ${this.#isServing ? "does not listen on a port" : "is not serving"}`,
      );
    }
    return name[1];
  }

  /**
   * Begins to accept connections. Does nothing if it does already.
   *
   * Python: `asyncio.Server.start_serving`
   *
   * @throws {RuntimeError} The server is closed.
   * @throws {OSError} It cannot listen there; `code` says why.
   */
  startServing(): Awaitable<void> {
    return awaitable(this.#startServing());
  }

  /**
   * Accepts connections until the wait is cancelled, or the server closed by another task.
   *
   * Then the server and its connections are closed, and CancelledError is thrown.
   *
   * Python: `asyncio.Server.serve_forever`
   *
   * @throws {RuntimeError} The server is closed, or another task serves for ever already.
   * @throws {OSError} It cannot listen there; `code` says why.
   */
  serveForever(): Awaitable<never> {
    return awaitable(this.#serveForever());
  }

  /**
   * Accepts no more connections. Those that were made stay open. Never waits.
   *
   * Python: `asyncio.Server.close`
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isServing = false;
    this.#stopListening();
    this.#forever?.cancel();
    this.#forever = undefined;
    if (this.#connections.size === 0) this.#closeWaiters.wakeAll();
  }

  /** Closes all its connections, once what was written to them has gone out. Python: `asyncio.Server.close_clients` */
  closeClients(): void {
    for (const connection of this.#connections) connection.close();
  }

  /** Closes all its connections now. What has not gone out is lost. Python: `asyncio.Server.abort_clients` */
  abortClients(): void {
    for (const connection of this.#connections) connection.abort();
  }

  /**
   * Waits until the server is closed and all its connections have ended.
   *
   * Python: `asyncio.Server.wait_closed`
   */
  waitClosed(): Awaitable<void> {
    return awaitable(this.#waitClosed());
  }

  /** Closes the server, and waits until its connections have ended. Python: `asyncio.Server.__aexit__` */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    addAsyncDispose(this.prototype, async (server) => {
      server.close();
      await server.waitClosed();
    });
  }

  /** The server's state in words. Python: `asyncio.Server.__repr__` */
  toString(): string {
    return `<Server sockets=${JSON.stringify(this.#names())}>`;
  }

  *#startServing(): Coroutine<void> {
    this.#checkNotClosed("start serving");
    if (this.#isServing) return;
    this.#isServing = true;
    try {
      const listeners = yield* this.#parts.listen(this.#accept);
      this.#listeners = listeners;
    } catch (error) {
      this.#isServing = false;
      throw error;
    }
    // Closed meanwhile, by another task.
    if (this.#isClosed) this.#stopListening();
  }

  *#serveForever(): Coroutine<never> {
    if (this.#forever !== undefined) {
      throw new RuntimeError("Cannot serve for ever: another task is already in serveForever()");
    }
    this.#checkNotClosed("serve for ever");
    const forever = this.#parts.loop.createFuture<never>();
    this.#forever = forever;
    try {
      yield* this.#startServing();
      return yield* forever;
    } catch (error) {
      if (error instanceof CancelledError) {
        this.close();
        // Otherwise a client that stays would keep the server from ending.
        this.closeClients();
        yield* this.#waitClosed();
      }
      throw error;
    } finally {
      if (this.#forever === forever) this.#forever = undefined;
    }
  }

  *#waitClosed(): Coroutine<void> {
    while (!this.#isClosed || this.#connections.size > 0) yield* this.#closeWaiters.wait();
  }

  readonly #accept = (stream: SocketStream): void => {
    if (this.#isClosed) {
      stream.abort();
      return;
    }
    const connection = this.#parts.connect(stream, (lost) => {
      this.#connections.delete(lost);
      if (this.#isClosed && this.#connections.size === 0) this.#closeWaiters.wakeAll();
    });
    this.#connections.add(connection);
  };

  #stopListening(): void {
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
  }

  #checkNotClosed(attempt: string): void {
    if (this.#isClosed) throw new RuntimeError(`Cannot ${attempt}: the server is closed`);
  }

  #names(): SocketName[] {
    return this.#listeners
      .map((listener) => nameOf(listener.address))
      .filter((name) => name !== undefined);
  }
}
