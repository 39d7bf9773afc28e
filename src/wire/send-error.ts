/** Finds the part of a value that cannot cross, once structured clone has refused the whole. */
import { SendError } from "../errors.ts";
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

/** How a value is sent: by message, or as bytes in shared memory, which can hold less. */
export type Carrier = "message" | "bytes";

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
  carrier: Carrier = "message",
): SendError {
  const culprit = find({ value, path: root, met: new Set(), depth: 0, carrier });
  const reason = refusal instanceof Error ? refusal.message : String(refusal);
  const message =
    culprit === undefined
      ? `Cannot send ${root} to another thread: ${reason}`
      : `Cannot send ${root} to another thread: ${culprit.path} is ${culprit.what}`;
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
  if (carrier === "bytes" && isMessageOnly(value)) {
    const what = ArrayBuffer.isView(value)
      ? `a ${kind} on shared memory`
      : `a ${constructorName(value)}`;
    return { path, what: `${what}; pass it as an argument of the thread instead` };
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

/** Whether there is something in a value that only a message can carry. */
export function needsMessage(value: unknown): boolean {
  return someObject(value, isMessageOnly);
}

function isMessageOnly(value: object): boolean {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof SharedArrayBuffer;
  return value instanceof SharedArrayBuffer || MESSAGE_ONLY.has(constructorName(value));
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
