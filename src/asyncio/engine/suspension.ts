import { RuntimeError } from "../../errors.ts";
import { FAILED, type Future, futureOn, isFuture, settle } from "./future.ts";
import type { Task } from "./task.ts";

/**
 * What a task waits for that has yielded this: the future, or one that fails at once
 * with the reason why it cannot be waited for, so that the coroutine gets to know.
 */
export function checkedSuspension(yielded: unknown, task: Task<unknown>): Future<unknown> {
  const loop = task.getLoop();
  if (isFuture(yielded) && yielded !== task && yielded.getLoop() === loop) return yielded;
  const refusal = futureOn<never>(loop);
  settle(refusal, FAILED, new RuntimeError(`Cannot wait: ${whyNot(yielded, task)}`));
  return refusal;
}

function whyNot(yielded: unknown, task: Task<unknown>): string {
  const name = JSON.stringify(task.getName());
  if (yielded === task) return `the task ${name} would wait for itself`;
  if (isFuture(yielded))
    return `the task ${name} belongs to another event loop than the future ${String(yielded)}`;
  return `the task ${name} has yielded ${typeof yielded === "object" ? "an object" : typeof yielded} that is no future; write yield* instead of yield`;
}
