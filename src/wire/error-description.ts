/**
 * An error as plain data, and the error that is made of it.
 *
 * Structured clone keeps of an error little more than its message: the class,
 * own fields, `errors`, and in one engine even `cause` are lost. So an error travels as
 * a plain description, and is rebuilt as the real class wherever the receiver
 * can get at that class: a built-in one, one of heddle's, or an export that the
 * receiver can import. Otherwise it becomes a {@link RemoteError} with the name.
 *
 * The class is given to the rebuilt error as its prototype; its constructor does
 * not run, since its arguments are not known.
 */
import { errorName } from "../error-names.ts";
import {
  BrokenBarrierError,
  BrokenExecutor,
  BrokenPipeError,
  BrokenProcessPool,
  BrokenThreadPool,
  CancelledError,
  CannotBlockError,
  ConnectionAbortedError,
  ConnectionError,
  ConnectionRefusedError,
  ConnectionResetError,
  DeadlockError,
  EOFError,
  Empty,
  ExceptionGroup,
  FileNotFoundError,
  Full,
  IncompleteReadError,
  InternalError,
  InvalidStateError,
  KeyError,
  KeyboardInterrupt,
  LimitOverrunError,
  LookupError,
  NotShippableError,
  OSError,
  PermissionError,
  ProcessLookupError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RemoteError,
  RuntimeError,
  SendError,
  ShutDown,
  ThreadDiedError,
  TimeoutError,
  UnsupportedError,
} from "../errors.ts";
import { ProcessDiedError, SystemExit } from "../process-errors.ts";
import type { CodeReference, LoadCode, LocateClass } from "./channel.ts";
import { isError } from "./nature.ts";
import { withoutOwnFrames } from "./stack.ts";

type ErrorClass = abstract new (...args: never[]) => Error;

/** Every error class of heddle's. */
const OWN_CLASSES: readonly Function[] = [
  BrokenProcessPool,
  RuntimeError,
  LookupError,
  KeyError,
  TimeoutError,
  CancelledError,
  InvalidStateError,
  BrokenExecutor,
  BrokenBarrierError,
  BrokenThreadPool,
  DeadlockError,
  ThreadDiedError,
  ProcessDiedError,
  Empty,
  Full,
  ShutDown,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  ExceptionGroup,
  SystemExit,
  KeyboardInterrupt,
  CannotBlockError,
  UnsupportedError,
  SendError,
  NotShippableError,
  RemoteError,
  OSError,
  ConnectionError,
  ConnectionResetError,
  ConnectionRefusedError,
  ConnectionAbortedError,
  BrokenPipeError,
  FileNotFoundError,
  PermissionError,
  ProcessLookupError,
  EOFError,
  IncompleteReadError,
  LimitOverrunError,
  InternalError,
];

/** A value in an error: another error by its index in the list of contents, or -1 and the value, packed. */
type Part = readonly [index: number, value: unknown];

export interface EncodedError {
  readonly className: string;
  /** Whether the class is heddle's. */
  readonly isOwnClass: boolean;
  readonly classReference: CodeReference | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** Own properties, `cause` and the parts of aggregates included. */
  readonly fields: readonly (readonly [key: string, ...part: Part])[];
  /** What is in `errors`, which is an array. */
  readonly errors: readonly Part[] | undefined;
  /** Own fields that could not be sent and are text. */
  readonly sentAsText: readonly string[];
}

/** Fields that are written by other means than as own fields. */
const SEPARATE: ReadonlySet<string> = /* @__PURE__ */ new Set(["message", "stack", "errors"]);

/** How the parts of an error are packed. */
export interface PartPacker {
  readonly locate: LocateClass;
  /** The index of another error's description. */
  indexOf(error: Error): number;
  /** Whether the stack is sent, and not its first line alone. */
  readonly keepsFrames: boolean;
  /** Packs a value; undefined if it cannot be sent. */
  pack(value: unknown): { readonly packed: unknown } | undefined;
}

