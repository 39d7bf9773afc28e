/** What can be asked about a connection. */
import type { SocketAddress, SocketStream, TlsSession } from "../../platform/net/sockets.ts";

/** An address: host and port, or the path of a socket in the file system. Python: `socket.socket.getsockname` */
export type SocketName = readonly [host: string, port: number] | string;

/** What {@link StreamWriter.getExtraInfo} can tell, under Python's names. Python: none */
export interface ExtraInfo {
  /** Where the other side is. */
  readonly peername: SocketName;
  /** Where this side is. */
  readonly sockname: SocketName;
  /** TLS: the other side's certificate, in the runtime's own form. */
  readonly peercert: object;
  /** TLS: the name of the cipher. */
  readonly cipher: string;
  /** TLS: all that was agreed upon. */
  readonly ssl_object: TlsSession;
}

export type Extras = { readonly [K in keyof ExtraInfo]?: ExtraInfo[K] | undefined };

export function extrasOf({ local, remote, tls }: SocketStream): Extras {
  return {
    peername: nameOf(remote),
    sockname: nameOf(local),
    peercert: tls?.peerCertificate,
    cipher: tls?.cipher,
    ssl_object: tls,
  };
}

export function nameOf(address: SocketAddress | undefined): SocketName | undefined {
  if (address === undefined) return undefined;
  return address.kind === "path" ? address.path : [address.host, address.port];
}
