/**
 * What the owner of a pool and its workers say to each other by message.
 *
 * Functions and shared memory are *announced*: sent to every worker that exists, once. A worker
 * that starts later finds them in its init. The owner numbers its announcements, and a worker
 * counts those that it has received, from the number that its init begins with.
 */
import type { FunctionReference } from "../shipping/function-reference.ts";
import type { Sent } from "../wire/send.ts";
import type { PoolSize } from "./pool-memory.ts";
import type { Wrapping } from "../calls/call.ts";

/** Functions are sent once and known by number from then on. */
export interface FunctionMessage {
  readonly kind: "function";
  readonly id: number;
  readonly reference: FunctionReference;
  readonly wrapping: Wrapping;
}

/** Arguments that are too large for shared memory, waiting in a port of their own. */
export interface ArgumentsMessage {
  readonly kind: "arguments";
  readonly call: number;
  readonly port: unknown;
}

/**
 * Without shared memory: calls to run, oldest first, in one flat list, since an
 * array for each would take longer to copy than most calls take to run: the
 * call's number, the function's number, how many arguments, and these.
 */
export interface CallsMessage {
  readonly kind: "calls";
  readonly calls: readonly unknown[];
}

/** Without shared memory: nothing will follow, the worker is to end. */
export interface CloseMessage {
  readonly kind: "close";
}

/** Without shared memory: the owner has received that the initializer failed. */
export interface AcknowledgedMessage {
  readonly kind: "acknowledged";
}

/** The worker's call may have been asked to stop. It looks at a flag, where there is one. */
export interface CancelMessage {
  readonly kind: "cancel";
  readonly call: number;
}

/** The worker has to end though its call is not over: it lives where threads cannot be stopped. */
export interface EndMessage {
  readonly kind: "end";
  readonly call: number;
}

/** A piece of shared memory that arguments will refer to by number; without it, none will any more. */
export interface SharedBufferMessage {
  readonly kind: "shared buffer";
  readonly number: number;
  readonly buffer: SharedArrayBuffer | undefined;
}

/** What every worker receives, and counts. */
export type Announcement = FunctionMessage | SharedBufferMessage;

export type OwnerMessage =
  | Announcement
  | ArgumentsMessage
  | CallsMessage
  | CloseMessage
  | CancelMessage
  | EndMessage
  | AcknowledgedMessage;

/** A result that is too large for shared memory. */
export interface ResultMessage {
  readonly kind: "result";
  readonly call: number;
  readonly sent: Sent;
}

/** Without shared memory: the worker's initializer threw, and it ends once that has been acknowledged. */
export interface InitializerFailedMessage {
  readonly kind: "initializer failed";
  /** Packed by the channel's codec. */
  readonly thrown: unknown;
}

/** Without shared memory: results, oldest first, in one flat list: number of the call, whether it threw, value. */
export interface ResultsMessage {
  readonly kind: "results";
  readonly results: readonly unknown[];
  /** How long these calls took in all, in milliseconds. */
  readonly elapsedMs: number;
}

export type WorkerMessage = ResultMessage | InitializerFailedMessage | ResultsMessage;

/** What every new worker of a pool is given. */
export interface PoolWorkerInit {
  /** The worker's number within its pool. */
  readonly index: number;
  readonly functions: readonly FunctionMessage[];
  readonly initializer: InitializerInit | undefined;
  readonly transport: SharedTransportInit | MessageTransportInit;
}

export interface InitializerInit {
  readonly reference: FunctionReference;
  /** As the codec of this kind of agent packs them. */
  readonly args: unknown;
}

export interface SharedTransportInit {
  readonly kind: "shared";
  readonly memory: SharedArrayBuffer;
  readonly size: PoolSize;
  readonly parallelism: number;
  /** How many announcements the init contains. */
  readonly announced: number;
  readonly sharedBuffers: readonly (readonly [number: number, buffer: SharedArrayBuffer])[];
}

export interface MessageTransportInit {
  readonly kind: "messages";
  /** What a {@link CallControl} lies in; undefined where the worker has one of its own, or no memory can be shared. */
  readonly control: SharedArrayBuffer | undefined;
}
