/** How users say what TLS is to use. */
import { checkedHandshakeTimeout } from "./checks.ts";
import { kindOf } from "../../base/text.ts";
import type { Pem, TlsSettings } from "../../platform/net/sockets.ts";
import { checkedOption, checkedOptions, checkedType } from "../../base/options.ts";

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
  return {
    ca: Array.isArray(ca) ? Array.from(ca as Pem[], (one) => pem(one, "ca")) : optional(ca, "ca"),
    cert: optional(cert, "cert"),
    key: optional(key, "key"),
    passphrase: checkedOption(passphrase, "string", 'TLS: "passphrase"'),
    verify: checkedType(verify, "boolean", 'TLS: "verify"'),
    serverName: checkedOption(serverHostname, "string", 'TLS: "serverHostname"'),
    protocols: checkedProtocols(alpnProtocols),
    handshakeTimeoutMs: checkedHandshakeTimeout(timeoutMs),
  };
}

function optional(given: unknown, name: string): Pem | undefined {
  return given === undefined ? undefined : pem(given, name);
}

function pem(given: unknown, name: string): Pem {
  if (typeof given === "string" || given instanceof Uint8Array) return given;
  throw new TypeError(`TLS: "${name}" must be a string or a Uint8Array, got ${kindOf(given)}`);
}

function checkedProtocols(given: readonly string[] | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given))
    throw new TypeError(`TLS: "alpnProtocols" must be an array, got ${kindOf(given)}`);
  return Array.from(given, (one: string) =>
    checkedType(one, "string", 'TLS: each of "alpnProtocols"'),
  );
}
