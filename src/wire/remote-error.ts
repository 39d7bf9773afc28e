/**
 * Errors on their way to another thread.
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
  SystemExit,
  ThreadDiedError,
  TimeoutError,
  UnsupportedError,
} from "../errors.ts";
import { withoutOwnFrames } from "./stack.ts";

/** Longest chain of causes, and deepest nesting of `errors`, that is sent. */
const MAX_DEPTH = 32;
/** Most errors in one: a thrown value is a report, not a data structure. */
const MAX_ERRORS = 256;

/** Where a class can be imported from. */
export interface ClassReference {
  readonly url: string;
  readonly exportName: string;
}

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

/** A thrown value as it travels: plain data throughout. */
export type ThrownValue =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly error: EncodedError };

export interface EncodedError {
  readonly className: string;
  /** Whether the class is heddle's. */
  readonly isOwnClass: boolean;
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

/** How an agent finds the classes of errors: those it sends, and those it receives. */
export interface ClassLookup {
  readonly locate: LocateClass;
  readonly load: LoadClass;
}

/** Fields that are written by other means than as own fields. */
const SEPARATE: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "message",
  "stack",
  "name",
  "errors",
]);

/**
 * Makes plain data of what was thrown, whatever that is. Never throws.
 *
 * @param canCarry Whether a value that can be copied can also be sent. Default: all can.
 */
export function encodeThrown(
  thrown: unknown,
  locateClass: LocateClass,
  canCarry: (value: unknown) => boolean = () => true,
): ThrownValue {
  try {
    return new ThrownEncoder(locateClass, canCarry).encode(thrown);
  } catch {
    return { kind: "value", value: describe(thrown) }; // such as a revoked Proxy
  }
}

/** Most characters of each of the texts that {@link shortened} keeps. */
const SHORT = 1024;

/** The same without the fields of an error, and with no more than the beginning of each text: at most some 10 KiB. */
export function shortened(thrown: ThrownValue): ThrownValue {
  if (thrown.kind === "value")
    return { kind: "value", value: describe(thrown.value).slice(0, SHORT) };
  const { error } = thrown;
  return {
    kind: "error",
    error: {
      ...error,
      name: error.name.slice(0, SHORT),
      message: error.message.slice(0, SHORT),
      stack: error.stack.slice(0, SHORT),
      fields: [],
      errors: undefined,
      sentAsText: [],
    },
  };
}

class ThrownEncoder {
  readonly #locateClass: LocateClass;
  readonly #canCarry: (value: unknown) => boolean;
  /** Errors that lead to the one being encoded: one that refers back to them is sent as text. */
  readonly #path = new Set<Error>();
  #budget = MAX_ERRORS;

  constructor(locateClass: LocateClass, canCarry: (value: unknown) => boolean) {
    this.#locateClass = locateClass;
    this.#canCarry = canCarry;
  }

  encode(thrown: unknown): ThrownValue {
    if (!(thrown instanceof Error)) {
      return { kind: "value", value: this.#isSendable(thrown) ? thrown : describe(thrown) };
    }
    if (this.#path.has(thrown) || this.#path.size >= MAX_DEPTH || this.#budget-- <= 0) {
      return { kind: "value", value: describe(thrown) };
    }
    this.#path.add(thrown);
    const error = this.#encodeError(thrown);
    this.#path.delete(thrown);
    return { kind: "error", error };
  }

  #isSendable(value: unknown): boolean {
    return copyable(value) && this.#canCarry(value);
  }

  #encodeError(thrown: Error): EncodedError {
    const fields: [string, ThrownValue][] = [];
    const sentAsText: string[] = [];
    for (const key of ownFields(thrown)) {
      const value = read(thrown, key);
      if (!(value instanceof Error) && !this.#isSendable(value)) sentAsText.push(key);
      fields.push([key, this.encode(value)]);
    }
    const errors = read(thrown, "errors");
    const constructor = classOfInstance(thrown);
    const own = errorName(constructor);
    const isKnown = own !== undefined || builtInClass(constructor.name) === constructor;
    return {
      className: own ?? constructor.name,
      isOwnClass: own !== undefined,
      classReference: isKnown ? undefined : this.#locateClass(constructor),
      name: readText(thrown, "name"),
      message: readText(thrown, "message"),
      stack: withoutOwnFrames(readText(thrown, "stack")),
      fields,
      errors: Array.isArray(errors) ? errors.map((error) => this.encode(error)) : undefined,
      sentAsText,
    };
  }
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
  return typeof value === "string" ? value : value === undefined ? "" : describe(value);
}

/** Where the error was thrown, and where the work that threw it was asked for. */
export interface Origin {
  /** What its stack calls the agent that threw it: `thread "Thread-1"`. */
  readonly agent: string;
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

/** The remote stack, a line that names the agent, and the frames of the submitting call. */
function joinStacks(stack: string, origin: Origin | undefined): string {
  if (origin === undefined) return stack;
  return `${stack}\n    --- ${origin.agent} ---\n${origin.submitFrames}`.trimEnd();
}

function classOf(encoded: EncodedError, loadClass: LoadClass): ErrorClass | undefined {
  const candidate = encoded.isOwnClass
    ? ownClass(encoded.className)
    : encoded.classReference === undefined
      ? builtInClass(encoded.className)
      : loadClass(encoded.classReference);
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

function bareError(encoded: EncodedError, errorClass: ErrorClass | undefined): Error {
  if (errorClass === undefined) {
    return new RemoteError(encoded.message, { remoteName: encoded.name });
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

/** The value in words, with what JSON can say of an object's content. */
function describe(value: unknown): string {
  try {
    if (typeof value === "function") return `[function ${value.name}]`;
    if (typeof value !== "object" || value === null || value instanceof Error) return String(value);
    return JSON.stringify(value) ?? Object.prototype.toString.call(value);
  } catch {
    return "[a value that cannot be made text]";
  }
}
