/** Ending threads, and disturbing the main one. */
import { platform } from "#platform";
import { SystemExit } from "../errors.ts";

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
  throw new SystemExit("The thread was asked to end");
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
  platform.raise(signal);
}
