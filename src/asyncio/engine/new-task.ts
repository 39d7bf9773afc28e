/** Making the core of a task from whatever can be made one. */
import { checkedText } from "../../base/text.ts";
import { copyContents, currentContents } from "../../contextvars/contents.ts";
import { contentsOf } from "../../contextvars/context.ts";
import { checkedOption, checkedOptions } from "../../base/options.ts";
import type { Coroutine, Spawnable, TaskOptions } from "../events.ts";
import { Rest } from "./async-await.ts";
import { newTaskId } from "./caller.ts";
import { coreInside } from "./future-core.ts";
import type { Session } from "./loop-core.ts";
import {
  beginOnce,
  isCoroutine,
  isGeneratorFunction,
  isIterated,
  notSpawnable,
} from "./spawnable.ts";
import { TaskCore } from "./task-core.ts";

const TASK_OPTIONS = ["name", "context", "eagerStart"] as const;

export function checkedTaskOptions(options: TaskOptions): TaskOptions {
  const checked = checkedOptions(options, TASK_OPTIONS, "createTask");
  checkedOption(checked.eagerStart, "boolean", 'createTask: "eagerStart"');
  return checked;
}

/** A task's name, as errors call it. */
export const NAME = 'Task: "name"';

/** The name that the options give. @throws {TypeError} It cannot become a string. */
export function checkedTaskName(options: TaskOptions | undefined): string | undefined {
  return options?.name === undefined ? undefined : checkedText(options.name, NAME);
}

/**
 * The core of a task that has not begun.
 *
 * @param options What is wrong with them is found before there is a task, for which the run
 *   would wait. Default for `context`: a copy of the current one.
 * @throws {TypeError} No task can be made of it.
 */
export function newTaskCore<T>(
  coroutine: Spawnable<T>,
  options: TaskOptions | undefined,
  session: Session,
): TaskCore<T> {
  const name = checkedTaskName(options);
  const context = options?.context;
  const contents = context === undefined ? copyContents(currentContents()) : contentsOf(context);
  const id = coroutine instanceof Rest ? coroutine.taskId : newTaskId();
  const core = new TaskCore<T>(runnableOf(coroutine), session, contents, id);
  core.name = name;
  return core;
}

/** The generator that the task is to run, or the function that it is to call. */
function runnableOf<T>(coroutine: Spawnable<T>): Coroutine<T> | (() => unknown) {
  if (typeof coroutine === "function")
    return isGeneratorFunction(coroutine) ? (coroutine() as Coroutine<T>) : coroutine;
  if (isCoroutine(coroutine)) return beginOnce(coroutine);
  const isFuture = coreInside(coroutine) !== undefined;
  if (isIterated(coroutine) && !isFuture) return coroutine[Symbol.iterator]() as Coroutine<T>;
  // oxlint-disable-next-line typescript/no-base-to-string -- a future, which says what it is
  const future = isFuture ? `${String(coroutine)}: wait for it, or use ensureFuture()` : undefined;
  throw notSpawnable(coroutine, "Cannot create a task", future);
}
