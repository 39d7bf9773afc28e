/** The calling thread: its number, its name, its end. */
import { checkedType } from "../base/options.ts";
import { server } from "#platform";
import { SystemExit } from "../process-errors.ts";
import { program } from "../program/program.ts";

/**
 * Returns a number unlike that of any other living thread. Never 0.
 *
 * Python: `threading.get_ident`
 *
 * @example
 * ```ts
 * import { currentThread, getIdent } from "heddle/threading";
 *
 * console.log(getIdent() === currentThread().ident); // true
 * ```
 */
export function getIdent(): number {
  return program().ident;
}

/**
 * Returns the same as {@link getIdent}: runtimes do not tell the operating system's number.
 *
 * Python: `threading.get_native_id`
 * Differs: the number is heddle's, not the operating system's.
 *
 * @example
 * ```ts
 * import { getIdent, getNativeId } from "heddle/threading";
 *
 * console.log(getNativeId() === getIdent()); // true
 * ```
 */
export function getNativeId(): number {
  return program().ident;
}

/**
 * Names the calling thread, as `dump()` and error messages show it.
 *
 * Python: `_thread.set_name`
 * Differs: sets heddle's own name of the thread; the operating system's cannot be set.
 *
 * @example
 * ```ts
 * import { setName } from "heddle/_thread";
 * import { enumerate } from "heddle/threading";
 *
 * setName("weaver");
 * console.log(enumerate()[0].name); // weaver
 * ```
 */
export function setName(name: string): void {
  program().record.name = checkedType(name, "string", "setName: name");
}

/**
 * Whether threads may be daemons: always.
 *
 * Python: `_thread.daemon_threads_allowed`
 *
 * @example
 * ```ts
 * import { daemonThreadsAllowed } from "heddle/_thread";
 *
 * console.log(daemonThreadsAllowed()); // true
 * ```
 */
export function daemonThreadsAllowed(): boolean {
  return true;
}

/**
 * Ends the calling thread, by throwing a `SystemExit`, which a `catch` should throw again.
 *
 * Python: `_thread.exit`
 *
 * @throws {SystemExit} Always.
 *
 * @example
 * ```ts
 * import { exit } from "heddle/_thread";
 *
 * try {
 *   exit();
 * } catch (error) {
 *   console.log((error as Error).name); // SystemExit
 * }
 * ```
 */
export function exit(): never {
  throw new SystemExit();
}

/**
 * Does to the program what a signal does: by default, what Ctrl-C does. The main
 * thread's handler runs in its next turn; without a handler the program ends.
 *
 * Python: `_thread.interrupt_main`
 *
 * Differs: takes a name, not a number. No exception is raised in the main thread, since
 *   JavaScript cannot be interrupted. Without a handler, the signal's default action happens; in
 *   Python, nothing happens.
 *
 * @param signal Name of the signal.
 * @throws {TypeError} There is no such signal.
 *
 * @example
 * ```ts
 * import { interruptMain } from "heddle/_thread";
 *
 * const awake = setInterval(() => {}, 1000); // a handler alone does not keep Node running
 * process.once("SIGINT", () => {
 *   clearInterval(awake);
 *   console.log("interrupted"); // interrupted
 * });
 * interruptMain();
 * ```
 */
export function interruptMain(signal: string = "SIGINT"): void {
  server.raise(checkedType(signal, "string", "interruptMain: signal"));
}
