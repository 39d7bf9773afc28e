/** What happens to an exception of a thread that has no object: `_thread.startNewThread`. */
import { checkedObject } from "../base/options.ts";
import { checkedFunction } from "../base/functions.ts";
import { asCallback } from "../contextvars/caller-context.ts";
import { asText, errorText, nameOf } from "../base/text.ts";
import { platform } from "#platform";
import { SystemExit } from "../process-errors.ts";
import { threadRegistry } from "../base/registry.ts";

/** What an unraisable hook receives. Python: `sys.unraisablehook` */
export interface UnraisableHookArgs {
  /** The class of what was thrown; undefined where that is not an error. */
  readonly excType: Function | undefined;
  /** What was thrown. */
  readonly excValue: unknown;
  /** What was being done, for the report. */
  readonly errMsg: string;
  /** The function that was running. */
  readonly object: unknown;
}

/** Handles an exception that no caller waits for. Python: `sys.unraisablehook` */
export type UnraisableHook = (args: UnraisableHookArgs) => void;

interface Current {
  hook: UnraisableHook;
  /** The hook in the context of the code that set it. */
  call: UnraisableHook;
}

function current(): Current {
  return threadRegistry("unraisable hook@2", () => ({
    hook: __unraisablehook__,
    call: __unraisablehook__,
  }));
}

/**
 * Prints the exception on standard error: what is done unless {@link setUnraisablehook} says otherwise.
 *
 * Python: `sys.__unraisablehook__`
 *
 * @example Count, and print all the same
 * ```ts
 * import { __unraisablehook__, setUnraisablehook } from "heddle/_thread";
 *
 * let count = 0;
 * setUnraisablehook((args) => {
 *   count += 1;
 *   __unraisablehook__(args);
 * });
 * ```
 */
// oxlint-disable-next-line no-underscore-dangle -- Python's name
export function __unraisablehook__(input: UnraisableHookArgs): void {
  const { excValue, errMsg } = checkedObject(input, "__unraisablehook__: input");
  if (excValue instanceof SystemExit) return;
  platform.errorStream.write(`${asText(errMsg)}:\n${errorText(excValue)}\n`);
}

/**
 * Sets what is done with exceptions of threads that the calling thread starts by
 * `startNewThread`. Returns what was done until now.
 *
 * Python: assigning to `sys.unraisablehook`
 *
 * @param hook Undefined for the original one.
 * @throws {TypeError} `hook` is not a function.
 *
 * @example
 * ```ts
 * import { allocateLock, setUnraisablehook, startNewThread } from "heddle/_thread";
 *
 * const done = allocateLock();
 * await done.acquire();
 * setUnraisablehook(({ excValue }) => {
 *   console.log(String(excValue)); // RangeError: too far
 *   done.release();
 * });
 * startNewThread(() => { throw new RangeError("too far"); });
 * await done.acquire(); // the program does not live for such a thread, but for this
 * setUnraisablehook(undefined);
 * ```
 */
export function setUnraisablehook(hook: UnraisableHook | undefined): UnraisableHook {
  if (hook !== undefined) checkedFunction(hook, "setUnraisablehook: hook");
  const state = current();
  const before = state.hook;
  state.hook = hook ?? __unraisablehook__;
  state.call = hook === undefined ? __unraisablehook__ : asCallback(hook);
  return before;
}

/** Reports what a thread threw; disturbs nobody, even if the hook itself throws. Not public. */
export function reportUnraisable(target: Function, thrown: unknown): void {
  const excType = thrown instanceof Error ? thrown.constructor : undefined;
  const errMsg = `Exception ignored in thread started by ${nameOf(target) || "an anonymous function"}`;
  try {
    current().call({ excType, excValue: thrown, errMsg, object: target });
  } catch (error) {
    platform.errorStream.write(`Exception in the unraisable hook:\n${errorText(error)}\n`);
  }
}
