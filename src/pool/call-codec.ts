/** How the values of calls are copied for one kind of agent, and how they go into its messages. */
import { type Call, OVER, type Wrapping } from "../calls/call.ts";
import { SendError } from "../errors.ts";
import { handleCodec } from "../program/kinds.ts";
import { CALLERS_CODE } from "../shipping/code-lookup.ts";
import { type Channel, type CodeLookup, ISOLATED_MESSAGE, MESSAGE } from "../wire/channel.ts";
import { keptSignals, type ReceivedSignals, SentSignals } from "./signals.ts";
import { encodeThrown, type ThrownValue } from "../wire/remote-error.ts";
import { INITARGS, type PackedInitargs, packForThread } from "./initargs.ts";
import { pack } from "../wire/pack.ts";
import { copyArguments, isImmutable, received, type Sent, toSend } from "../wire/send.ts";
import { isPlain } from "../wire/plain.ts";
import { findCulprit } from "../wire/send-error.ts";
import { transferList } from "../wire/transfer.ts";
import type { Receiver } from "../wire/unpack.ts";

export interface CallCodec {
  /**
   * Copies arguments that are sent later.
   *
   * @throws {SendError} An argument cannot be sent.
   */
  copyArguments(args: readonly unknown[]): readonly unknown[];
  /**
   * Copies the arguments of an initializer, to be packed for each worker that is started.
   *
   * @throws {SendError} An argument cannot be sent.
   */
  copyInitargs(args: readonly unknown[]): readonly unknown[];
  /** Packs a copy of them for what a worker finds when it starts. */
  packInitargs(copied: readonly unknown[]): PackedInitargs;
  /** For errors that come back. */
  readonly receiver: Receiver;
}

/** What the arguments of a call need besides the message. */
export interface CallLoad {
  /** The call is over: nothing is forwarded to it any more. */
  end?(): void;
  /** The arguments arrive nowhere, or the worker has died. */
  lose?(): void;
}

/** What was lent longer ago has arrived. */
const MOST_LOADS = 64;

/** What a call has lent may still be on its way when its result comes. */
export function noteLoad(loads: CallLoad[], load: CallLoad | undefined): void {
  if (load?.lose === undefined) return;
  if (loads.push(load) > MOST_LOADS) loads.shift();
}

/** Nothing forwards an abort to the call any more. */
export function end(call: Call): CallLoad | undefined {
  const load = call.load as CallLoad | undefined;
  call.id = OVER;
  call.load = undefined;
  load?.end?.();
  return load;
}

/** No worker has the call's arguments, or will have them. */
export function lose(call: Call): void {
  end(call)?.lose?.();
}

/** Arguments as they go into a message. */
export interface PackedArguments {
  readonly args: readonly unknown[];
  /** What in them the message must move. */
  readonly transfer: readonly object[];
  /** What goes on until the call is over. */
  readonly load: CallLoad | undefined;
}

/**
 * Values in messages, by the rules of one kind of channel. Both ends have the same codec.
 *
 * What is packed is one value in a message whatever it was before, and no part of it
 * can make the sending of that message fail; but for results that are packed by
 * {@link THREAD_MESSAGES}, which the port may refuse.
 */
export interface MessageCodec extends CallCodec {
  /**
   * Packs the arguments of a call: a copy, so that later changes are not seen.
   *
   * @param root What an error calls them. Default: `args`.
   * @throws {SendError} An argument cannot be sent.
   */
  packArguments(args: readonly unknown[]): PackedArguments;
  unpackArguments(packed: readonly unknown[]): readonly unknown[];
  /** @throws {SendError} The result cannot be sent. */
  packResult(value: unknown): unknown;
  unpackResult(packed: unknown): unknown;
  /** Packs a result in another way, which the port has refused; undefined if there is none. */
  repackResult(packed: unknown): unknown;
  /** Packs what a call threw. Never throws. */
  packThrown(error: unknown): unknown;
  unpackThrown(packed: unknown): ThrownValue;
}

