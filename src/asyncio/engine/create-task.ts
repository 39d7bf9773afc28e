import { checkedTaskOptions } from "./new-task.ts";
import type { Spawnable, TaskOptions } from "../events.ts";
import { type Loop, makeTask, type Task } from "./classes.ts";
import { coreOfLoop } from "./loop-core.ts";
import { getRunningLoop } from "./running-loop.ts";

/**
 * Makes a task of a coroutine. The task begins in the loop's next iteration. Never waits.
 *
 * An async function is given as such, not its promise: `createTask(() => work(1))`.
 *
 * Python: `asyncio.create_task`
 *
 * Differs: the loop holds the task until it is done. With `eagerStart`, an async function that
 *   awaits nothing is done soon after, not at once.
 *
 * @param options.name What to call the task.
 * @param options.context What it runs in. Default: a copy of the current context.
 * @param options.eagerStart Whether it takes its first step at once.
 * @throws {RuntimeError} There is no running loop.
 * @throws {TypeError} No task can be made of it.
 *
 * @example
 * ```ts
 * import { createTask, run, sleep } from "heddle/asyncio";
 *
 * async function greet(name: string): Promise<void> {
 *   await sleep(1);
 *   console.log(`Hello, ${name}`); // Hello, Ada
 * }
 *
 * await run(async () => {
 *   const task = createTask(() => greet("Ada"), { name: "greeting" });
 *   await task;
 * });
 * ```
 */
export function createTask<T>(coroutine: Spawnable<T>, options?: TaskOptions): Task<T> {
  return getRunningLoop().createTask(coroutine, options);
}

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
  const core = coreOfLoop(loop);
  if (core === undefined) throw new TypeError("eagerTaskFactory: the loop must be a Loop");
  return makeTask(core, coroutine, {
    eagerStart: true,
    ...(options === undefined ? undefined : checkedTaskOptions(options)),
  });
}
