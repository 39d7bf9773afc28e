/**
 * Arguments that travel by message, to a worker that has not claimed the call yet.
 *
 * They are copied when the call is submitted: what the caller changes afterwards
 * is not seen by the call. Small values are copied by the hand codec; everything else is
 * posted into a channel of its own, whose far end is handed to the worker that asks for it,
 * so it is copied only once.
 */
import { server } from "#platform";
import type { Port } from "../platform/platform.ts";
import type { Channel } from "../wire/channel.ts";
import { collectLent, type TakeBack } from "../wire/lent.ts";
import { addressesIn, type Packed } from "../wire/pack.ts";
import { postValue, type Sent } from "../wire/send.ts";
import type { ArgumentsMessage } from "./messages.ts";
import { SentSignals } from "./signals.ts";

export class MessagePayload {
  readonly #near: Port;
  readonly #far: Port;
  #isDelivered = false;
  readonly #signals = new SentSignals(true);
  /** The shared objects in it. */
  readonly handles: readonly number[];
  readonly #takeBack: TakeBack | undefined;

  /** @throws {SendError} An argument cannot be sent. */
  constructor(args: readonly unknown[], channel: Channel) {
    const { port1, port2 } = server.channel();
    this.#near = port1;
    this.#far = port2;
    let handles: readonly number[] = [];
    const noted = (sent: Sent): Sent => {
      if (sent.isPacked) handles = addressesIn(sent.value as Packed);
      return sent;
    };
    const sender = { ...channel, signalSender: this.#signals };
    try {
      [, this.#takeBack] = collectLent(() => postValue(port1, args, "args", sender, noted));
    } catch (error) {
      this.close(false);
      throw error;
    }
    this.handles = handles;
  }

  /** Hands the arguments to the worker at the other end of `port`. */
  deliver(port: Port, call: number): void {
    const message: ArgumentsMessage = { kind: "arguments", call, port: this.#far.raw };
    port.postMessage(message, [this.#far.raw]);
    this.#isDelivered = true;
  }

  /**
   * Ends the channel, and what was moved into it. Not before the call is over: some runtimes would
   * drop what waits in it.
   *
   * @param isLost Whether no worker has the arguments, or the one that had them has died.
   */
  close(isLost: boolean): void {
    if (isLost) this.#takeBack?.();
    this.#signals.end();
    this.#near.close();
    if (!this.#isDelivered) this.#far.close();
  }
}

/** Worker: calls back with the arguments once they have come through the port that was handed to it. */
export function receivePayload(raw: unknown, listener: (sent: Sent) => void): void {
  const port = server.adoptPort(raw);
  port.onMessage((message) => {
    port.close();
    listener(message as Sent);
  });
}