export function describeError(thrown: Error, packer: PartPacker): EncodedError {
  const sentAsText: string[] = [];
  const part = (key: string, value: unknown): Part => {
    if (isError(value)) return [packer.indexOf(value), undefined];
    const sent = packer.pack(value);
    if (sent === undefined) sentAsText.push(key);
    return [-1, sent === undefined ? inWords(value) : sent.packed];
  };
  const fields = ownFields(thrown).map((key) => [key, ...part(key, read(thrown, key))] as const);
  const errors = read(thrown, "errors");
  const constructor = classOfInstance(thrown);
  const own = errorName(constructor);
  const isKnown = own !== undefined || builtInClass(constructor.name) === constructor;
  return {
    className: own ?? constructor.name,
    isOwnClass: own !== undefined,
    classReference: isKnown ? undefined : packer.locate(constructor),
    name: readText(thrown, "name"),
    message: readText(thrown, "message"),
    stack: packer.keepsFrames ? withoutOwnFrames(readText(thrown, "stack")) : inWords(thrown),
    fields,
    errors: Array.isArray(errors) ? errors.map((error) => part("errors", error)) : undefined,
    sentAsText,
  };
}

/** The class of an error, as far as it says; `Error` where it lies or throws. */
function classOfInstance(error: Error): Function {
  const constructor = read(error, "constructor");
  return typeof constructor === "function" && typeof constructor.name === "string"
    ? constructor
    : Error;
}

function readText(error: Error, key: string): string {
  const value = read(error, key);
  return typeof value === "string" ? value : value === undefined ? "" : inWords(value);
}

/** An error without its fields and its stack: it may be a field of its own. */
export function bareError(encoded: EncodedError, load: LoadCode): Error {
  const errorClass = classOf(encoded, load);
  if (errorClass === undefined) {
    return new RemoteError(encoded.message, { remoteName: encoded.name });
  }
  // `name` and `code` of a DOMException live inside it: only its constructor can set them.
  if (encoded.className === "DOMException") return new DOMException(encoded.message, encoded.name);
  const error = new Error(encoded.message);
  Object.setPrototypeOf(error, errorClass.prototype as object);
  return error;
}

/** Gives an error its fields and its stack. */
export function finishError(
  error: Error,
  encoded: EncodedError,
  valueOf: (part: Part) => unknown,
): void {
  for (const [key, ...part] of encoded.fields) {
    const isHidden = key === "cause" || (key === "name" && error instanceof RemoteError);
    if (key !== "name" || !isHidden) define(error, key, valueOf(part), !isHidden);
  }
  if (encoded.errors !== undefined) define(error, "errors", encoded.errors.map(valueOf), false);
  // A RemoteError has the name in a field.
  if (error.name !== encoded.name && !(error instanceof RemoteError))
    define(error, "name", encoded.name, false);
  define(error, "stack", encoded.stack, false);
}

function classOf(encoded: EncodedError, load: LoadCode): ErrorClass | undefined {
  const candidate = encoded.isOwnClass
    ? ownClass(encoded.className)
    : encoded.classReference === undefined
      ? builtInClass(encoded.className)
      : load(encoded.classReference);
  const isErrorClass =
    typeof candidate === "function" &&
    (candidate === Error || candidate.prototype instanceof Error);
  return isErrorClass ? (candidate as ErrorClass) : undefined;
}

function ownClass(name: string): Function | undefined {
  return OWN_CLASSES.find((Class) => errorName(Class) === name);
}

function builtInClass(name: string): unknown {
  return /^([A-Z]\w*)?Error$|^DOMException$/.test(name)
    ? (globalThis as Record<string, unknown>)[name]
    : undefined;
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
    return `[reading it threw ${inWords(failure)}]`;
  }
}

/** The value in words, with what JSON can say of an object's content. */
export function inWords(value: unknown): string {
  try {
    if (typeof value === "function") return `[function ${value.name}]`;
    if (typeof value !== "object" || value === null || value instanceof Error) return String(value);
    const json = JSON.stringify(value) as string | undefined;
    return json === undefined || json === "{}" ? Object.prototype.toString.call(value) : json;
  } catch {
    return "[a value that cannot be made text]";
  }
}
