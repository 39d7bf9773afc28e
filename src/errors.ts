// oxlint-disable max-lines -- one list, in which most classes only have a name
/**
 * Every error heddle throws, under Python's names where Python has one.
 *
 * `name` is a literal on each prototype-less instance, so that it survives
 * minifying and can be matched after an error has crossed to another thread.
 */
import { checkedIterable } from "./base/functions.ts";
import { define } from "./base/define.ts";
import { asText, wrongType } from "./base/text.ts";
import { recognizeByName } from "./error-names.ts";

/** An operation was attempted in a state that does not allow it. Python: `RuntimeError` */
export class RuntimeError extends Error {
  override name = "RuntimeError";
  static {
    recognizeByName(this, "RuntimeError");
  }
}

/** What was looked up is not there. Python: `LookupError` */
export class LookupError extends Error {
  override name = "LookupError";
  static {
    recognizeByName(this, "LookupError");
  }
}

/** A mapping has no entry under the key. Python: `KeyError` */
export class KeyError extends LookupError {
  override name = "KeyError";
  static {
    recognizeByName(this, "KeyError");
  }
}

/** A wait lasted longer than its `timeout`. Python: `TimeoutError` */
export class TimeoutError extends Error {
  override name = "TimeoutError";
  static {
    recognizeByName(this, "TimeoutError");
  }
}

/**
 * The awaited work was cancelled.
 *
 * In an asyncio task it is how a cancellation arrives: who catches it to clean up
 * should throw it again.
 *
 * Python: `asyncio.CancelledError`, `concurrent.futures.CancelledError`
 * Differs: one class for both modules. It is an ordinary Error, so a `catch` without a condition
 *   catches it, too. Without a message of the user's, its text says what was cancelled; Python's is
 *   empty.
 *
 * @example Clean up, and stay cancelled
 * ```ts
 * import { CancelledError, createTask, run, sleep, wait } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const task = createTask(async () => {
 *     try {
 *       await sleep(60_000);
 *     } catch (error) {
 *       if (error instanceof CancelledError) console.log(error.msg); // enough
 *       throw error;
 *     }
 *   });
 *   await sleep(0);
 *   task.cancel("enough");
 *   await wait([task]);
 *   console.log(task.cancelled()); // true
 * });
 * ```
 */
export class CancelledError extends Error {
  override name = "CancelledError";
  static {
    recognizeByName(this, "CancelledError");
  }
  /** What `Task.cancel` was given, whatever its type; absent if it was given nothing, whatever `message` says. Python: `BaseException.args` */
  declare readonly msg?: unknown;

  /** @param message What to report: any value. It becomes {@link CancelledError.msg}. */
  constructor(message?: unknown, options?: ErrorOptions) {
    const isGiven = message !== undefined && message !== null;
    super(isGiven ? asText(message) : "", options);
    // Not enumerable, as `message`: consoles and the wire would take it for a field of the user's.
    if (isGiven) define(this, "msg", message);
  }
}

/** A future was asked for a transition that its state does not allow. Python: `concurrent.futures.InvalidStateError` */
export class InvalidStateError extends Error {
  override name = "InvalidStateError";
  static {
    recognizeByName(this, "InvalidStateError");
  }
}

/** An executor can take no more work. Python: `concurrent.futures.BrokenExecutor` */
export class BrokenExecutor extends RuntimeError {
  override name = "BrokenExecutor";
  static {
    recognizeByName(this, "BrokenExecutor");
  }
}

/** Why a barrier is broken. Python: none */
export type BrokenBarrierReason =
  | "timeout"
  | "aborted"
  | "action failed"
  | "thread died"
  | "reset"
  | "cancelled";

/**
 * A barrier was broken during a wait for it, or before.
 *
 * Python: `threading.BrokenBarrierError`
 *
 * @example
 * ```ts
 * import { Barrier, BrokenBarrierError } from "heddle/threading";
 *
 * const barrier = new Barrier(2);
 * barrier.abort();
 * try {
 *   await barrier.wait();
 * } catch (error) {
 *   if (error instanceof BrokenBarrierError) console.log(error.reason); // aborted
 * }
 * ```
 */
