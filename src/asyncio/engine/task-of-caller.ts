/** Which task the calling code belongs to. */
import { RuntimeError } from "../../errors.ts";
import { contextState, currentTaskObject } from "../../contextvars/contents.ts";
import type { LoopTask } from "./loop-task.ts";

/** A property of the tasks of this copy of heddle: the current task may be another one's. */
export const isOwnTask: unique symbol = /* @__PURE__ */ Symbol("is own task");

/**
 * The task that the calling code belongs to.
 *
 * Code that has outlived its task belongs to none: a callback of the runtime's may run
 * in the scope of a task that ended long ago, and begin something new there.
 */
export function taskOfCaller(): LoopTask<unknown> | undefined {
  const current = currentTaskObject();
  if (current === null || !(isOwnTask in current)) return undefined;
  const task = current as object as LoopTask<unknown>;
  return task.done() ? undefined : task;
}

/** The task that the calling code belongs to, which must be in one. */
export function taskOfCoroutine(): LoopTask<unknown> {
  const task = taskOfCaller();
  if (task === undefined) {
    throw new RuntimeError(
      "Cannot go on: a coroutine is being run by something other than a task; wait for it, or give it to createTask() or run()",
    );
  }
  return task;
}

/** The task that the calling code belongs to, if the caller is an async function, not a generator or callback that is being run right now. */
export function taskOfAsyncCaller(): LoopTask<unknown> | undefined {
  return contextState().step === undefined ? taskOfCaller() : undefined;
}
