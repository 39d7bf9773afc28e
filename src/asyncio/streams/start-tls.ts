/** TLS over a connection that is open already. */
import type { Awaitable, Coroutine } from "../events.ts";
import { CancelledError, ConnectionAbortedError, ConnectionResetError } from "../../errors.ts";
import type { SocketStream } from "../../platform/net/sockets.ts";
import { coroutine } from "../engine/coroutine.ts";
import type { Connection } from "./connection.ts";
import { type Extras, extrasOf } from "./extra-info.ts";
import { openingWithin } from "./opening.ts";
import { type HandshakeOptions, type TlsOptions, tlsSettings } from "./tls-options.ts";

/** Does the handshake, puts the secured stream into the connection, and tells what was agreed upon. */
export const startTls: (
  connection: Connection,
  tls: TlsOptions | true,
  handshake: HandshakeOptions,
  note: (extras: Extras) => void,
) => Awaitable<void> = /* @__PURE__ */ coroutine(function* (
  connection: Connection,
  tls: TlsOptions | true,
  handshake: HandshakeOptions,
  note: (extras: Extras) => void,
): Coroutine<void> {
  const settings = tlsSettings(tls, handshake);
  yield* connection.drained();
  const plain = connection.stream as SocketStream;
  try {
    checkAnswerCanCome(connection);
    const secured = yield* openingWithin<SocketStream>(
      connection.loop,
      settings.handshakeTimeoutMs,
      "start TLS",
      (answer) => plain.upgrade(handshake.role, settings, unreadOf(connection), answer),
    );
    connection.replaceStream(secured, true);
    note(extrasOf(secured));
  } catch (error) {
    // What the two sides have said so far is of no use to anybody any more.
    plain.abort();
    connection.closed(reasonFor(error));
    throw error;
  }
});

/** @throws {ConnectionResetError} The other side has ended: the handshake would wait for ever. */
function checkAnswerCanCome({ inflow }: Connection): void {
  if (inflow?.isEnded !== true) return;
  throw new ConnectionResetError("Cannot start TLS: the other side has ended the connection", {
    code: "ECONNRESET",
  });
}

/** What who reads or drains later is told: only the task itself was cancelled. */
function reasonFor(error: unknown): unknown {
  if (!(error instanceof CancelledError)) return error;
  return new ConnectionAbortedError(
    "Cannot continue the connection: its TLS handshake was cancelled",
    { code: "ECONNABORTED", cause: error },
  );
}

/** What was read before its time belongs to the handshake. */
function unreadOf({ inflow }: Connection): Uint8Array {
  return inflow === undefined ? new Uint8Array(0) : inflow.buffer.take(inflow.buffer.length);
}
