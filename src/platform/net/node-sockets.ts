/**
 * {@link Sockets} over `node:net` and `node:tls`, which Deno and Bun have too.
 *
 * Loaded when first needed: the two modules cost milliseconds.
 */
import type { ListenOptions, Server, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { bare } from "../../base/options.ts";
import { net, tlsModule } from "../builtins.ts";
import { localPath } from "./local-path.ts";
import { NodeByteStream } from "./node-byte-stream.ts";
import { clientOptions, serverOptions, sessionOf } from "./node-tls.ts";
import { SocketFile } from "./node-socket-file.ts";
import type {
  ConnectTarget,
  Listener,
  ListenerEvents,
  ListenTarget,
  Opening,
  SocketAddress,
  Sockets,
  SocketStream,
  TlsSession,
  TlsSettings,
} from "./sockets.ts";

class NodeSocketStream extends NodeByteStream implements SocketStream {
  readonly #socket: Socket;
  readonly tls: TlsSession | undefined;
  readonly local: SocketAddress | undefined;
  readonly remote: SocketAddress | undefined;

  constructor(socket: Socket, ends: Ends, tls?: TlsSession) {
    super(socket, socket);
    this.#socket = socket;
    this.tls = tls;
    // Noted now: once the connection is lost, the socket does not know them any more.
    this.local = ends.local;
    this.remote = ends.remote;
  }

  upgrade(
    role: "client" | "server",
    tls: TlsSettings,
    unread: Uint8Array,
    opening: Opening,
  ): () => void {
    this.release();
    const raw = this.#socket;
    if (unread.length > 0) raw.unshift(unread);
    // TLS ends both directions at once, and takes over what its connection does.
    raw.allowHalfOpen = false;
    if (role === "server") return this.#upgradeAsServer(raw, tls, opening);
    const secured = tlsModule().connect(bare({ ...clientOptions(tls), socket: raw }));
    // The connection does not end by itself when the layer over it does.
    secured.once("close", () => raw.destroy());
    const opened = () => opening.opened(new NodeSocketStream(secured, this, sessionOf(secured)));
    return settle(secured, "secureConnect", { opened, failed: opening.failed });
  }

  /**
   * A server of its own, to which the connection is given, does the handshake: only a server
   * verifies certificates. A bare TLSSocket takes any.
   */
  #upgradeAsServer(raw: Socket, tls: TlsSettings, { opened, failed }: Opening): () => void {
    const server = tlsModule().createServer(bare(serverOptions(tls)));
    const stop = (): void => void server.removeAllListeners().on("tlsClientError", () => {});
    server.once("secureConnection", (secured: TLSSocket) => {
      stop();
      secured.once("close", () => raw.destroy());
      opened(new NodeSocketStream(secured, this, sessionOf(secured)));
    });
    server.once("tlsClientError", (error: unknown) => {
      stop();
      raw.destroy();
      failed(error);
    });
    server.emit("connection", raw);
    return () => {
      stop();
      raw.destroy();
    };
  }
}

interface Ends {
  readonly local: SocketAddress | undefined;
  readonly remote: SocketAddress | undefined;
}

function endsOf(socket: Socket, path?: string): Ends {
  return {
    local: addressFrom(socket.localAddress, socket.localPort),
    remote:
      path === undefined
        ? addressFrom(socket.remoteAddress, socket.remotePort)
        : { kind: "path", path },
  };
}

function addressFrom(
  host: string | undefined,
  port: number | undefined,
): SocketAddress | undefined {
  return host === undefined || port === undefined ? undefined : { kind: "host", host, port };
}

/**
 * Calls back once, when the socket is ready or has failed to become so.
 *
 * @returns Gives up.
 */
function settle(
  socket: Socket,
  ready: string,
  { opened, failed }: { readonly opened: () => void; readonly failed: (error: unknown) => void },
): () => void {
  const stop = () => {
    socket.off(ready, onReady).off("error", onFailure).off("end", onEnd).off("close", onEnd);
    socket.on("error", () => {}); // one may follow, and would end the program
  };
  const onReady = () => {
    stop();
    opened();
  };
  const onFailure = (error: unknown) => {
    stop();
    socket.destroy();
    failed(error);
  };
  const onEnd = () =>
    onFailure(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));
  socket.once(ready, onReady).once("error", onFailure).once("end", onEnd).once("close", onEnd);
  return () => {
    stop();
    socket.destroy();
  };
}

