/**
 * Arguments that travel by message, to a worker that has not claimed the call yet.
 *
 * They are copied when the call is submitted: what the caller changes afterwards
 * is not seen by the call. Small values are copied by the hand codec; everything else is
 * posted into a channel of its own, whose far end is handed to the worker that asks for it,
 * so it is copied only once.
 */
import { platform } from "#platform";
import type { Port } from "../platform/platform.ts";
import { handleCodec } from "../program/kinds.ts";
import { type Packed, pack, unpack } from "../wire/handles.ts";
import type { ArgumentsMessage } from "./messages.ts";
import { postValue } from "../wire/send.ts";

export class MessagePayload {
  readonly #near: Port;
  readonly #far: Port;

  /** @throws {SendError} An argument cannot be sent. */
  constructor(args: readonly unknown[]) {
    const { port1, port2 } = platform.channel();
    this.#near = port1;
    this.#far = port2;
    try {
      const sent = pack(args, handleCodec) ?? args;
      postValue(port1, sent, sent, "args");
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Hands the arguments to the worker at the other end of `port`. */
  deliver(port: Port, call: number): void {
    const message: ArgumentsMessage = { kind: "arguments", call, port: this.#far.raw };
    port.postMessage(message, [this.#far.raw]);
  }

  /** Ends the channel. Not before the call is over: some runtimes would drop what waits in it. */
  discard(): void {
    this.#near.close();
  }
}

/** Worker: calls back with the arguments once they have come through the port that was handed to it. */
export function receivePayload(raw: unknown, listener: (args: unknown[]) => void): void {
  const port = platform.adoptPort(raw);
  port.onMessage((message) => {
    port.close();
    const isPacked = !Array.isArray(message);
    listener((isPacked ? unpack(message as Packed, handleCodec) : message) as unknown[]);
  });
}
