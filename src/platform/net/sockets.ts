/** Connections, and those who wait for them: over TCP or over the file system, in the clear or through TLS. */
import type { ByteStream } from "./byte-stream.ts";

/** Where one end of a connection is. */
export type SocketAddress =
  | { readonly kind: "host"; readonly host: string; readonly port: number }
  | { readonly kind: "path"; readonly path: string };

export type ConnectTarget =
  | {
      readonly kind: "host";
      readonly host: string;
      readonly port: number;
      /** 4 or 6 for that version of the Internet protocol only. */
      readonly family: 4 | 6 | undefined;
      readonly localHost: string | undefined;
      readonly localPort: number | undefined;
    }
  | { readonly kind: "path"; readonly path: string };

export type ListenTarget =
  | {
      readonly kind: "host";
      /** Undefined for every address of this machine. */
      readonly host: string | undefined;
      /** 0 for any that is free. */
      readonly port: number;
      readonly backlog: number;
      /** Lets several processes listen on one port. */
      readonly reusePort: boolean | undefined;
    }
  | {
      readonly kind: "path";
      readonly path: string;
      readonly backlog: number;
      /** Removes the socket's file when the listener is closed. */
      readonly removeFile: boolean;
    };

/** Text in PEM form. Python: none */
export type Pem = string | Uint8Array;

/** How to set up TLS, in either role. */
export interface TlsSettings {
  readonly ca: Pem | readonly Pem[] | undefined;
  readonly cert: Pem | undefined;
  readonly key: Pem | undefined;
  readonly passphrase: string | undefined;
  /** Whether the other side has to prove who it is. */
  readonly verify: boolean;
  /** Client: the name that the server's certificate must bear. */
  readonly serverName: string | undefined;
  readonly protocols: readonly string[] | undefined;
  /** Server: longest handshake. */
  readonly handshakeTimeoutMs: number;
}

/** What two ends of a TLS connection have agreed on. Python: `ssl.SSLObject` */
export interface TlsSession {
  /** Such as `TLSv1.3`. */
  readonly version: string | undefined;
  /** The name of the cipher. */
  readonly cipher: string | undefined;
  /** The protocol chosen from both sides' lists. */
  readonly protocol: string | undefined;
  /** The other side's certificate; undefined if it sent none. */
  readonly peerCertificate: object | undefined;
}

export interface SocketStream extends ByteStream {
  readonly local: SocketAddress | undefined;
  readonly remote: SocketAddress | undefined;
  /** Undefined in the clear. */
  readonly tls: TlsSession | undefined;
  /**
   * Speaks TLS over this connection from now on, and gives a new stream for it. This one is used up.
   *
   * @param unread Bytes that were read here but belong to the handshake.
   * @returns A function that gives the handshake up, and the connection with it; nothing is called back after it.
   */
  upgrade(
    role: "client" | "server",
    tls: TlsSettings,
    unread: Uint8Array,
    opening: Opening,
  ): () => void;
}

/** Called back once, with the one or the other. */
export interface Opening {
  readonly opened: (stream: SocketStream) => void;
  readonly failed: (error: unknown) => void;
}

export interface ListenerEvents {
  listening(): void;
  /** It could not listen; or, later, could not accept a connection. */
  failed(error: unknown): void;
  accepted(stream: SocketStream): void;
}

export interface Listener {
  /** Undefined until it listens, and again once it is closed. */
  readonly address: SocketAddress | undefined;
  /** Accepts no more. Connections that were made stay; a TLS handshake under way keeps no program alive. */
  close(): void;
}

export interface Sockets {
  /** @returns A function that gives the attempt up; nothing is called back after it. */
  connect(target: ConnectTarget, tls: TlsSettings | undefined, opening: Opening): () => void;
  listen(target: ListenTarget, tls: TlsSettings | undefined, events: ListenerEvents): Listener;
  /** Where a socket of that name may be, which only this machine reaches. */
  localPath(name: string): string;
}
