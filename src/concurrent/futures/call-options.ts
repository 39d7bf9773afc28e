/** Options of calls: what a program may ask for besides the function and its arguments. */
import { checkedOption, checkedOptions } from "../../base/options.ts";
import { kindOf, wrongType } from "../../base/text.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import type { CallWishes } from "../../calls/call.ts";
import { type Context, isContext } from "../../contextvars/context.ts";
import { deadlineAfter } from "../../memory/deadline.ts";
import { isSignal } from "../../waiting/wait-options.ts";
import { checkedGraceTime, USUAL_GRACE_MS } from "./cancel-options.ts";

/** What a call gets besides its function and its arguments. Python: none */
export interface CallOptions {
  /** How long it may run, in milliseconds, from when a worker begins it. Then it fails with a `TimeoutError`, and is stopped. */
  readonly timeout?: number | undefined;
  /** When it must be over, as `Date.now()` says the time. Then it fails with a `TimeoutError`, and is not begun, or stopped. */
  readonly deadline?: number | undefined;
  /** Cancels it once it is aborted, also while it runs. */
  readonly signal?: WebAbortSignal | undefined;
  /** How long it may take to stop, in milliseconds, before its worker is ended; Infinity never ends it. Default: 1000. */
  readonly grace?: number | undefined;
  /** Calls with a greater one are begun first; one more is worth a second of waiting. Default: 0. */
  readonly priority?: number | undefined;
  /** What `currentCall()`, errors and consoles call it. Default: the function's name. */
  readonly name?: string | undefined;
  /** Buffers, and others, that are moved where they are among the arguments, as by `move`. */
  readonly transfer?: readonly object[] | undefined;
  /** The call sees the values of its variables. */
  readonly context?: Context | undefined;
}

const OPTIONS = [
  "timeout",
  "deadline",
  "signal",
  "grace",
  "priority",
  "name",
  "transfer",
  "context",
] as const;

/** Those options as a pool takes them. */
export interface CheckedCallOptions {
  readonly wishes: CallWishes;
  readonly transfer: ReadonlySet<object> | undefined;
  readonly context: Context | undefined;
}

/**
 * @param of The method, as errors name it.
 * @throws {Error} An option is wrong.
 */
export function checkedCallOptions(
  options: CallOptions | undefined,
  of: string,
): CheckedCallOptions {
  const own = checkedOptions(options, OPTIONS, of);
  const { timeout, deadline, signal, grace, priority, name, transfer, context } = own;
  checkedOption(name, "string", `${of}: "name"`);
  checkFinite(deadline, `${of}: "deadline"`);
  checkFinite(priority, `${of}: "priority"`);
  if (signal !== undefined && !isSignal(signal))
    throw wrongType(`${of}: "signal"`, "an AbortSignal", signal);
  if (context !== undefined && !isContext(context))
    throw wrongType(`${of}: "context"`, "a Context", context);
  deadlineAfter(timeout, of);
  const wishes: CallWishes = {
    timeoutMs: timeout ?? Infinity,
    deadlineMs: deadline === undefined ? Infinity : performance.now() + deadline - Date.now(),
    signal,
    graceMs: grace === undefined ? USUAL_GRACE_MS : checkedGraceTime(grace, of),
    priority,
    name,
  };
  const moved = transfer === undefined ? undefined : checkedTransfer(transfer, of);
  return { wishes, transfer: moved, context };
}

function checkFinite(value: number | undefined, what: string): void {
  checkedOption(value, "number", what);
  if (value !== undefined && !Number.isFinite(value))
    throw new RangeError(`${what} must be finite, got ${value}`);
}

function checkedTransfer(transfer: readonly object[], of: string): ReadonlySet<object> {
  const what = `${of}: "transfer"`;
  if (!Array.isArray(transfer)) throw wrongType(what, "an array", transfer);
  const targets = new Set<object>();
  for (const [index, item] of (transfer as readonly unknown[]).entries()) {
    if (typeof item !== "object" || item === null)
      throw new TypeError(`${what}[${index}] must be an object, got ${kindOf(item)}`);
    const target = ArrayBuffer.isView(item) ? item.buffer : item;
    if (target instanceof SharedArrayBuffer)
      throw new TypeError(`${what}[${index}] must not be shared memory, which is never copied`);
    targets.add(target);
  }
  return targets;
}
