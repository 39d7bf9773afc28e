/** One way of sending values to another agent: what it carries, and what its ends have for it. */
import type { WebAbortSignal } from "../base/web-types.ts";
import type { HandleCodec } from "./handles.ts";

/** What a way of sending values can carry, besides what structured clone copies. */
export interface Carrier {
  /** What the values go to, as an error says it. */
  readonly receiver: string;
  /** Buffers of shared memory, and views on them. */
  readonly sharedMemory: boolean;
  /** Locks, queues and other shared objects. */
  readonly sharedObjects: boolean;
  /** Objects that only a message moves or copies: ports, streams, blobs. */
  readonly messageOnly: boolean;
  /** What an error says of a part that is refused, after what it is. */
  readonly refusal: string;
}

/** A message to a thread of the program. */
export const MESSAGE: Carrier = {
  receiver: "another thread",
  sharedMemory: true,
  sharedObjects: true,
  messageOnly: true,
  refusal: "",
};

/** A message to a thread that has no part in the program's memory. */
export const ISOLATED_MESSAGE: Carrier = {
  ...MESSAGE,
  sharedObjects: false,
  refusal: ", which only threads that share memory can have",
};

/** Bytes in shared memory. */
export const SHARED_BYTES: Carrier = {
  receiver: "another thread",
  sharedMemory: false,
  sharedObjects: true,
  messageOnly: false,
  refusal: "; pass it as an argument of the thread instead",
};

/** Bytes for another process. */
const PROCESS_BYTES: Carrier = {
  receiver: "another process",
  sharedMemory: false,
  sharedObjects: false,
  messageOnly: false,
  refusal: ", which cannot leave its process",
};

/** How another agent finds a function or a class. Plain and cloneable: see shipping/function-reference.ts. */
export interface CodeReference {
  readonly kind: string;
}

/** Finds how others find a class, in the agent that has it. */
export type LocateClass = (constructor: Function) => CodeReference | undefined;
/**
 * Finds a function or class, in the agent that may lack it. A text says why it cannot be had, as
 * the end of a sentence; undefined: not without waiting.
 */
export type LoadCode = (reference: CodeReference) => Function | string | undefined;

/** What is sent for a function or class. */
export interface SentFunction {
  readonly reference: CodeReference;
  /** Whether its own properties are sent beside it, since the receiver has it without them. */
  readonly hasFields: boolean;
}

/** What is sent for an object of a class of the user's. */
export interface Instance {
  /** Its class; or what makes the object, if there are `args`. */
  readonly reference: CodeReference;
  /** What errors call that. */
  readonly name: string;
  readonly args: readonly unknown[] | undefined;
}

/** How an agent finds the functions and classes in what it sends, and in what it receives. */
export interface CodeLookup {
  readonly locate: LocateClass;
  readonly load: LoadCode;
  /** Loads what {@link load} cannot give without waiting. Never fails: what cannot be had, `load` then says so. */
  loadLater(reference: CodeReference): Promise<void>;
  /** Whether a function was made here for one that has come: the original keeps the properties that it has. */
  isCopy(fn: Function): boolean;
  /** @returns What it is and why it cannot be sent, as the end of a sentence, if it cannot. */
  describeFunction(fn: Function): SentFunction | string;
  /** @returns The same for an object. */
  describe(instance: object): Instance | string;
}

/** An AbortSignal that may still abort, as it is sent. */
export interface SentSignal {
  /** Through which the reason comes. */
  readonly port: object | undefined;
  /** A word of shared memory that says whether it has. */
  readonly words: Int32Array | undefined;
  /** The number of a signal that stays in its thread. */
  readonly kept?: number;
}

/** What a channel carries, and what this end of it has. */
export interface Channel {
  readonly carrier: Carrier;
  readonly code: CodeLookup;
  /** Undefined where the carrier has no shared objects. */
  readonly handles: HandleCodec | undefined;
  /** Undefined where AbortSignals are not forwarded. */
  readonly signalSender?: { send(signal: WebAbortSignal): SentSignal };
}

/** For what may be read more than once, or never: nothing in it is counted. */
export function reports(code: CodeLookup): Channel {
  return { carrier: PROCESS_BYTES, code, handles: undefined };
}
