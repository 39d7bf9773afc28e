/** What happens to the exception of a thread that was not being joined. */
import { checkedObject } from "../base/options.ts";
import { checkedFunction } from "../base/functions.ts";
import { asCallback } from "../contextvars/caller-context.ts";
import { asText, errorText } from "../base/text.ts";
import { platform } from "#platform";
import { program } from "../program/program.ts";
import { SystemExit } from "../process-errors.ts";
import { threadRegistry } from "../base/registry.ts";
// oxlint-disable-next-line import/no-cycle -- only the type: a hook is told the very thread
import type { Thread } from "./thread.ts";

/** What an excepthook receives. Python: `threading.ExceptHookArgs` */
export interface ExceptHookArgs {
  /** The class of what was thrown; undefined where that is not an error. */
  readonly excType: Function | undefined;
  /** What was thrown. */
  readonly excValue: unknown;
  /** The thread that it ended. A hook always receives it; {@link __excepthook__} prints the calling thread's number without it. */
  readonly thread: Thread;
}

/** Handles an exception that a thread ended with. Python: `threading.excepthook` */
export type ExceptHook = (args: ExceptHookArgs) => void;

interface Current {
  hook: ExceptHook;
  /** The hook in the context of the code that set it. */
  call: ExceptHook;
}

function current(): Current {
  return threadRegistry("excepthook@2", () => ({ hook: __excepthook__, call: __excepthook__ }));
}

/**
 * Prints `Exception in thread NAME:` and the stack on standard error: what is done
 * with an exception unless {@link setExcepthook} says otherwise. A `SystemExit` is
 * passed over in silence.
 *
 * Python: `threading.__excepthook__`
 *
 * @example Count, and print all the same
 * ```ts
 * import { __excepthook__, setExcepthook } from "heddle/threading";
 *
 * let count = 0;
 * setExcepthook((args) => {
 *   count += 1;
 *   __excepthook__(args);
 * });
 * ```
 */
// oxlint-disable-next-line no-underscore-dangle -- Python's name
export function __excepthook__(input: ExceptHookArgs): void {
  const { excValue, thread } = checkedObject(input, "__excepthook__: input");
  if (excValue instanceof SystemExit) return;
  const name = (thread as Thread | undefined)?.name ?? program().ident;
  platform.errorStream.write(`Exception in thread ${asText(name)}:\n${errorText(excValue)}\n`);
}

/**
 * Handles an exception as the current hook does.
 *
 * A thread's exception gets here, in the thread that started it, if nobody is
 * waiting in `join()` or `await thread` when the thread ends. A later `join()`
 * throws it all the same. If the thread is never joined, the program's exit code is 1.
 *
 * Python: `threading.excepthook`
 * Differs: a name of a module cannot be assigned in TypeScript; use {@link setExcepthook}.
 *
 * @example Report an exception of one's own
 * ```ts
 * import { currentThread, excepthook, setExcepthook } from "heddle/threading";
 *
 * setExcepthook(({ excValue }) => console.log(String(excValue))); // RangeError: too far
 * excepthook({ excType: RangeError, excValue: new RangeError("too far"), thread: currentThread() });
 * ```
 */
export function excepthook(args: ExceptHookArgs): void {
  current().call(checkedObject(args, "excepthook: args"));
}

/**
 * Sets what is done with exceptions of threads that the calling thread starts and
 * that nobody waits for. Returns what was done until now.
 *
 * Python: assigning to `threading.excepthook`
 *
 * @param hook Undefined for the original one.
 * @throws {TypeError} `hook` is not a function.
 *
 * @example
 * ```ts
 * import { setExcepthook, Thread } from "heddle/threading";
 *
 * const reported = new Promise((resolve) => {
 *   setExcepthook(({ thread, excValue }) => resolve(`${thread.name}: ${String(excValue)}`));
 * });
 * const fail = (): void => {
 *   throw new RangeError("too far");
 * };
 * const thread = new Thread({ target: fail, name: "scout" });
 * thread.start();
 * console.log(await reported); // scout: RangeError: too far
 * await thread.join().catch(() => {}); // collected: the exit code stays 0
 * setExcepthook(undefined);
 * ```
 */
export function setExcepthook(hook: ExceptHook | undefined): ExceptHook {
  if (hook !== undefined) checkedFunction(hook, "setExcepthook: hook");
  const state = current();
  const before = state.hook;
  state.hook = hook ?? __excepthook__;
  state.call = hook === undefined ? __excepthook__ : asCallback(hook);
  return before;
}

/** Reports what a thread threw; if the hook itself throws, both are printed. Not public. */
export function reportException(thread: Thread, thrown: unknown): void {
  const excType = thrown instanceof Error ? thrown.constructor : undefined;
  try {
    excepthook({ excType, excValue: thrown, thread });
  } catch (error) {
    platform.errorStream.write(
      `Exception in threading.excepthook:\n${errorText(error)}\n` +
        `It was called for the exception in thread ${thread.name}:\n${errorText(thrown)}\n`,
    );
  }
}
