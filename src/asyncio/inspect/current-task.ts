import { kindOf } from "../../base/text.ts";
import { RuntimeError } from "../../errors.ts";
import { type Loop, Task } from "../engine/classes.ts";
import { taskOf } from "../engine/faces.ts";
import { runningLoop, sessionOfCaller, taskOfCaller } from "../engine/caller.ts";
import { coreOfLoop, type Session } from "../engine/loop-core.ts";

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
  if (loop !== undefined) checkLoop(loop, "currentTask");
  const task = taskOfCaller();
  if (task === undefined || (loop !== undefined && task.loop.face !== loop)) return null;
  return taskOf(task);
}

/**
 * Returns the tasks that are not done: of a loop, or of the run that the calling code belongs to.
 *
 * Python: `asyncio.all_tasks`
 *
 * Differs: without `loop`, returns only the tasks of the current `run()`, since several runs may
 *   share a loop.
 *
 * @throws {RuntimeError} No loop was given, and none runs the calling code; or the loop is
 *   another thread's.
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
  if (loop === undefined) return tasksOf([sessionOfCaller(runningLoop())]);
  const core = coreOfLoop(loop);
  if (core !== undefined) return tasksOf(core.sessions);
  checkLoop(loop, "allTasks");
  throw new RuntimeError(
    "Cannot list the tasks of the loop: it runs in another thread. " +
      "Call allTasks() there, by runCoroutineThreadsafe()",
  );
}

/** @throws {TypeError} It is not a loop, of this thread or another. */
function checkLoop(loop: Loop, of: string): void {
  if (typeof (loop as Partial<Loop> | null)?.callSoonThreadsafe !== "function")
    throw new TypeError(`${of}: "loop" must be a Loop, got ${kindOf(loop)}`);
}

function tasksOf(sessions: readonly Session[]): Set<Task<unknown>> {
  const tasks = sessions.flatMap((session) => [...session.tasks]);
  return new Set(tasks.filter((task) => task instanceof Task));
}