function connect(
  target: ConnectTarget,
  tls: TlsSettings | undefined,
  opening: Opening,
): () => void {
  const where =
    target.kind === "path"
      ? { path: target.path }
      : {
          host: target.host,
          port: target.port,
          ...(target.family === undefined ? {} : { family: target.family }),
          ...(target.localHost === undefined ? {} : { localAddress: target.localHost }),
          ...(target.localPort === undefined ? {} : { localPort: target.localPort }),
        };
  const path = target.kind === "path" ? target.path : undefined;
  if (tls !== undefined) {
    const secured = tlsModule().connect(bare({ ...where, ...clientOptions(tls) }));
    const opened = () =>
      opening.opened(new NodeSocketStream(secured, endsOf(secured, path), sessionOf(secured)));
    return settle(secured, "secureConnect", { failed: opening.failed, opened });
  }
  const socket = net().connect(bare({ ...where, allowHalfOpen: true }));
  const opened = () => {
    socket.setNoDelay(true);
    opening.opened(new NodeSocketStream(socket, endsOf(socket, path)));
  };
  return settle(socket, "connect", { failed: opening.failed, opened });
}

class NodeListener implements Listener {
  readonly #server: Server;
  readonly #file: SocketFile | undefined;

  constructor(target: ListenTarget, tls: TlsSettings | undefined, events: ListenerEvents) {
    this.#file =
      target.kind === "path" ? new SocketFile(target.path, target.removeFile) : undefined;
    const path = target.kind === "path" ? target.path : undefined;
    const options = bare({ allowHalfOpen: true, noDelay: true });
    if (tls === undefined) {
      this.#server = net().createServer(options, (socket) =>
        events.accepted(new NodeSocketStream(socket, this.#endsOf(socket, path))),
      );
    } else {
      const accept = (socket: TLSSocket) => {
        socket.ref();
        events.accepted(
          new NodeSocketStream(socket, this.#endsOf(socket, path), sessionOf(socket)),
        );
      };
      this.#server = tlsModule().createServer(
        bare({ noDelay: true, ...serverOptions(tls) }),
        accept,
      );
      // The listener keeps the program alive; a client that never ends its handshake does not.
      this.#server.on("connection", (socket: Socket) => socket.unref());
      // A handshake fails or takes too long. With a listener here, closing is left to it.
      this.#server.on("tlsClientError", (_error, socket: TLSSocket) => socket.destroy());
    }
    this.#server.on("error", (error) => events.failed(error));
    this.#listen(target, events);
  }

  get address(): SocketAddress | undefined {
    const address = this.#server.address();
    if (address === null) return undefined;
    if (this.#file !== undefined) return { kind: "path", path: this.#file.path };
    return typeof address === "string"
      ? { kind: "path", path: address }
      : { kind: "host", host: address.address, port: address.port };
  }

  close(): void {
    this.#server.close();
    this.#file?.remove();
  }

  #listen(target: ListenTarget, events: ListenerEvents): void {
    const { backlog } = target;
    const options: ListenOptions =
      target.kind === "path"
        ? { path: (this.#file as SocketFile).pathToBind(), backlog }
        : {
            port: target.port,
            backlog,
            ...(target.host === undefined ? {} : { host: target.host }),
            ...(target.reusePort === true ? { reusePort: true } : {}),
          };
    this.#server.listen(bare(options), () => {
      try {
        this.#file?.putInPlace();
      } catch (error) {
        this.#server.close();
        events.failed(error);
        return;
      }
      events.listening();
    });
  }

  #endsOf(socket: Socket, path: string | undefined): Ends {
    if (path === undefined) return endsOf(socket);
    return { local: { kind: "path", path }, remote: { kind: "path", path: "" } };
  }
}

export const sockets: Sockets = {
  connect,
  listen: (target, tls, events) => new NodeListener(target, tls, events),
  localPath,
};
