/** The processes that there are, as the calling thread sees them. */
import { parentIdentity } from "../agents/process-identity.ts";
import { living, makeView, Process, views } from "./process.ts";

/**
 * The object of the calling process.
 *
 * Python: `multiprocessing.current_process`
 *
 * @example
 * ```ts
 * import { currentProcess } from "heddle/multiprocessing";
 *
 * console.log(currentProcess().name); // MainProcess
 * ```
 */
export function currentProcess(): Process {
  return (views().own ??= makeView("own", Process));
}

/**
 * The object of the process that has started this one; undefined in the main process.
 *
 * Its `join` waits for the parent's end, with which this process ends.
 *
 * Python: `multiprocessing.parent_process`
 *
 * @example
 * ```ts
 * import { parentProcess, Process } from "heddle/multiprocessing";
 *
 * console.log(parentProcess()); // undefined
 * const child = new Process({ target: () => parentProcess()?.name });
 * child.start();
 * console.log(await child); // MainProcess
 * ```
 */
export function parentProcess(): Process | undefined {
  if (parentIdentity() === undefined) return undefined;
  return (views().parent ??= makeView("parent", Process));
}

/**
 * The processes that the calling thread has started and that have not ended.
 *
 * Python: `multiprocessing.active_children`
 * Differs: those that other threads of this process have started are not among them.
 *
 * @example
 * ```ts
 * import { activeChildren, Process } from "heddle/multiprocessing";
 *
 * const child = new Process({ target: () => undefined });
 * child.start();
 * console.log(activeChildren().includes(child)); // true
 * await child.join();
 * console.log(activeChildren().length); // 0
 * ```
 */
export function activeChildren(): Process[] {
  return [...living()];
}
