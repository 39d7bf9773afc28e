/** How users say what TLS is to use. */
import type { Pem, TlsSettings } from "../../platform/net/sockets.ts";
import { checkedOptions } from "../../base/options.ts";

/** The longest handshake, by default: a minute. */
const DEFAULT_HANDSHAKE_MS = 60_000;

/**
 * What TLS is to use. Certificates and keys are in PEM form.
 *
 * Python: `ssl.SSLContext`
 * Differs: plain options; `true` instead of them means all the defaults.
 */
export interface TlsOptions {
  /** Who is trusted to certify the other side. Default: whom the runtime trusts. */
  readonly ca?: Pem | readonly Pem[] | undefined;
  /** Our own certificate, with those that lead to a trusted one. Servers need it. */
  readonly cert?: Pem | undefined;
  /** The certificate's private key. */
  readonly key?: Pem | undefined;
  /** The key's passphrase. */
  readonly passphrase?: string | undefined;
  /** Whether the other side has to prove who it is. Default: clients demand it, servers do not. */
  readonly verify?: boolean | undefined;
  /** Protocols to agree upon (ALPN), the preferred ones first. */
  readonly alpnProtocols?: readonly string[] | undefined;
}

/** What else is to be known about one handshake. */
export interface HandshakeOptions {
  readonly role: "client" | "server";
  readonly serverHostname: string | undefined;
  readonly timeoutMs: number | undefined;
}

const KEYS = ["ca", "cert", "key", "passphrase", "verify", "alpnProtocols"] as const;

/** @throws {TypeError} An unknown option. @throws {RangeError} A timeout that is not positive. */
export function tlsSettings(
  given: TlsOptions | true,
  { role, serverHostname, timeoutMs = DEFAULT_HANDSHAKE_MS }: HandshakeOptions,
): TlsSettings {
  const options = checkedOptions(given === true ? {} : given, KEYS, "TLS");
  const { ca, cert, key, passphrase, verify = role === "client", alpnProtocols } = options;
  if (!(timeoutMs > 0)) {
    throw new RangeError(
      `Cannot set up TLS: "sslHandshakeTimeout" must be positive, got ${timeoutMs}`,
    );
  }
  return {
    ca,
    cert,
    key,
    passphrase,
    verify,
    serverName: serverHostname,
    protocols: alpnProtocols,
    handshakeTimeoutMs: timeoutMs,
  };
}
