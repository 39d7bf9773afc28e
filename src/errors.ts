/**
 * Every error heddle throws, under Python's names where Python has one.
 *
 * `name` is a literal on each prototype-less instance, so that it survives
 * minifying and can be matched after an error has crossed to another thread.
 */

/** An operation was attempted in a state that does not allow it. Python: `RuntimeError` */
export class RuntimeError extends Error {
  override name = "RuntimeError";
}

/** A wait lasted longer than its `timeout`. Python: `TimeoutError` */
export class TimeoutError extends Error {
  override name = "TimeoutError";
}

/** The awaited work was cancelled. Python: `concurrent.futures.CancelledError` */
export class CancelledError extends Error {
  override name = "CancelledError";
}

/** A future was asked for a transition that its state does not allow. Python: `concurrent.futures.InvalidStateError` */
export class InvalidStateError extends Error {
  override name = "InvalidStateError";
}

/** An executor can take no more work. Python: `concurrent.futures.BrokenExecutor` */
export class BrokenExecutor extends RuntimeError {
  override name = "BrokenExecutor";
}

/**
 * A worker of a thread pool died, or its initializer failed. `cause` says why.
 *
 * Python: `concurrent.futures.thread.BrokenThreadPool`
 */
export class BrokenThreadPool extends BrokenExecutor {
  override name = "BrokenThreadPool";
  /** The worker's name, such as `ThreadPoolExecutor-0_1`. */
  readonly worker: string | undefined;
  /** The worker's exit code, when it left one. */
  readonly exitCode: number | undefined;
  /** Whether the task behind this future had been started: if not, it never ran. */
  readonly started: boolean;

  constructor(
    message: string,
    options: ErrorOptions & {
      worker?: string | undefined;
      exitCode?: number | undefined;
      started?: boolean;
    } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.worker = options.worker;
    this.exitCode = options.exitCode;
    this.started = options.started ?? false;
  }
}

/** The calling thread may not block, or could never be woken. Python: none */
export class CannotBlockError extends RuntimeError {
  override name = "CannotBlockError";
}

/** The runtime lacks what the call needs. Python: none */
export class UnsupportedError extends RuntimeError {
  override name = "UnsupportedError";
  /** What is missing, such as `sharedMemory`. */
  readonly capability: string;
  /** Where it is missing, such as `browser`. */
  readonly runtime: string;

  constructor(message: string, options: { capability: string; runtime: string }) {
    super(message);
    this.capability = options.capability;
    this.runtime = options.runtime;
  }
}

/** A value cannot cross to another thread; `path` names the part that cannot. Python: `pickle.PicklingError` */
export class SendError extends TypeError {
  override name = "SendError";
  /** The offending part, such as `args[0].user.save`. */
  readonly path: string;

  constructor(message: string, options: ErrorOptions & { path: string }) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.path = options.path;
  }
}

/**
 * A function cannot be named so that another thread could run it.
 *
 * Python: `pickle.PicklingError`
 */
export class NotShippableError extends TypeError {
  override name = "NotShippableError";
  /** The name of the function, `""` if it has none. */
  readonly functionName: string;
  /** The variables from outside the function that it uses, imports marked as such. */
  readonly freeVariables: readonly string[];

  constructor(
    message: string,
    options: ErrorOptions & { functionName: string; freeVariables?: readonly string[] },
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.functionName = options.functionName;
    this.freeVariables = options.freeVariables ?? [];
  }
}

/** An error whose class the receiving thread cannot rebuild. Python: none */
export class RemoteError extends Error {
  override name = "RemoteError";
  /** The name that the error had in the thread that threw it. */
  readonly remoteName: string;

  constructor(message: string, options: ErrorOptions & { remoteName: string }) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.remoteName = options.remoteName;
  }
}

/** heddle broke one of its own rules: please report it. Python: none */
export class InternalError extends Error {
  override name = "InternalError";

  constructor(message: string, options?: ErrorOptions) {
    super(`${message} (this is a bug in heddle: please report it)`, options);
  }
}
