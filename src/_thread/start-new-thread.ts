/** Python's lowest way to start a thread. */
import { kindOf, nameOf } from "../base/text.ts";
import { type AnyFunction, checkedFunction } from "../base/functions.ts";
import { program } from "../program/program.ts";
import { RUNNING } from "../memory/agent-table.ts";
import { FUNCTION_ONLY, startThread } from "./thread-host.ts";
import { reportUnraisable } from "./unraisable-hook.ts";

/**
 * Starts a thread that calls `fn(...args)`, and returns its ident.
 *
 * What `fn` returns is dropped; what it throws goes to the unraisable hook and
 * disturbs nobody. The program does not live for such a thread. Never waits.
 *
 * Python: `_thread.start_new_thread`
 *
 * @param fn Takes along what it uses of its module.
 * @param args Its arguments; they are copied.
 * @param kwargs Passed as one object behind the arguments.
 * @throws {TypeError} `fn` is not a function, `args` is not an array or `kwargs` is not an object.
 * @throws {NotShippableError} `fn` uses what it cannot take along.
 * @throws {SendError} An argument cannot be sent.
 * @throws {RuntimeError} There are too many threads.
 *
 * @example
 * ```ts
 * import { allocateLock, startNewThread } from "heddle/_thread";
 *
 * const done = allocateLock();
 * await done.acquire();
 * startNewThread((done: { release(): void }) => done.release(), [done]);
 * await done.acquire();
 * console.log("it ran"); // it ran
 * ```
 */
export function startNewThread<F extends AnyFunction>(
  fn: F,
  args: Readonly<Parameters<F>> | readonly [] = [],
  kwargs?: object,
): number {
  checkedFunction(fn, "startNewThread: fn");
  if (!Array.isArray(args))
    throw new TypeError(`startNewThread: args must be an array, got ${kindOf(args)}`);
  if (kwargs !== undefined && (typeof kwargs !== "object" || kwargs === null)) {
    throw new TypeError(`startNewThread: kwargs must be an object, got ${kindOf(kwargs)}`);
  }
  return startThread({
    ...FUNCTION_ONLY,
    fn,
    args: kwargs === undefined ? args : [...(args as readonly unknown[]), kwargs],
    name: `Thread-${program().agents.nextNumber()} (${nameOf(fn) || "anonymous"})`,
    daemon: true,
    onEnd: (outcome) => {
      if (outcome.kind === "threw") reportUnraisable(fn, outcome.error);
    },
  });
}

/**
 * Returns how many threads run besides the main one.
 *
 * Python: `_thread._count`
 *
 * @example
 * ```ts
 * import { count } from "heddle/_thread";
 *
 * console.log(count()); // 0
 * ```
 */
export function count(): number {
  const { agents } = program();
  const idents = [...agents.live()].map((slot) => agents.identOf(slot));
  return idents.filter((ident) => ident !== 0 && agents.fateOf(ident) === RUNNING).length - 1;
}