export class BrokenBarrierError extends RuntimeError {
  override name = "BrokenBarrierError";
  static {
    recognizeByName(this, "BrokenBarrierError");
  }
  /** What broke it. Python: none */
  readonly reason: BrokenBarrierReason;

  /** @param options.reason What broke the barrier. */
  constructor(message: string, options: ErrorOptions & { reason: BrokenBarrierReason }) {
    super(message, causeOf(options));
    this.reason = options.reason;
  }
}

/**
 * A worker of a thread pool died, or its initializer failed. `cause` says why.
 *
 * Python: `concurrent.futures.thread.BrokenThreadPool`
 *
 * @example
 * ```ts
 * import { BrokenThreadPool, ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const fail = (): void => {
 *   throw new Error("no database");
 * };
 * const pool = new ThreadPoolExecutor({ maxWorkers: 1, initializer: fail });
 * const error = await pool.submit(() => 1).exception();
 * if (error instanceof BrokenThreadPool) console.log(error.started, String(error.cause)); // false Error: no database
 * await pool.shutdown();
 * ```
 */
export class BrokenThreadPool extends BrokenExecutor {
  override name = "BrokenThreadPool";
  static {
    recognizeByName(this, "BrokenThreadPool");
  }
  /** The worker's name, such as `ThreadPoolExecutor-0_1`. Python: none */
  readonly worker: string | undefined;
  /** The worker's exit code, when it left one. Python: none */
  readonly exitCode: number | undefined;
  /** Whether the call behind this future had been started: if not, it never ran. Python: none */
  readonly started: boolean;

  /**
   * @param options.worker The worker's name.
   * @param options.exitCode Its exit code.
   * @param options.started Whether the call had been started. Default: false.
   */
  constructor(
    message: string,
    options: ErrorOptions & {
      worker?: string | undefined;
      exitCode?: number | undefined;
      started?: boolean;
    } = {},
  ) {
    super(message, causeOf(options));
    const { worker, exitCode, started = false } = ownOf(options);
    this.worker = worker;
    this.exitCode = exitCode;
    this.started = started;
  }
}

/**
 * A worker of a process pool died, or its initializer failed. `cause` says why, where an error did it.
 *
 * Python: `concurrent.futures.process.BrokenProcessPool`
 *
 * @example
 * ```ts
 * import { BrokenProcessPool, ProcessPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
 * const error = await pool.submit(() => void process.exit(3)).exception();
 * if (error instanceof BrokenProcessPool) console.log(error.exitCode, error.signal); // 3 undefined
 * await pool.shutdown();
 * ```
 */
export class BrokenProcessPool extends BrokenExecutor {
  override name = "BrokenProcessPool";
  static {
    recognizeByName(this, "BrokenProcessPool");
  }
  /** The worker's name, such as `ProcessPoolExecutor-0_1`. Python: none */
  readonly worker: string | undefined;
  /** The worker's process id; undefined if it could not be started. Python: none */
  readonly pid: number | undefined;
  /** The worker's exit code, when it left one. Python: none */
  readonly exitCode: number | undefined;
  /** The signal that ended the worker, such as `SIGKILL`. Python: none */
  readonly signal: string | undefined;
  /** Whether the call behind this future had been handed to a worker: if not, it never ran. Python: none */
  readonly started: boolean;

  /**
   * @param options.worker The worker's name.
   * @param options.pid Its process id.
   * @param options.exitCode Its exit code.
   * @param options.signal The signal that ended it.
   * @param options.started Whether the call had been handed to a worker. Default: false.
   */
  constructor(
    message: string,
    options: ErrorOptions & {
      worker?: string | undefined;
      pid?: number | undefined;
      exitCode?: number | undefined;
      signal?: string | undefined;
      started?: boolean;
    } = {},
  ) {
    super(message, causeOf(options));
    const { worker, pid, exitCode, signal, started = false } = ownOf(options);
    this.worker = worker;
    this.pid = pid;
    this.exitCode = exitCode;
    this.signal = signal;
    this.started = started;
  }
}

