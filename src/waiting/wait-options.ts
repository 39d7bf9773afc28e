/** What every method that may wait accepts. */
import { kindOf } from "../base/text.ts";
import { deadlineAfter, NEVER } from "../memory/deadline.ts";
import type { WebAbortSignal } from "../base/web-types.ts";
import { checkedOptions } from "../base/options.ts";

/** How long to wait, where the wait blocks the thread. Python: none */
export interface SyncWaitOptions {
  /** Longest wait in milliseconds. Default: wait for ever. `0` never waits. */
  readonly timeout?: number | undefined;
}

/** How long to wait, where the wait is a promise. Python: none */
export interface WaitOptions extends SyncWaitOptions {
  /** Ends the wait with the signal's reason. What was waited for goes on. */
  readonly signal?: WebAbortSignal | undefined;
}

/** Wait options that have been checked. */
export interface CheckedWait {
  /** As given, in milliseconds. */
  readonly timeout: number | undefined;
  readonly deadlineMs: number;
  readonly signal: WebAbortSignal | undefined;
}

const ofTasks = /* @__PURE__ */ new WeakSet();

/** The signal is aborted only where code cancels a task. */
export function noteTaskSignal(signal: WebAbortSignal): void {
  ofTasks.add(signal);
}

/** Whether something besides the program's own code may end such a wait: a timer, or whatever aborts a signal. */
export function mayEnd(deadlineMs: number, signal: WebAbortSignal | undefined): boolean {
  return deadlineMs !== NEVER || (signal !== undefined && !ofTasks.has(signal));
}

/** The wait that never gives up. */
export const FOR_EVER: CheckedWait = {
  timeout: undefined,
  deadlineMs: NEVER,
  signal: undefined,
};

/**
 * Checks the options of a promise form.
 *
 * @param of The method, as an error names it.
 * @throws {TypeError} No object, an unknown key, or a value of the wrong type.
 * @throws {RangeError} The timeout is negative, NaN or too long.
 */
export function checkedWait(options: WaitOptions | undefined, of: string): CheckedWait {
  if (options === undefined) return FOR_EVER;
  const { timeout, signal } = checkedOptions(options, ["timeout", "signal"], of);
  if (signal !== undefined && !isSignal(signal))
    throw new TypeError(`${of}: "signal" must be an AbortSignal, got ${kindOf(signal)}`);
  return { timeout, deadlineMs: deadlineAfter(timeout, of), signal };
}

export function isSignal(value: unknown): value is WebAbortSignal {
  try {
    return value instanceof AbortSignal;
  } catch {
    // A proxy that throws.
    return false;
  }
}

/** Checks the options of a blocking form, and returns the deadline. */
export function checkedDeadline(options: SyncWaitOptions | undefined, of: string): number {
  if (options === undefined) return NEVER;
  return deadlineAfter(checkedOptions(options, ["timeout"], of).timeout, of);
}
