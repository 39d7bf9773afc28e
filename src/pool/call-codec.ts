/** How the values of calls are copied for one kind of agent, and how they go into its messages. */
import { handleCodec } from "../program/kinds.ts";
import { loadClass, locateClass } from "../shipping/classes.ts";
import { encodeThrown, type LoadClass, type ThrownValue } from "../wire/remote-error.ts";
import {
  canCarry,
  type Carrier,
  checkCarried,
  ISOLATED_MESSAGE,
  MESSAGE,
} from "../wire/send-error.ts";
import { pack } from "../wire/handles.ts";
import { copyArguments, isImmutable } from "../wire/send.ts";
import { transferList } from "../wire/transfer.ts";

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
  packInitargs(copied: readonly unknown[]): unknown;
  /** Finds the classes of errors that come back. */
  readonly loadClass: LoadClass;
}

/** Arguments as they go into a message. */
export interface PackedArguments {
  readonly args: readonly unknown[];
  /** What in them the message must move. */
  readonly transfer: readonly object[];
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
  /**
   * Packs what a call threw. Never throws.
   *
   * @param modules Those that may export its class.
   */
  packThrown(error: unknown, ...modules: readonly (string | undefined)[]): unknown;
  unpackThrown(packed: unknown): ThrownValue;
}

/** What errors call the arguments of an initializer. */
export const INITARGS = "initargs";

/** Calls of threads that share memory. */
export const SHARED_CALLS: CallCodec = {
  copyArguments: (args) => copyArguments(args, handleCodec),
  copyInitargs: (args) => copyArguments(args, handleCodec, MESSAGE, INITARGS),
  packInitargs: (copied) => pack(copied, handleCodec) ?? copied,
  loadClass,
};

const NOTHING: readonly object[] = [];

/** While the agent has no shared object, no value needs to be searched for one. */
function isolatedCarrier(): Carrier {
  return handleCodec.mayOccur() ? ISOLATED_MESSAGE : MESSAGE;
}

function copyForThread(args: readonly unknown[], root?: string): readonly unknown[] {
  return copyArguments(args, handleCodec, isolatedCarrier(), root);
}

/** Messages to threads that have no part in the program's memory: the engine copies values. */
export const THREAD_MESSAGES: MessageCodec = {
  copyArguments: (args) => copyForThread(args),
  copyInitargs: (args) => copyForThread(args, INITARGS),
  packInitargs: (copied) => copied,
  loadClass,
  packArguments(given) {
    if (given.every(isImmutable)) return { args: given, transfer: NOTHING };
    const args = copyForThread(given);
    return { args, transfer: transferList(args, true) };
  },
  unpackArguments: (packed) => packed,
  packResult(value) {
    const carrier = isolatedCarrier();
    if (carrier !== MESSAGE && !isImmutable(value)) checkCarried(value, "result", carrier);
    return value;
  },
  unpackResult: (packed) => packed,
  packThrown: (error, ...modules) =>
    encodeThrown(
      error,
      (constructor) => locateClass(constructor, ...modules),
      (value) => canCarry(value, ISOLATED_MESSAGE),
    ),
  unpackThrown: (packed) => packed as ThrownValue,
};