/**
 * The wait that was attempted could never end: every thread that could end it waits likewise.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { DeadlockError } from "heddle";
 * import { Lock } from "heddle/threading";
 *
 * const lock = new Lock();
 * lock.acquireSync();
 * try {
 *   lock.acquireSync();
 * } catch (error) {
 *   if (error instanceof DeadlockError) console.log(error.waits[0]?.holder); // MainThread
 * }
 * ```
 */
export class DeadlockError extends RuntimeError {
  override name = "DeadlockError";
  static {
    recognizeByName(this, "DeadlockError");
  }
  /** Which thread waits for what: the thread that gave up first, then those it waited for. Python: none */
  readonly waits: readonly CircularWait[];

  /** @param options.waits The waits that form the circle. Default: none. */
  constructor(message: string, options: { waits?: readonly CircularWait[] } = {}) {
    super(message);
    this.waits = Array.from(
      checkedIterable(ownOf(options).waits ?? [], 'DeadlockError: "waits"'),
      (wait) => {
        const { thread, object, holder, takenAt, holds, site } = ownOf(wait);
        return { thread, object, holder, takenAt, holds, site };
      },
    );
  }
}

/** One of the waits that form a deadlock. Python: none */
export interface CircularWait {
  /** Name of the thread that waits. */
  readonly thread: string;
  /** What it waits for, such as `RLock-2`. */
  readonly object: string;
  /** Name of the thread that holds that, where one does. */
  readonly holder: string | undefined;
  /** Where the holder took it: a stack frame; undefined unless `threading.traceLocks` is on. */
  readonly takenAt: string | undefined;
  /** What the waiting thread holds itself. */
  readonly holds: readonly string[];
  /** Where it waits: stack frames, one a line; undefined where it did not say. */
  readonly site: string | undefined;
}

/**
 * A thread was terminated, or crashed otherwise than by an exception of its target.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { ThreadDiedError } from "heddle";
 * import { Thread } from "heddle/threading";
 *
 * const leave = (): void => process.exit(3);
 * const thread = new Thread({ target: leave, name: "weaver" });
 * thread.start();
 * const error = await thread.join().catch((error: unknown) => error);
 * if (error instanceof ThreadDiedError) console.log(error.thread); // weaver
 * ```
 */
export class ThreadDiedError extends RuntimeError {
  override name = "ThreadDiedError";
  static {
    recognizeByName(this, "ThreadDiedError");
  }
  /** The thread's name. Python: none */
  readonly thread: string;
  /** The exit code that it left, if it left one. Python: none */
  readonly exitCode: number | undefined;

  /**
   * @param options.thread The thread's name.
   * @param options.exitCode The exit code that it left.
   */
  constructor(
    message: string,
    options: ErrorOptions & { thread: string; exitCode?: number | undefined },
  ) {
    super(message, causeOf(options));
    this.thread = options.thread;
    this.exitCode = ownOf(options).exitCode;
  }
}

/** A queue had no item to give, or had none in time. Python: `queue.Empty` */
export class Empty extends Error {
  override name = "Empty";
  static {
    recognizeByName(this, "Empty");
  }
}

/** A queue had no room for an item, or had none in time. Python: `queue.Full` */
export class Full extends Error {
  override name = "Full";
  static {
    recognizeByName(this, "Full");
  }
}

/** A queue has been shut down, and nothing can be put into it or got from it any more. Python: `queue.ShutDown` */
export class ShutDown extends Error {
  override name = "ShutDown";
  static {
    recognizeByName(this, "ShutDown");
  }
}

/** An asyncio queue had no item to give. Python: `asyncio.QueueEmpty` */
export class QueueEmpty extends Error {
  override name = "QueueEmpty";
  static {
    recognizeByName(this, "QueueEmpty");
  }
}

/** An asyncio queue had no room for an item. Python: `asyncio.QueueFull` */
export class QueueFull extends Error {
  override name = "QueueFull";
  static {
    recognizeByName(this, "QueueFull");
  }
}

/** An asyncio queue has been shut down. Python: `asyncio.QueueShutDown` */
export class QueueShutDown extends Error {
  override name = "QueueShutDown";
  static {
    recognizeByName(this, "QueueShutDown");
  }
}

