/**
 * Errors on their way to another thread.
 *
 * Structured clone keeps of an error little more than its message: the class,
 * own fields, `errors`, and on Bun even `cause` are lost. So an error travels as
 * a plain description, and is rebuilt as the real class wherever the receiver
 * can get at that class: a built-in one, one of heddle's, or an export that the
 * receiver can import. Otherwise it becomes a {@link RemoteError} with the name.
 *
 * The class is given to the rebuilt error as its prototype; its constructor does
 * not run, since nobody knows its arguments.
 */
import * as heddleErrors from "../errors.ts";
import { withoutOwnFrames } from "./stack.ts";

/** Longest chain of causes, and deepest nesting of `errors`, that is sent. */
const MAX_DEPTH = 32;

/** Where a class can be imported from. */
export interface ClassReference {
  readonly url: string;
  readonly exportName: string;
}

type ErrorClass = abstract new (...args: never[]) => Error;

/** A thrown value as it travels: plain data throughout. */
export type ThrownValue =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: EncodedError };

export interface EncodedError {
  readonly className: string;
  readonly classReference: ClassReference | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Own properties, `cause` and the parts of aggregates included, each a thrown value. */
  readonly fields: readonly (readonly [key: string, value: ThrownValue])[];
  /** Errors inside `errors`, which is an array. */
  readonly errors: readonly ThrownValue[] | undefined;
  /** Own fields that could not be copied and were sent as text. */
  readonly sentAsText: readonly string[];
}

/** Finds where a class can be imported from, in the thread that has it. */
export type LocateClass = (constructor: Function) => ClassReference | undefined;
/** Imports a class, in the thread that lacks it; undefined when it cannot. */
export type LoadClass = (reference: ClassReference) => unknown;

/** Fields that are written by other means than as own fields. */
const SEPARATE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "message",
  "stack",
  "name",
  "errors",
]);

export function encodeThrown(thrown: unknown, locateClass: LocateClass, depth = 0): ThrownValue {
  if (!(thrown instanceof Error))
    return { kind: "value", value: copyable(thrown) ? thrown : describe(thrown) };
  if (depth > MAX_DEPTH) return { kind: "value", value: describe(thrown) };
  const fields: [string, ThrownValue][] = [];
  const sentAsText: string[] = [];
  for (const key of ownFields(thrown)) {
    const value = read(thrown, key);
    if (!(value instanceof Error) && !copyable(value)) sentAsText.push(key);
    fields.push([key, encodeThrown(value, locateClass, depth + 1)]);
  }
  const errors = read(thrown, "errors");
  const constructor = thrown.constructor;
  return {
    kind: "error",
    error: {
      className: constructor.name,
      classReference:
        knownClass(constructor.name) === constructor ? undefined : locateClass(constructor),
      name: String(read(thrown, "name")),
      message: String(read(thrown, "message")),
      stack: withoutOwnFrames(thrown.stack ?? ""),
      fields,
      errors: Array.isArray(errors)
        ? errors.map((error) => encodeThrown(error, locateClass, depth + 1))
        : undefined,
      sentAsText,
    },
  };
}

/** Where the error was thrown, and where the work that threw it was asked for. */
export interface Origin {
  readonly thread: string;
  /** Stack frames of the call that submitted the work, one a line. */
  readonly submitFrames: string;
}

export function decodeThrown(thrown: ThrownValue, loadClass: LoadClass, origin?: Origin): unknown {
  if (thrown.kind === "value") return thrown.value;
  const { error: encoded } = thrown;
  const errorClass = classOf(encoded, loadClass);
  const error = bareError(encoded, errorClass);
  for (const [key, value] of encoded.fields) {
    define(error, key, decodeThrown(value, loadClass), key !== "cause");
  }
  if (encoded.errors !== undefined) {
    define(
      error,
      "errors",
      encoded.errors.map((part) => decodeThrown(part, loadClass)),
      false,
    );
  }
  if (error.name !== encoded.name && errorClass !== undefined)
    define(error, "name", encoded.name, false);
  define(error, "stack", joinStacks(encoded.stack, origin), false);
  return error;
}

/** The remote stack, a line that names the thread, and the frames of the submitting call. */
function joinStacks(stack: string, origin: Origin | undefined): string {
  if (origin === undefined) return stack;
  return `${stack}\n    --- thread "${origin.thread}" ---\n${origin.submitFrames}`.trimEnd();
}

function classOf(encoded: EncodedError, loadClass: LoadClass): ErrorClass | undefined {
  const candidate =
    encoded.classReference === undefined
      ? knownClass(encoded.className)
      : loadClass(encoded.classReference);
  const isErrorClass =
    typeof candidate === "function" &&
    (candidate === Error || candidate.prototype instanceof Error);
  return isErrorClass ? (candidate as ErrorClass) : undefined;
}

/** A built-in error class, or one of heddle's. */
function knownClass(name: string): unknown {
  const own = (heddleErrors as Record<string, unknown>)[name];
  if (own !== undefined) return own;
  return /^([A-Z]\w*)?Error$|^DOMException$/.test(name)
    ? (globalThis as Record<string, unknown>)[name]
    : undefined;
}

function bareError(encoded: EncodedError, errorClass: ErrorClass | undefined): Error {
  if (errorClass === undefined) {
    return new heddleErrors.RemoteError(encoded.message, { remoteName: encoded.name });
  }
  // `name` and `code` of a DOMException live inside it: only its constructor can set them.
  if (encoded.className === "DOMException") return new DOMException(encoded.message, encoded.name);
  const error = new Error(encoded.message);
  Object.setPrototypeOf(error, errorClass.prototype as object);
  return error;
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  try {
    Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
  } catch {
    // A property that the class makes read-only keeps the value it has.
  }
}

function ownFields(error: Error): string[] {
  const keys = Object.keys(error).filter((key) => !SEPARATE.has(key));
  for (const hidden of ["cause", "error", "suppressed"]) {
    if (Object.hasOwn(error, hidden) && !keys.includes(hidden)) keys.push(hidden);
  }
  return keys;
}

/** Reads a property whose getter may throw. */
function read(error: Error, key: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[key];
  } catch (failure) {
    return `[reading it threw ${describe(failure)}]`;
  }
}

function copyable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return typeof value !== "function" && typeof value !== "symbol";
  }
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

function describe(value: unknown): string {
  try {
    return typeof value === "function" ? `[function ${value.name}]` : String(value);
  } catch {
    return "[a value that cannot be made text]";
  }
}
