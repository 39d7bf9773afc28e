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

/** Where a class can be imported from. */
export interface ClassReference {
  readonly url: string;
  readonly exportName: string;
}

/** Finds where a class can be imported from, in the thread that has it. */
export type LocateClass = (constructor: Function) => ClassReference | undefined;
/** Imports a class, in the thread that lacks it; undefined when it cannot. */
export type LoadClass = (reference: ClassReference) => unknown;

/** What is sent for an object of a class of the user's. */
export interface Instance {
  /** Its class; or what makes the object, if there are `args`. */
  readonly reference: ClassReference;
  readonly args: readonly unknown[] | undefined;
}

/** How an agent finds the classes of what it sends, and of what it receives. */
export interface ClassLookup {
  readonly locate: LocateClass;
  readonly load: LoadClass;
  /** @returns Why the object cannot be sent, as the end of a sentence, if it cannot. */
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
  readonly classes: ClassLookup;
  /** Undefined where the carrier has no shared objects. */
  readonly handles: HandleCodec | undefined;
  /** Undefined where AbortSignals are not forwarded. */
  readonly signalSender?: { send(signal: WebAbortSignal): SentSignal };
}

/** For what may be read more than once, or never: nothing in it is counted. */
export function reports(classes: ClassLookup): Channel {
  return { carrier: PROCESS_BYTES, classes, handles: undefined };
}