/**
 * Several errors at once, such as those of a group's tasks.
 *
 * Python: `ExceptionGroup`, `BaseExceptionGroup`
 * Differs: one class for both; no `split`, `subgroup` and `derive`.
 *
 * @example
 * ```ts
 * import { ExceptionGroup, run, taskGroup } from "heddle/asyncio";
 *
 * const fail = async (): Promise<void> => {
 *   throw new RangeError("too far");
 * };
 * try {
 *   await run(() => taskGroup((group) => void group.createTask(fail)));
 * } catch (error) {
 *   if (error instanceof ExceptionGroup) console.log(String(error.exceptions[0])); // RangeError: too far
 * }
 * ```
 */
export class ExceptionGroup extends AggregateError {
  override name = "ExceptionGroup";
  static {
    recognizeByName(this, "ExceptionGroup");
  }

  /** @param exceptions The errors, of any type. */
  constructor(message: string, exceptions: Iterable<unknown>, options?: ErrorOptions) {
    super(checkedIterable(exceptions, "ExceptionGroup: exceptions"), message, options);
  }

  /** The errors. Python: `ExceptionGroup.exceptions` */
  get exceptions(): readonly unknown[] {
    return this.errors as unknown[];
  }
}

/** The user asked the program to stop, as by Ctrl-C. Python: `KeyboardInterrupt` */
export class KeyboardInterrupt extends Error {
  override name = "KeyboardInterrupt";
  static {
    recognizeByName(this, "KeyboardInterrupt");
  }
}

/** The calling thread may not block, or could never be woken. Python: none */
export class CannotBlockError extends RuntimeError {
  override name = "CannotBlockError";
  static {
    recognizeByName(this, "CannotBlockError");
  }
}

/**
 * The runtime lacks what the call needs.
 *
 * Python: none
 *
 * @example Take another way where something is missing
 * ```ts
 * import { UnsupportedError } from "heddle";
 *
 * function connect(): string {
 *   try {
 *     throw new UnsupportedError("Cannot open a socket: browsers have none", {
 *       capability: "sockets",
 *       runtime: "browser",
 *     });
 *   } catch (error) {
 *     if (error instanceof UnsupportedError) return `no ${error.capability} in a ${error.runtime}`;
 *     throw error;
 *   }
 * }
 * console.log(connect()); // no sockets in a browser
 * ```
 */
export class UnsupportedError extends RuntimeError {
  override name = "UnsupportedError";
  static {
    recognizeByName(this, "UnsupportedError");
  }
  /** What is missing, such as `sharedMemory`. Python: none */
  readonly capability: string;
  /** Where it is missing, such as `browser`. Python: none */
  readonly runtime: string;

  /**
   * @param options.capability What is missing.
   * @param options.runtime Where it is missing.
   */
  constructor(message: string, options: { capability: string; runtime: string }) {
    super(message);
    ({ capability: this.capability, runtime: this.runtime } = ownOf(options));
  }
}

/**
 * A value cannot cross to another thread; `path` names the part that cannot.
 *
 * Python: `pickle.PicklingError`
 *
 * @example
 * ```ts
 * import { SendError } from "heddle";
 * import { Queue } from "heddle/queue";
 *
 * try {
 *   new Queue().putNowait({ user: { saved: Promise.resolve() } });
 * } catch (error) {
 *   if (error instanceof SendError) console.log(error.path); // item.user.saved
 * }
 * ```
 */
export class SendError extends TypeError {
  override name = "SendError";
  static {
    recognizeByName(this, "SendError");
  }
  /** The offending part, such as `args[0].user.save`. Python: none */
  readonly path: string;

  /** @param options.path The offending part. */
  constructor(message: string, options: ErrorOptions & { path: string }) {
    super(message, causeOf(options));
    this.path = options.path;
  }
}

