/** What an object is to a channel: how it crosses, or why it does not. */
import type { WebAbortSignal } from "../base/web-types.ts";
import type { Carrier } from "./channel.ts";
import { isBuffer } from "./buffers.ts";
import { HANDLE } from "./handles.ts";
import { constructorName } from "./parts.ts";
import { isWhole } from "./plain.ts";
import { isProxy } from "./proxies.ts";
import { isMarked, MOVE_ONLY } from "./transfer.ts";

/** Structured clone copies it. */
export const LEAF = 0;
/** An array, a plain object, a Map or a Set: its parts cross one by one. */
export const CONTAINER = 1;
/** Bytes of its own memory, or of a part of it. */
export const VIEW = 2;
/** A lock, a queue or another shared object. */
export const SHARED = 3;
export const ERROR = 4;
/** Of a class that is not the runtime's. */
export const INSTANCE = 5;
export const SIGNAL = 6;

type Nature =
  | typeof LEAF
  | typeof CONTAINER
  | typeof VIEW
  | typeof SHARED
  | typeof ERROR
  | typeof INSTANCE
  | typeof SIGNAL;

/** Classes of the runtime's whose instances structured clone copies everywhere. */
const COPIED = /* @__PURE__ */ new Set([
  "Date",
  "RegExp",
  "Boolean",
  "Number",
  "String",
  "BigInt",
  "ArrayBuffer",
]);

/** Plain objects of the runtime's whose properties cannot be listed. */
const NAMESPACE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "Math",
  "JSON",
  "Atomics",
  "Reflect",
  "Intl",
  "WebAssembly",
  "global",
  "Window",
]);

/** Objects that exist only where they were made. */
const BOUND = /^(?:Promise|Weak\w+|FinalizationRegistry|(?:Async)?Generator|.* Iterator)$/;

/** Objects that a message carries, and bytes cannot. */
const MESSAGE_ONLY: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...MOVE_ONLY,
  "Blob",
  "File",
  "CryptoKey",
]);

/** What to send in place of some that programs send. */
const ADVICE: Readonly<Record<string, string>> = {
  URL: "its href",
  URLSearchParams: "it as a string",
  Headers: "its entries",
  FormData: "its entries",
  Request: "its url and options",
  Response: "its status and body",
  AbortController: "its signal",
};

/** @returns How the object crosses; or what it is and why it does not, as the end of a sentence. */
export function natureOf(value: object, carrier: Carrier): Nature | string {
  if (isProxy(value)) return describeProxy(value);
  if (HANDLE in value) {
    return carrier.sharedObjects ? SHARED : `a ${constructorName(value)}${carrier.refusal}`;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  const isArray = Array.isArray(value);
  if (prototype === null || isPlainPrototype(prototype, isArray)) {
    const tag = tagOf(value);
    return NAMESPACE.has(tag) ? `a ${tag}, which cannot be copied` : CONTAINER;
  }
  if (isError(value)) return ERROR;
  const { constructor } = value;
  const isOwn = Object.hasOwn(prototype, "constructor") && typeof constructor === "function";
  if (ArrayBuffer.isView(value))
    return isOwn ? natureOfView(value, constructor, carrier) : INSTANCE;
  if (isOwn && constructor.name === "" && isOfPlatform(constructor)) {
    return "an object of the runtime's, which cannot be copied: send a copy of what it shows";
  }
  if (isOwn && isOfPlatform(constructor)) return natureOfPlatform(value, constructor.name, carrier);
  const tag = tagOf(value);
  if (BOUND.test(tag)) return bound(tag);
  if (!isOwn || constructor.prototype !== prototype) {
    return tag === "Object"
      ? "an object whose prototype is not a class's and would be lost"
      : bound(tag);
  }
  return INSTANCE;
}

function bound(tag: string): string {
  return `a ${tag}, which cannot leave its thread`;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Also of another realm, as a test runner's. */
function isPlainPrototype(prototype: object, isArray: boolean): boolean {
  if (isArray) return prototype === Array.prototype || isForeign(prototype, "Array");
  return (
    prototype === Object.prototype ||
    prototype === Map.prototype ||
    prototype === Set.prototype ||
    isForeign(prototype, "Object")
  );
}

function isForeign(prototype: object, name: string): boolean {
  const { constructor } = prototype;
  return (
    typeof constructor === "function" &&
    constructor.name === name &&
    constructor.prototype === prototype &&
    isNative(constructor)
  );
}

/** Whether it is an error, also of another realm. */
export function isError(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === "object" && value !== null && tagOf(value) === "Error")
  );
}

