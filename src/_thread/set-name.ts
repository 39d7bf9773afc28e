/** Small functions of `_thread` about the calling thread. */
import { program } from "../program/program.ts";

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
  program().record.name = name;
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
