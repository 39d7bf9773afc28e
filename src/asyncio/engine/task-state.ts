/** What a task is doing. */
import { awaitsOf, waitedFor } from "./cancellation.ts";
import { type Future, isPending } from "./future.ts";
import { iterationsOf } from "./loop-core.ts";
import type { LoopTask } from "./loop-task.ts";
import { PartOfTask } from "./part-of-task.ts";
import { taskOfCaller } from "./task-of-caller.ts";

/** It is taking a step, or is the caller. */
export const RUNNING = "running";
/** Its next step is due. */
export const READY = "ready";
/** It waits for something of heddle's. */
export const WAITING = "waiting";
/** It awaits something that is not heddle's. */
export const FOREIGN = "waiting for something foreign";
export const DONE = "done";

export type TaskState =
  | typeof RUNNING
  | typeof READY
  | typeof WAITING
  | typeof FOREIGN
  | typeof DONE;

export function stateOf(task: LoopTask<unknown>): TaskState {
  if (!isPending(task)) return DONE;
  if (task === taskOfCaller() || iterationsOf(task.getLoop()).isFollowing(task)) return RUNNING;
  const awaited = awaitedBy(task);
  if (awaited.some((future) => isPending(future))) return WAITING;
  if (awaited.length > 0 || awaitsOf(task).length > 0) return READY;
  return waitedFor(task) === undefined && !task.hasLeftSteps ? READY : FOREIGN;
}

/** The futures that the task waits for: one, or several if its async functions await several at once. */
export function awaitedBy(task: LoopTask<unknown>): Future<unknown>[] {
  const own = waitedFor(task);
  const futures = own === undefined || own instanceof PartOfTask ? [] : [own];
  for (const { waitsFor } of awaitsOf(task)) if (waitsFor !== undefined) futures.push(waitsFor);
  return futures;
}