export function isNative(fn: Function): boolean {
  return /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(fn));
}

/** Whether a class belongs to the runtime: some that every program sees are written in JavaScript. */
export function isOfPlatform(constructor: Function): boolean {
  const { name } = constructor;
  return (
    (name !== "" && (globalThis as Record<string, unknown>)[name] === constructor) ||
    isNative(constructor)
  );
}

function natureOfView(view: ArrayBufferView, Class: Function, carrier: Carrier): Nature | string {
  if (!isOfPlatform(Class)) return INSTANCE;
  if (!(view.buffer instanceof ArrayBuffer)) {
    return carrier.sharedMemory ? LEAF : `a ${tagOf(view)} on shared memory${carrier.refusal}`;
  }
  if (isDetached(view.buffer)) return `a ${Class.name}, ${MOVED_AWAY}`;
  if (isMarked(view.buffer) && isBuffer(view) && !isWhole(view)) {
    return "a Buffer on memory that it shares with others, which cannot be moved: send it without move()";
  }
  return VIEW;
}

const MOVED_AWAY = "whose bytes have been moved away";

function isDetached(buffer: ArrayBuffer): boolean {
  if (buffer.byteLength > 0) return false;
  try {
    return new Uint8Array(buffer).length > 0;
  } catch {
    return true;
  }
}

function natureOfPlatform(value: object, name: string, carrier: Carrier): Nature | string {
  if (name === "AbortSignal") return SIGNAL;
  if (name === "ArrayBuffer" && isDetached(value as ArrayBuffer))
    return `an ${name}, ${MOVED_AWAY}`;
  if (COPIED.has(name)) return LEAF;
  if (name === "SharedArrayBuffer")
    return carrier.sharedMemory ? LEAF : `a ${name}${carrier.refusal}`;
  if (BOUND.test(name)) return bound(name);
  if (MESSAGE_ONLY.has(name) && !carrier.messageOnly) return `a ${name}${carrier.refusal}`;
  if (carrier.messageOnly) {
    if (MOVE_ONLY.has(name) || isMarked(value) || isClonedWhole(value)) return LEAF;
  }
  const advice = Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
  return `a ${name}, which cannot be copied${advice === undefined ? "" : `: send ${advice}`}`;
}

/** Why an AbortSignal is not sent; undefined if it is, since it will not change any more. */
export function refusalOfSignal(signal: object, carrier: Carrier): string | undefined {
  if ((signal as WebAbortSignal).aborted) return undefined;
  const why = carrier.messageOnly ? ", which only an argument of a call can be" : carrier.refusal;
  return `an AbortSignal${why}`;
}

/** Whether structured clone makes another of the same class, rather than an object with the rest of it. */
export function isClonedWhole(value: object): boolean {
  try {
    const copy = structuredClone(value);
    return Object.getPrototypeOf(copy) === Object.getPrototypeOf(value);
  } catch {
    return false;
  }
}

function describeProxy(value: object): string {
  try {
    if (constructorName(value) === "ThreadLocal") return bound("ThreadLocal");
  } catch {
    // Its traps need not work.
  }
  return "a Proxy, whose traps cannot leave this thread: send a copy of what it shows";
}
