/**
 * AbortSignals in the arguments of a call: an abort is forwarded while the call lasts.
 *
 * Each signal of each call has a channel of its own, whose far end goes with the arguments. An
 * abort posts the reason through it, and then sets a word of shared memory, where there is any. A
 * call that never lets its event loop turn looks at the word whenever it asks `aborted`, and
 * takes the reason out of the channel. Any other call learns of it in its event loop.
 *
 * The sender lets go of the signal once the call is over, and the call's agent of the channel.
 */
import { server } from "#platform";
import type { WebAbortSignal } from "../base/web-types.ts";
import { load, store } from "../memory/atomics.ts";
import { CALLERS_CODE } from "../shipping/code-lookup.ts";
import { lookFirst } from "../calls/look-first.ts";
import { type Channel, reports, type SentSignal } from "../wire/channel.ts";
import type { Receiver } from "../wire/unpack.ts";
import { decodeThrown, encodeThrown, type ThrownValue } from "../wire/remote-error.ts";

const CHANNEL: Channel = /* @__PURE__ */ reports(CALLERS_CODE);

const ABORTED = 1;

/** What is to be done on a signal's abort: one listener a signal, whatever the number of calls. */
const actions = new WeakMap<WebAbortSignal, Set<() => void>>();

/** @returns Lets go of the signal. */
function onAbort(signal: WebAbortSignal, action: () => void): () => void {
  const known = actions.get(signal);
  const set = known ?? new Set();
  const listener = (): void => {
    for (const each of set) each();
  };
  if (known === undefined) {
    actions.set(signal, set);
    signal.addEventListener("abort", listener);
    listeners.set(set, () => signal.removeEventListener("abort", listener));
  }
  set.add(action);
  return () => {
    set.delete(action);
    if (set.size > 0 || actions.get(signal) !== set) return;
    actions.delete(signal);
    listeners.get(set)?.();
  };
}

/** How the listener of a set is removed. */
const listeners = new WeakMap<Set<() => void>, () => void>();

/** The signals that go with one call. */
export class SentSignals {
  readonly #sharesMemory: boolean;
  #ends: (() => void)[] = [];

  /** @param sharesMemory Whether the call's agent does. */
  constructor(sharesMemory: boolean) {
    this.#sharesMemory = sharesMemory;
  }

  send(signal: WebAbortSignal): SentSignal {
    const { port1, port2 } = server.channel();
    const words = this.#sharesMemory ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
    const letGo = onAbort(signal, () => {
      port1.postMessage(encodeThrown(signal.reason, CHANNEL));
      if (words !== undefined) store(words, 0, ABORTED);
    });
    this.#ends.push(() => {
      letGo();
      port1.close();
    });
    return { port: port2.raw, words };
  }

  /** The call is over. */
  end(): void {
    for (const end of this.#ends.splice(0)) end();
  }
}

/** The signals that an agent has received with the call that it runs. */
export class ReceivedSignals {
  #ends: (() => void)[] = [];

  receive({ port: raw, words }: SentSignal): WebAbortSignal {
    const port = server.adoptPort(raw);
    const controller = new AbortController();
    let isOver = false;
    const abort = (message: unknown): void => {
      if (isOver) return;
      isOver = true; // a runtime asks the signal itself while it aborts it
      controller.abort(decodeThrown(message as ThrownValue, CHANNEL));
      port.close();
    };
    port.onMessage(abort);
    port.unref();
    this.#ends.push(() => port.close());
    lookFirst(controller.signal, () => {
      if (isOver) return;
      if (words !== undefined && load(words, 0) !== ABORTED) return;
      const message = server.takeMessage?.(port)?.message;
      if (message !== undefined) abort(message);
      else if (words !== undefined) abort(encodeThrown(unknownReason(), CHANNEL));
    });
    return controller.signal;
  }

  /** The call is over. */
  end(): void {
    if (this.#ends.length > 0) for (const end of this.#ends.splice(0)) end();
  }
}

/** Where a message cannot be taken, the reason comes too late. */
function unknownReason(): unknown {
  return new DOMException("This operation was aborted", "AbortError");
}

/** For arguments that are copied within a thread: the copies have the signals themselves. */
export function keptSignals(): Required<
  Pick<Channel & Receiver, "signalSender" | "signalReceiver">
> {
  const kept: WebAbortSignal[] = [];
  return {
    signalSender: {
      send: (signal) => ({ port: undefined, words: undefined, kept: kept.push(signal) - 1 }),
    },
    signalReceiver: { receive: ({ kept: index }) => kept[index as number] },
  };
}
