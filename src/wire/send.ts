/**
 * Sending and copying whole values by structured clone: packed where it would not copy them
 * right; what is marked is moved; and what cannot cross is refused, by its path.
 */
import type { Channel } from "./channel.ts";
import { type Packed, pack, sendHandles, unsendHandles } from "./pack.ts";
import { isPlain } from "./plain.ts";
import { sendError } from "./send-error.ts";
import { hasMarks, transferList } from "./transfer.ts";
import { type Receiver, unpack } from "./unpack.ts";

/** What a message is posted to. */
interface Port {
  postMessage(message: unknown, transfer?: readonly object[]): void;
}

/** A value as it goes into a message. */
export interface Sent {
  readonly value: unknown;
  /** Whether it is packed (see pack.ts). */
  readonly isPacked: boolean;
}

/** Whether a value stays as it is and can be sent, so that it needs no copy before. */
export function isImmutable(value: unknown): boolean {
  if (typeof value === "object") return value === null;
  return typeof value !== "function" && typeof value !== "symbol";
}

/**
 * Makes of a value what can be sent: packed if need be, and then its handles are counted.
 *
 * @param root What an error calls it.
 * @throws {SendError} Something in it cannot be sent.
 */
export function toSend(value: unknown, root: string, channel: Channel): Sent {
  if (isPlain(value) && !hasMarks()) return { value, isPacked: false };
  return { value: packAndCount(value, root, channel), isPacked: true };
}

function packAndCount(value: unknown, root: string, channel: Channel): Packed {
  const packed = pack(value, root, channel);
  sendHandles(packed, channel);
  return packed;
}

/** Takes back the counts of the handles in what was sent, and will not be received. */
export function unsend({ value, isPacked }: Sent, channel: Pick<Channel, "handles">): void {
  if (isPacked) unsendHandles(value as Packed, channel);
}

/** The value that has been sent. */
export function received({ value, isPacked }: Sent, receiver: Receiver): unknown {
  return isPacked ? unpack(value as Packed, receiver) : value;
}

/**
 * Posts a value, moving what is marked to be moved.
 *
 * @param messageOf Makes the message of it.
 * @throws {SendError} Something in it cannot be sent.
 */
export function postValue(
  port: Port,
  value: unknown,
  root: string,
  channel: Channel,
  messageOf: (sent: Sent) => unknown = (sent) => sent,
): void {
  const sent = toSend(value, root, channel);
  try {
    post(port, messageOf(sent), sent.value);
  } catch (refusal) {
    if (sent.isPacked) {
      unsend(sent, channel);
      throw sendError(value, root, refusal, channel.carrier);
    }
    // Some objects of the runtime's, such as `process.env`, cannot be copied; what they show can.
    postPacked(port, value, root, channel, messageOf);
  }
}

function postPacked(
  port: Port,
  value: unknown,
  root: string,
  channel: Channel,
  messageOf: (sent: Sent) => unknown,
): void {
  const packed = packAndCount(value, root, channel);
  try {
    post(port, messageOf({ value: packed, isPacked: true }), packed);
  } catch (refusal) {
    unsendHandles(packed, channel);
    throw sendError(value, root, refusal, channel.carrier);
  }
}

/** @param value The part of the message in which things may be marked. */
export function post(port: Port, message: unknown, value: unknown): void {
  const marked = hasMarks() ? transferList(value) : [];
  try {
    port.postMessage(message, marked);
  } catch (refusal) {
    const transfer = [...marked, ...transferList(value, true)];
    if (transfer.length === marked.length) throw refusal;
    port.postMessage(message, transfer);
  }
}

/**
 * Copies arguments within this thread, moving what is marked to be moved.
 *
 * @param root What an error calls them.
 * @throws {SendError} Something in them cannot be copied.
 */
export function copyArguments(
  args: readonly unknown[],
  channel: Channel & Receiver,
  root: string = "args",
): readonly unknown[] {
  let copy: unknown;
  // Structured clone copies at once what is posted, and gives back what a port would give.
  const here: Port = {
    postMessage: (message, transfer = []) => {
      copy = structuredClone(message, { transfer: transfer as ArrayBuffer[] });
    },
  };
  postValue(here, args, root, channel);
  return received(copy as Sent, channel) as readonly unknown[];
}
