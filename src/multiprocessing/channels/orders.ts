/** What an agent orders of its courier. */
import { handleCodec } from "../../program/kinds.ts";
import type { SimpleQueue } from "../../queue/simple-queue.ts";
import { addressOf } from "../../wire/handles.ts";
import type { Frame } from "./frames.ts";
import type { HubAddress } from "./links.ts";

/** A queue in an order: its address. */
export type SentQueue = number;

export function sendQueue(queue: SimpleQueue<never> | SimpleQueue): SentQueue {
  const address = addressOf(queue) as number;
  handleCodec.send(address);
  return address;
}

export function receiveQueue(sent: SentQueue): SimpleQueue {
  return handleCodec.receive(sent) as SimpleQueue;
}

/** What an agent tells its courier, besides frames. */
export type Order = PlaceOrder | AskOrder | ListenOrder | ChildrenOrder | ChildOrder;

/** The agent has a lane from now on, by a number of its own. */
export interface PlaceOrder {
  readonly kind: "place";
  readonly place: number;
  /** Undefined for the agent's own. */
  readonly hub: HubAddress | undefined;
  readonly lane: number;
  /** Where what is delivered goes; undefined where nothing is. */
  readonly inbox: SentQueue | undefined;
  readonly isSlots: boolean;
}

/** A question, whose answer goes into a queue: a count, {@link NO} or {@link GONE}. */
export interface AskOrder {
  readonly kind: "ask";
  /** To the hub of that lane, by the agent's number. The number is that of the question. */
  readonly frame: Frame;
  readonly reply: SentQueue;
}

/** Others may connect to the agent's hub, who have that token. The reply is a {@link Listening}. */
export interface ListenOrder {
  readonly kind: "listen";
  readonly token: string;
  readonly reply: SentQueue;
}

/** The courier is to start and own the agent's children (see platform/process/relayed-ipc.ts). */
export interface ChildrenOrder {
  readonly kind: "children";
  /** Whether the agent is a thread that heddle has started. */
  readonly isInThread: boolean;
}

/** A request about a child. */
export interface ChildOrder {
  readonly kind: "child";
  readonly request: unknown;
}

/** Where the agent's hub is reached; or why it cannot be. */
export interface Listening {
  readonly path: string | undefined;
  readonly why: string | undefined;
}

/** What an agent gives its courier. */
export interface CourierPayload {
  /** See requests.ts. */
  readonly requests: Int32Array;
  /** What it gets about its children. */
  readonly reports: Int32Array;
}

/** An answer. */
export const NO = -1;
/** In place of an answer: the hub is not there any more. */
export const GONE = -2;
