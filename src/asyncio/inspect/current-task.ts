import { getRunningLoop } from "../engine/running-loop.ts";
import type { Loop } from "../engine/loop.ts";
import { sessionsOf } from "../engine/loop-core.ts";
import { currentSession } from "../engine/session-of-caller.ts";
import type { Task } from "../engine/task.ts";
import { taskOfCaller } from "../engine/task-of-caller.ts";

/**
 * Returns the task that the calling code belongs to; `null` in a callback, or outside of any task.
 *
 * Python: `asyncio.current_task`
 *
 * Differs: returns `null` outside of a loop; Python raises RuntimeError.
 *
 * @param loop Only a task of this loop counts. Default: of any.
 *
 * @example
 * ```ts
 * import { createTask, currentTask, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   await createTask(async () => console.log(currentTask()?.getName()), { name: "ada" }); // ada
 * });
 * ```
 */
export function currentTask(loop?: Loop): Task<unknown> | null {
  const task = taskOfCaller();
  if (task === undefined || (loop !== undefined && task.getLoop() !== loop)) return null;
  return task;
}

/**
 * Returns the tasks that are not done: of a loop, or of the run that the calling code belongs to.
 *
 * Python: `asyncio.all_tasks`
 *
 * Differs: without `loop`, returns only the tasks of the current `run()`, since several runs may
 *   share a loop.
 *
 * @throws {RuntimeError} No loop was given, and none runs the calling code.
 *
 * @example
 * ```ts
 * import { allTasks, createTask, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   createTask(sleep(60_000), { name: "ada" });
 *   console.log([...allTasks()].at(-1)?.getName()); // ada
 * });
 * ```
 */
export function allTasks(loop?: Loop): Set<Task<unknown>> {
  if (loop !== undefined) return new Set(sessionsOf(loop).flatMap(({ tasks }) => [...tasks]));
  return new Set(currentSession(getRunningLoop()).tasks);
}
