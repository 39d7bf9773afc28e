/** What an agent and its courier put into the queues between them. */
import type { SimpleQueue } from "../../queue/simple-queue.ts";
import type { HubAddress } from "./links.ts";

/** What an agent tells its courier, besides frames. */
export type Order = PlaceOrder | AskOrder | ListenOrder | ChildrenOrder;

/** The agent has a lane from now on, by a number of its own. */
export interface PlaceOrder {
  readonly kind: "place";
  readonly place: number;
  /** Undefined for the agent's own. */
  readonly hub: HubAddress | undefined;
  readonly lane: number;
  /** Where what is delivered goes; undefined where nothing is. */
  readonly inbox: SimpleQueue | undefined;
  readonly isSlots: boolean;
}

/** A question, whose answer goes into a queue: a count, {@link NO} or {@link GONE}. */
export interface AskOrder {
  readonly kind: "ask";
  /** To the hub of that lane, by the agent's number. */
  readonly frame: Uint8Array;
  readonly question: number;
  readonly reply: SimpleQueue;
}

/** Others may connect to the agent's hub, who have that token. The reply is a {@link Listening}. */
export interface ListenOrder {
  readonly kind: "listen";
  readonly token: string;
  readonly reply: SimpleQueue;
}

/** The courier is to start and own the agent's children (see platform/process/relayed-ipc.ts). */
export interface ChildrenOrder {
  readonly kind: "children";
  readonly requests: SimpleQueue;
  readonly reports: SimpleQueue;
  /** Whether the agent is a thread that heddle has started. */
  readonly isInThread: boolean;
}

/** Where the agent's hub is reached; or why it cannot be. */
export interface Listening {
  readonly path: string | undefined;
  readonly why: string | undefined;
}

/** What an agent gives its courier. */
export interface CourierPayload {
  /** The address of a queue of orders and frames. */
  readonly requests: number;
}

/** An answer. */
export const NO = -1;
/** In place of an answer: the hub is not there any more. */
export const GONE = -2;
/** Means in an inbox that nothing more comes. It stays there. */
export const ENDED = null;
/** A slot, in an inbox. */
export const SLOT = 0;
/** A message in an inbox begins with its number. */
export const NUMBER_BYTES = 8;

/** A message as it lies in an inbox. */
export function numbered(number: number, bytes: Uint8Array): Uint8Array {
  const item = new Uint8Array(NUMBER_BYTES + bytes.length);
  new DataView(item.buffer).setFloat64(0, number);
  item.set(bytes, NUMBER_BYTES);
  return item;
}

/** The number of a message in an inbox. */
export function numberOf(item: Uint8Array): number {
  return new DataView(item.buffer, item.byteOffset, NUMBER_BYTES).getFloat64(0);
}