/** What threads that share memory send each other. */
export function threadChannel(code: CodeLookup): Channel {
  return { carrier: MESSAGE, code, handles: handleCodec };
}

/** Whether a thread that shares memory can have a value, wherever it stands. */
export function canBeSent(value: unknown): boolean {
  try {
    return (
      isImmutable(value) ||
      isPlain(value) ||
      findCulprit(value, "", MESSAGE, CALLERS_CODE) === undefined
    );
  } catch {
    return false; // code of the value's own has thrown
  }
}

const OWNERS: Channel = /* @__PURE__ */ threadChannel(CALLERS_CODE);

/** Calls of threads that share memory. */
export const SHARED_CALLS: CallCodec = {
  copyArguments: (args) => copyArguments(args, { ...OWNERS, ...keptSignals() }),
  copyInitargs: (args) => copyArguments(args, OWNERS, INITARGS),
  packInitargs: (copied) => packForThread(copied, OWNERS),
  receiver: OWNERS,
};

const NOTHING: readonly object[] = [];

/**
 * Messages to threads that have no part in the program's memory: the engine copies values.
 * What is not immutable is a {@link Sent}.
 *
 * @param ofCall A worker's: gets the signals in the arguments that it unpacks.
 */
export function isolatedThreads(code: CodeLookup, ofCall?: ReceivedSignals): MessageCodec {
  const channel: Channel = { carrier: ISOLATED_MESSAGE, code, handles: undefined };
  const packedResult = (value: unknown, root: string): unknown =>
    isImmutable(value) ? value : toSend(value, root, channel);
  const unpacked = (value: unknown): unknown =>
    isImmutable(value) ? value : received(value as Sent, channel);
  return {
    copyArguments: (args) => copyArguments(args, { ...channel, ...keptSignals() }),
    copyInitargs: (args) => copyArguments(args, channel, INITARGS),
    packInitargs: (copied) => packForThread(copied, channel),
    receiver: channel,
    packArguments(given) {
      if (given.every(isImmutable)) return { args: given, transfer: NOTHING, load: undefined };
      const copy = copyArguments(given, { ...channel, ...keptSignals() });
      const signals = new SentSignals(false);
      const sent = toSend(copy, "args", { ...channel, signalSender: signals });
      return { args: [sent], transfer: transferList(sent, true), load: signals };
    },
    unpackArguments: (args) =>
      args.every(isImmutable)
        ? args
        : (received(args[0] as Sent, {
            ...channel,
            signalReceiver: ofCall,
          }) as readonly unknown[]),
    packResult: (value) => packedResult(value, "result"),
    unpackResult: unpacked,
    repackResult(packed) {
      const { value, isPacked } = packed as Sent;
      // Some objects of the runtime's, such as `process.env`, cannot be copied; what they show can.
      return isPacked ? undefined : { value: pack(value, "result", channel), isPacked: true };
    },
    packThrown: (error) => encodeThrown(error, channel),
    unpackThrown: (thrown) => thrown as ThrownValue,
  };
}

/** The path as the user knows it: without the argument that some calls are given first. */
export function inUsersWords(error: SendError, wrapping: Wrapping): SendError {
  if (wrapping === "none" || wrapping === "rows") return error;
  const { message, path, cause } = error;
  const [, index, rest = ""] = /^args\[(\d+)\](.*)$/s.exec(path) ?? [];
  if (index === undefined) return error;
  const known =
    index !== "0"
      ? `args[${Number(index) - 1}]${rest}`
      : rest.startsWith(".fields")
        ? `${wrapping}${rest.slice(".fields".length)}` // own fields of a Thread or Process
        : `context${rest.replace(/^\.context|^\[1\]/, "")}`; // values of context variables
  const text = message.replace(path, () => known);
  return new SendError(text, { path: known, cause });
}