/**
 * A function uses what it cannot take along to another thread. The message names the variable, its
 * kind and its place, and says what to do.
 *
 * Python: `pickle.PicklingError`
 *
 * @example
 * ```ts
 * import { NotShippableError } from "heddle";
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 *
 * const pool = new ThreadPoolExecutor();
 * for (const factor of [2]) {
 *   try {
 *     pool.submit((n: number) => n * factor, 21);
 *   } catch (error) {
 *     if (error instanceof NotShippableError) console.log(error.freeVariables[0]); // factor
 *   }
 * }
 * await pool.shutdown();
 * ```
 */
export class NotShippableError extends TypeError {
  override name = "NotShippableError";
  static {
    recognizeByName(this, "NotShippableError");
  }
  /** The name of the function, `""` if it has none. Python: none */
  readonly functionName: string;
  /** The variables from outside the function that it uses, imports marked as such. Python: none */
  readonly freeVariables: readonly string[];

  /**
   * @param options.functionName The name of the function.
   * @param options.freeVariables The variables from outside that it uses. Default: none.
   */
  constructor(
    message: string,
    options: ErrorOptions & { functionName: string; freeVariables?: readonly string[] },
  ) {
    super(message, causeOf(options));
    this.functionName = options.functionName;
    this.freeVariables = ownOf(options).freeVariables ?? [];
  }
}

/**
 * An error whose class the receiving thread cannot rebuild.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { RemoteError } from "heddle";
 * import { Thread } from "heddle/threading";
 *
 * const fail = (): void => {
 *   class Tangle extends Error {
 *     override name = "Tangle";
 *   }
 *   throw new Tangle("of two threads");
 * };
 * const thread = new Thread({ target: fail });
 * thread.start();
 * const error = await thread.join().catch((error: unknown) => error);
 * if (error instanceof RemoteError) console.log(error.remoteName); // Tangle
 * ```
 */
export class RemoteError extends Error {
  override name = "RemoteError";
  static {
    recognizeByName(this, "RemoteError");
  }
  /** The name that the error had in the thread that threw it. Python: none */
  readonly remoteName: string;

  /** @param options.remoteName The name that the error had in the thread that threw it. */
  constructor(message: string, options: ErrorOptions & { remoteName: string }) {
    super(message, causeOf(options));
    this.remoteName = options.remoteName;
  }
}

/**
 * The operating system refused, or a connection broke.
 *
 * Python: `OSError`
 * Differs: `code` is the system's name for the error, as in Node; there is no `errno`.
 *
 * @example
 * ```ts
 * import { OSError } from "heddle";
 * import { createSubprocessExec, run } from "heddle/asyncio";
 *
 * try {
 *   await run(() => createSubprocessExec("./no-such-program"));
 * } catch (error) {
 *   if (error instanceof OSError) console.log(error.name, error.code); // FileNotFoundError ENOENT
 * }
 * ```
 */
export class OSError extends Error {
  override name = "OSError";
  static {
    recognizeByName(this, "OSError");
  }
  /** Such as `ECONNREFUSED`; undefined where the runtime gave none. Python: `OSError.errno` */
  readonly code: string | undefined;

  /** @param options.code The system's name for the error. */
  constructor(message: string, options: ErrorOptions & { code?: string | undefined } = {}) {
    super(message, causeOf(options));
    this.code = ownOf(options).code;
  }
}

/** A connection could not be made, or broke. Python: `ConnectionError` */
export class ConnectionError extends OSError {
  override name = "ConnectionError";
  static {
    recognizeByName(this, "ConnectionError");
  }
}

/** The other side broke the connection off. Python: `ConnectionResetError` */
export class ConnectionResetError extends ConnectionError {
  override name = "ConnectionResetError";
  static {
    recognizeByName(this, "ConnectionResetError");
  }
}

/** No process accepts connections there. Python: `ConnectionRefusedError` */
export class ConnectionRefusedError extends ConnectionError {
  override name = "ConnectionRefusedError";
  static {
    recognizeByName(this, "ConnectionRefusedError");
  }
}

/** This side broke the connection off. Python: `ConnectionAbortedError` */
export class ConnectionAbortedError extends ConnectionError {
  override name = "ConnectionAbortedError";
  static {
    recognizeByName(this, "ConnectionAbortedError");
  }
}

