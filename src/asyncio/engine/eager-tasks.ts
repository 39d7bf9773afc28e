import type { Spawnable } from "./coroutine-types.ts";
import { makeTask, type TaskOptions } from "./create-task.ts";
import type { Loop } from "./loop.ts";
import type { Task } from "./task.ts";

/**
 * A task factory whose tasks take their first step at once.
 *
 * What never has to wait is then done when `createTask` returns, and the loop does
 * not come into it. Give it to {@link Loop.setTaskFactory}.
 *
 * Python: `asyncio.eager_task_factory`
 * Differs: an async function that awaits nothing is done soon after, not at once.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, eagerTaskFactory, getRunningLoop, run } from "heddle/asyncio";
 *
 * function* answer(): Coroutine<number> {
 *   return 42;
 * }
 *
 * function* main(): Coroutine<void> {
 *   getRunningLoop().setTaskFactory(eagerTaskFactory);
 *   console.log(createTask(answer()).done()); // true
 *   getRunningLoop().setTaskFactory(null);
 * }
 *
 * await run(main());
 * ```
 */
export function eagerTaskFactory<T>(
  loop: Loop,
  coroutine: Spawnable<T>,
  options?: TaskOptions,
): Task<T> {
  return makeTask(loop, coroutine, { eagerStart: true, ...options });
}
