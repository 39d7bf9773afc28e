/**
 * Sending and copying whole values by structured clone: what is marked is moved, and what
 * cannot cross to another agent is refused, by its path.
 */
import { SendError } from "../errors.ts";
import { type HandleCodec, type Packed, pack, unpack } from "./handles.ts";
import { type Carrier, checkCarried, MESSAGE, sendError } from "./send-error.ts";
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

/** Whether a value stays as it is and can be sent, so that it needs no copy before. */
export function isImmutable(value: unknown): boolean {
  if (typeof value === "object") return value === null;
  return typeof value !== "function" && typeof value !== "symbol";
}

/**
 * Copies arguments within this thread, moving what is marked to be moved.
 *
 * @param root What an error calls them.
 * @throws {SendError} Something in them cannot be copied.
 */
export function copyArguments(
  args: readonly unknown[],
  handles: HandleCodec,
  carrier: Carrier = MESSAGE,
  root = "args",
): readonly unknown[] {
  try {
    if (carrier !== MESSAGE) checkCarried(args, root, carrier);
    const sent = pack(args, handles);
    const given = sent ?? args;
    const transfer = transferList(args, true) as ArrayBuffer[];
    const copy = structuredClone(given, { transfer });
    return sent === undefined
      ? (copy as readonly unknown[])
      : (unpack(copy as Packed, handles) as readonly unknown[]);
  } catch (refusal) {
    throw refusal instanceof SendError ? refusal : sendError(args, root, refusal, carrier);
  }
}