/** The reader has closed its end. Python: `BrokenPipeError` */
export class BrokenPipeError extends ConnectionError {
  override name = "BrokenPipeError";
  static {
    recognizeByName(this, "BrokenPipeError");
  }
}

/** There is no such file. Python: `FileNotFoundError` */
export class FileNotFoundError extends OSError {
  override name = "FileNotFoundError";
  static {
    recognizeByName(this, "FileNotFoundError");
  }
}

/** The file may not be used so. Python: `PermissionError` */
export class PermissionError extends OSError {
  override name = "PermissionError";
  static {
    recognizeByName(this, "PermissionError");
  }
}

/** There is no such process, or not any more. Python: `ProcessLookupError` */
export class ProcessLookupError extends OSError {
  override name = "ProcessLookupError";
  static {
    recognizeByName(this, "ProcessLookupError");
  }
}

/** Input ended where more was expected. Python: `EOFError` */
export class EOFError extends Error {
  override name = "EOFError";
  static {
    recognizeByName(this, "EOFError");
  }
}

/**
 * A stream ended before all that was to be read had come.
 *
 * Python: `asyncio.IncompleteReadError`
 *
 * @example
 * ```ts
 * import { IncompleteReadError, run, StreamReader } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const reader = new StreamReader();
 *   reader.feedData("half");
 *   reader.feedEof();
 *   try {
 *     await reader.readexactly(8);
 *   } catch (error) {
 *     if (error instanceof IncompleteReadError) console.log(error.partial.length, error.expected); // 4 8
 *   }
 * });
 * ```
 */
export class IncompleteReadError extends EOFError {
  override name = "IncompleteReadError";
  static {
    recognizeByName(this, "IncompleteReadError");
  }
  /** What had come. Python: `asyncio.IncompleteReadError.partial` */
  readonly partial: Uint8Array;
  /** How many bytes were to be read; undefined if it was to be up to a separator. Python: `asyncio.IncompleteReadError.expected` */
  readonly expected: number | undefined;

  /**
   * @param options.partial What had come.
   * @param options.expected How many bytes were to be read.
   */
  constructor(
    message: string,
    options: ErrorOptions & { partial: Uint8Array; expected?: number | undefined },
  ) {
    super(message, causeOf(options));
    this.partial = options.partial;
    this.expected = ownOf(options).expected;
  }
}

/**
 * No separator came within a stream's limit.
 *
 * Python: `asyncio.LimitOverrunError`
 *
 * @example
 * ```ts
 * import { LimitOverrunError, run, StreamReader } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const reader = new StreamReader({ limit: 4 });
 *   reader.feedData("far too long");
 *   try {
 *     await reader.readuntil(";");
 *   } catch (error) {
 *     if (error instanceof LimitOverrunError) console.log(error.consumed); // 12
 *   }
 * });
 * ```
 */
export class LimitOverrunError extends Error {
  override name = "LimitOverrunError";
  static {
    recognizeByName(this, "LimitOverrunError");
  }
  /** How many bytes can be read that are not part of the separator. Python: `asyncio.LimitOverrunError.consumed` */
  readonly consumed: number;

  /** @param options.consumed How many bytes can be read that are not part of the separator. */
  constructor(message: string, options: ErrorOptions & { consumed: number }) {
    super(message, causeOf(options));
    this.consumed = options.consumed;
  }
}

/** heddle broke one of its own rules: please report it. Python: none */
export class InternalError extends Error {
  override name = "InternalError";
  static {
    recognizeByName(this, "InternalError");
  }

  /** @param message What was broken; a request to report it is added. */
  constructor(message: string, options?: ErrorOptions) {
    super(`${message} (this is a bug in heddle: please report it)`, options);
  }
}

/** The options without what their prototype may have. */
function ownOf<T extends object>(options: T): T {
  if (typeof options !== "object" || options === null)
    throw wrongType("Cannot make the error: options", "an object", options);
  return { __proto__: null, ...options };
}

/** The cause, if one was given: it may be `undefined`. */
function causeOf(options: ErrorOptions): ErrorOptions | undefined {
  return Object.hasOwn(ownOf(options), "cause") ? { cause: options.cause } : undefined;
}
