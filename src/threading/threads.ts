/** Which threads there are. */
import { program } from "../program/program.ts";
import { ownThread, type Thread, threadWith } from "./thread.ts";

/**
 * Returns the thread that the calling code runs in.
 *
 * Python: `threading.current_thread`
 *
 * @example
 * ```ts
 * import { currentThread } from "heddle/threading";
 *
 * console.log(currentThread().name); // MainThread
 * ```
 */
export function currentThread(): Thread {
  return ownThread();
}

/**
 * Returns the thread that the program was started in.
 *
 * Python: `threading.main_thread`
 *
 * @example
 * ```ts
 * import { currentThread, mainThread } from "heddle/threading";
 *
 * console.log(currentThread() === mainThread()); // true
 * ```
 */
export function mainThread(): Thread {
  return threadWith(program().agents.identOf(0));
}

/**
 * Returns all threads that run now: the main thread, those of executors, daemons;
 * none that has not been started, or has ended.
 *
 * Python: `threading.enumerate`
 *
 * @example
 * ```ts
 * import { enumerate } from "heddle/threading";
 *
 * console.log(enumerate().map(({ name }) => name).join()); // MainThread
 * ```
 */
export function enumerate(): Thread[] {
  return idents().map(threadWith);
}

/**
 * Returns how many threads run now.
 *
 * Python: `threading.active_count`
 *
 * @example
 * ```ts
 * import { activeCount } from "heddle/threading";
 *
 * console.log(activeCount()); // 1
 * ```
 */
export function activeCount(): number {
  return idents().length;
}

function idents(): number[] {
  const { agents } = program();
  return [...agents.live()].map((slot) => agents.identOf(slot)).filter((ident) => ident !== 0);
}
