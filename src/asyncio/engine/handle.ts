/** Callbacks that a loop is going to call. */
import { nameOf, showAsText } from "../../base/text.ts";
import { platform } from "#platform";
import { callAsStep, callDetached } from "../../contextvars/caller-context.ts";
import { type Contents, copyContents, currentContents } from "../../contextvars/contents.ts";
import { type Context, contextOf } from "../../contextvars/context.ts";
import type { AsyncScope } from "../../platform/platform.ts";
import type { Handle, LoopFace, Runnable, TimerHandle } from "../events.ts";
import { isExit } from "./step.ts";
import type { HeapTimer } from "./timers.ts";

export type Callback = (...args: never[]) => unknown;

const NO_ARGUMENTS: readonly unknown[] = [];

/**
 * A callback with its arguments and its context.
 *
 * A user's callback is called in the async scope of the code that gave it. heddle's own have
 * none: they only put into the ready queue what waits.
 */
export class Call implements Handle, Runnable {
  static {
    showAsText(this.prototype);
  }

  /** Whose exception handler is called with its error. */
  readonly #loop: LoopFace;
  readonly #contents: Contents;
  readonly #scope: AsyncScope | undefined;
  /** The run that the code belongs to that gave it; tasks that it makes belong to that, too. */
  readonly #session: object | undefined;
  /** Undefined once it is cancelled. */
  #callback: Callback | undefined;
  #args: readonly unknown[];

  constructor(
    loop: LoopFace,
    callback: Callback,
    args: readonly unknown[],
    contents: Contents = currentContents(),
    scope?: AsyncScope,
    session?: object,
  ) {
    this.#loop = loop;
    this.#contents = contents;
    this.#scope = scope;
    this.#session = session;
    this.#callback = callback;
    this.#args = args;
  }

  get callback(): Callback | undefined {
    return this.#callback;
  }

  cancel(): void {
    this.#callback = undefined;
    this.#args = NO_ARGUMENTS;
  }

  cancelled(): boolean {
    return this.#callback === undefined;
  }

  getContext(): Context {
    return contextOf(this.#contents);
  }

  run(): void {
    if (this.#scope !== undefined) {
      this.#scope.runInAsyncScope(callDetached, undefined, this.#contents, invoke, [this]);
      return;
    }
    callAsStep(this.#contents, invoke, [this]);
  }

  /** Calls the callback, unless it is cancelled. What it throws is reported in its context; a request for an exit is thrown. */
  invoke(): void {
    const callback = this.#callback;
    if (callback === undefined) return;
    const outer = callingSession;
    callingSession = this.#session;
    try {
      callback(...(this.#args as never[]));
    } catch (error) {
      if (isExit(error)) throw error;
      this.#report(error, callback);
    } finally {
      callingSession = outer;
    }
  }

  toString(): string {
    const callback = this.#callback;
    return `<Handle ${callback === undefined ? "cancelled" : nameOf(callback) || "(anonymous)"}>`;
  }

  #report(error: unknown, callback: Callback): void {
    const message = `Exception in callback ${nameOf(callback) || "(anonymous)"}`;
    this.#loop.callExceptionHandler({ message, exception: error, handle: this });
  }
}

/** The run of the callback that is being called. */
let callingSession: object | undefined;

/** The run of the callback that is being called, if one is. */
export function sessionOfCallback(): object | undefined {
  return callingSession;
}

/** Calls a function as a callback of that run. */
export function callForSession(session: object | undefined, fn: () => unknown): void {
  const outer = callingSession;
  callingSession = session;
  try {
    fn();
  } finally {
    callingSession = outer;
  }
}

/** The call of a user's callback. Default for `contents`: a copy of the current ones. */
export function callOfUser(
  loop: LoopFace,
  callback: Callback,
  args: readonly unknown[],
  session: object,
  contents: Contents = copyContents(currentContents()),
): Call {
  return new Call(loop, callback, args, contents, platform.asyncScope(), session);
}

function invoke(call: Call): void {
  call.invoke();
}

/** A callback with the time at which it is due. */
export class TimedCall extends Call implements TimerHandle, HeapTimer {
  declare readonly whenMs: number;
  /** Orders timers that are due at the same time. */
  sequence = 0;
  /** Called when it is cancelled; there while it is among a loop's timers. */
  onCancel: (() => void) | undefined;

  constructor(
    loop: LoopFace,
    callback: Callback,
    args: readonly unknown[],
    whenMs: number,
    contents?: Contents,
    scope?: AsyncScope,
    session?: object,
  ) {
    super(loop, callback, args, contents, scope, session);
    this.whenMs = whenMs;
  }

  get isCancelled(): boolean {
    return this.cancelled();
  }

  when(): number {
    return this.whenMs;
  }

  override cancel(): void {
    if (this.cancelled()) return;
    super.cancel();
    this.onCancel?.();
  }
}
