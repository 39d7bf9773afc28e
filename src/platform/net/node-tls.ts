/** heddle's TLS settings, as options of `node:tls`. */
import type { ConnectionOptions, SecureContextOptions, TlsOptions, TLSSocket } from "node:tls";
import { net, tlsModule } from "../builtins.ts";
import type { TlsSession, TlsSettings } from "./sockets.ts";

export function clientOptions(tls: TlsSettings): ConnectionOptions {
  return { ...keysOf(tls), rejectUnauthorized: tls.verify, ...nameOptions(tls.serverName) };
}

/** An address cannot be asked for by name, but the certificate may bear it. */
function nameOptions(name: string | undefined): ConnectionOptions {
  if (name === undefined) return {};
  if (net().isIP(name) === 0) return { servername: name };
  return {
    checkServerIdentity: (_host, certificate) => tlsModule().checkServerIdentity(name, certificate),
  };
}

export function serverOptions(tls: TlsSettings): TlsOptions {
  return {
    ...keysOf(tls),
    requestCert: tls.verify,
    rejectUnauthorized: tls.verify,
    handshakeTimeout: tls.handshakeTimeoutMs,
  };
}

/** Noted when the handshake is done: once the connection is lost, the socket does not know any more. */
export function sessionOf(socket: TLSSocket): TlsSession {
  const certificate = socket.getPeerCertificate();
  return {
    version: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher()?.name,
    protocol: socket.alpnProtocol || undefined,
    peerCertificate:
      certificate !== null && Object.keys(certificate).length > 0 ? certificate : undefined,
  };
}

function keysOf(tls: TlsSettings): SecureContextOptions & { ALPNProtocols?: string[] } {
  const { ca, cert, key, passphrase, protocols } = tls;
  return {
    ...(ca === undefined ? {} : { ca: (Array.isArray(ca) ? ca : [ca]) as string[] }),
    ...(cert === undefined ? {} : { cert: cert as string }),
    ...(key === undefined ? {} : { key: key as string }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(protocols === undefined ? {} : { ALPNProtocols: [...protocols] }),
  };
}
