/** Making tasks of whatever can be made one. */
import { isThenable } from "../../base/functions.ts";
import { copyContents, currentContents } from "../../contextvars/contents.ts";
import { type Context, contentsOf } from "../../contextvars/context.ts";
import { checkedOptions } from "../../base/options.ts";
import { AsyncTask } from "./async-task.ts";
import type { Coroutine, Spawnable } from "./coroutine-types.ts";
import { noteCreation } from "./creation-sites.ts";
import { isFuture } from "./future.ts";
import { GeneratorTask } from "./generator-task.ts";
import type { Loop } from "./loop.ts";
import { iterationsOf } from "./loop-core.ts";
import { getRunningLoop } from "./running-loop.ts";
import { isCoroutine, isGeneratorFunction, isIterated } from "./spawnable.ts";
import type { Task, TaskParts } from "./task.ts";
import type { Session } from "./session.ts";
import { currentSession } from "./session-of-caller.ts";

/** What {@link createTask} takes besides the coroutine. Python: none */
export interface TaskOptions {
  /** What to call the task. Default: `Task-` and a number. */
  readonly name?: string | undefined;
  /** What the task runs in. Default: a copy of the current context. */
  readonly context?: Context | undefined;
  /**
   * Whether the task takes its first step at once, before `createTask` returns.
   * Default: false, or what the loop's task factory decides.
   */
  readonly eagerStart?: boolean | undefined;
}

const TASK_OPTIONS = ["name", "context", "eagerStart"] as const;

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

/** What a loop does to make a task, unless it has a task factory. */
export function makeTask<T>(
  loop: Loop,
  coroutine: Spawnable<T>,
  options?: TaskOptions,
  session: Session = currentSession(loop),
): Task<T> {
  const given =
    options === undefined ? undefined : checkedOptions(options, TASK_OPTIONS, "createTask");
  const context = given?.context;
  const parts: TaskParts = {
    session,
    contents: context === undefined ? copyContents(currentContents()) : contentsOf(context),
  };
  const task = newTask(coroutine, parts);
  if (loop.getDebug()) noteCreation(task);
  if (given?.name !== undefined) task.setName(given.name);
  if (given?.eagerStart === true) task.startNow();
  else iterationsOf(loop).push(task);
  return task;
}

function newTask<T>(coroutine: Spawnable<T>, parts: TaskParts): GeneratorTask<T> | AsyncTask<T> {
  if (typeof coroutine === "function") {
    if (isGeneratorFunction(coroutine))
      return new GeneratorTask(coroutine() as Coroutine<T>, parts);
    return new AsyncTask(coroutine, parts);
  }
  if (isCoroutine(coroutine) && !isFuture(coroutine)) return new GeneratorTask(coroutine, parts);
  if (isIterated(coroutine) && !isFuture(coroutine))
    return new GeneratorTask(coroutine[Symbol.iterator]() as Coroutine<T>, parts);
  throw new TypeError(`Cannot make a task of ${describe(coroutine)}`);
}

function describe(value: unknown): string {
  if (isFuture(value)) return `${String(value)}: wait for it, or use ensureFuture()`;
  if (isThenable(value))
    return "a promise: what it stands for runs already; pass a function, such as () => work(1), or use fromPromise()";
  const what = value === null ? "null" : typeof value;
  return `${what === "object" ? "this object" : what}: a coroutine or a function is needed`;
}
