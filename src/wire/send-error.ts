/** Finds the part of a value that cannot cross, once structured clone has refused the whole. */
import { SendError } from "../errors.ts";
import { HANDLE } from "./handles.ts";
import { constructorName, partsOf, pathOf, someObject } from "./parts.ts";

/** Deepest nesting that is searched. */
const MAX_DEPTH = 64;

/** Objects that exist only where they were made, by constructor name. */
const BOUND: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "Promise",
  "WeakMap",
  "WeakSet",
  "WeakRef",
  "Generator",
  "AsyncGenerator",
]);

/** Objects that a message carries, and bytes cannot, by constructor name. */
const MESSAGE_ONLY: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "MessagePort",
  "ReadableStream",
  "WritableStream",
  "TransformStream",
  "Blob",
  "File",
  "CryptoKey",
]);

/** What a way of sending values can carry, besides what structured clone copies. */
export interface Carrier {
  /** What the values go to, as an error says it. */
  readonly receiver: string;
  /** Buffers of shared memory, and views on them. */
  readonly sharedMemory: boolean;
  /** Locks, queues and other shared objects. */
  readonly sharedObjects: boolean;
  /** Objects that only a message moves: ports, streams. */
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
export const PROCESS_BYTES: Carrier = {
  receiver: "another process",
  sharedMemory: false,
  sharedObjects: false,
  messageOnly: false,
  refusal: ", which cannot leave its process",
};

/**
 * Says which part of `value` cannot be sent, and why.
 *
 * @param root What to call the value itself, such as `args` or `result`.
 * @param refusal What structured clone said.
 */
export function sendError(
  value: unknown,
  root: string,
  refusal: unknown,
  carrier: Carrier = MESSAGE,
): SendError {
  const culprit = find({ value, path: root, met: new Set(), depth: 0, carrier });
  const reason = refusal instanceof Error ? refusal.message : String(refusal);
  const message =
    culprit === undefined
      ? `Cannot send ${root} to ${carrier.receiver}: ${reason}`
      : `Cannot send ${root} to ${carrier.receiver}: ${culprit.path} is ${culprit.what}`;
  return new SendError(message, { path: culprit?.path ?? root, cause: refusal });
}

interface Culprit {
  readonly path: string;
  readonly what: string;
}

interface Suspect {
  readonly value: unknown;
  readonly path: string;
  readonly met: Set<object>;
  readonly depth: number;
  readonly carrier: Carrier;
}

function find(suspect: Suspect): Culprit | undefined {
  const { value, path, met, depth, carrier } = suspect;
  if (typeof value === "function") return { path, what: describeFunction(value) };
  if (typeof value === "symbol") return { path, what: `a symbol, ${String(value)}` };
  if (typeof value !== "object" || value === null || met.has(value) || depth > MAX_DEPTH) {
    return undefined;
  }
  met.add(value);
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (BOUND.has(kind)) return { path, what: `a ${kind}, which cannot leave its thread` };
  if (isRefused(value, carrier)) {
    const what = ArrayBuffer.isView(value)
      ? `a ${kind} on shared memory`
      : `a ${constructorName(value)}`;
    return { path, what: `${what}${carrier.refusal}` };
  }
  const inner = findInside(value, suspect);
  if (inner !== undefined || isCloneable(value)) return inner;
  return { path, what: `a ${value.constructor?.name || kind}, which cannot be copied` };
}

function findInside(value: object, { path, met, depth, carrier }: Suspect): Culprit | undefined {
  for (const part of partsOf(value)) {
    const partPath = `${path}${pathOf(value, part)}`;
    const culprit = find({ value: part[2], path: partPath, met, depth: depth + 1, carrier });
    if (culprit !== undefined) return culprit;
  }
  return undefined;
}

/**
 * Refuses a value that structured clone, or what stands in for it, would copy though it
 * means nothing to the receiver.
 *
 * @throws {SendError} There is something in it that cannot be carried.
 */
export function checkCarried(value: unknown, root: string, carrier: Carrier): void {
  if (!canCarry(value, carrier)) throw sendError(value, root, undefined, carrier);
}

/** Whether {@link checkCarried} lets a value pass. */
export function canCarry(value: unknown, carrier: Carrier): boolean {
  return !someObject(value, (object) => isRefused(object, carrier));
}

function isRefused(value: object, carrier: Carrier): boolean {
  if (!carrier.sharedObjects && HANDLE in value) return true;
  if (!carrier.sharedMemory && isShared(value)) return true;
  return !carrier.messageOnly && MESSAGE_ONLY.has(constructorName(value));
}

function isShared(value: object): boolean {
  return (ArrayBuffer.isView(value) ? value.buffer : value) instanceof SharedArrayBuffer;
}

function describeFunction(value: { name?: unknown }): string {
  const name = typeof value.name === "string" && value.name !== "" ? ` "${value.name}"` : "";
  return `a function${name}`;
}

function isCloneable(value: object): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
