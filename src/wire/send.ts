/**
 * Sending and copying whole values by structured clone: what is marked is moved, and what
 * cannot cross to another agent is refused, by its path.
 */
import { type HandleCodec, type Packed, pack, unpack } from "./handles.ts";
import { sendError } from "./send-error.ts";
import { hasMarks, transferList } from "./transfer.ts";

/** What a message is posted to. */
interface Receiver {
  postMessage(message: unknown, transfer?: readonly object[]): void;
}

/**
 * Posts a message, moving what is marked to be moved in `value`, a part of it.
 *
 * @param root What an error calls `value`.
 * @throws {SendError} Something in it cannot be sent.
 */
export function postValue(port: Receiver, message: unknown, value: unknown, root: string): void {
  const marked = hasMarks() ? transferList(value) : [];
  try {
    port.postMessage(message, marked);
  } catch (refusal) {
    const transfer = [...marked, ...transferList(value, true)];
    if (transfer.length === marked.length) throw sendError(value, root, refusal);
    try {
      port.postMessage(message, transfer);
    } catch (secondRefusal) {
      throw sendError(value, root, secondRefusal);
    }
  }
}

/** Whether a value stays as it is, so that it needs no copy before it is sent. */
export function isImmutable(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "function");
}

/**
 * Copies arguments within this thread, moving what is marked to be moved.
 *
 * @throws {SendError} Something in them cannot be copied.
 */
export function copyArguments(args: readonly unknown[], handles: HandleCodec): readonly unknown[] {
  try {
    const sent = pack(args, handles);
    const given = sent ?? args;
    const transfer = transferList(args, true) as ArrayBuffer[];
    const copy = structuredClone(given, { transfer });
    return sent === undefined
      ? (copy as readonly unknown[])
      : (unpack(copy as Packed, handles) as readonly unknown[]);
  } catch (refusal) {
    throw sendError(args, "args", refusal);
  }
}
