/**
 * What becomes of requests to cancel a task, in debug mode.
 *
 * A request is lost if the task catches the CancelledError and returns as if nothing
 * had been; it comes to nothing for as long as an async function awaits a promise that
 * heddle knows nothing of.
 */
import { mustCancel } from "./cancellation.ts";
import { isPending } from "./future.ts";
import type { StackFrame } from "./stack-frames.ts";
import type { LoopTask } from "./loop-task.ts";
import type { Task } from "./task.ts";
import { FOREIGN, stateOf } from "./task-state.ts";
import { madeAt, warn } from "./warnings.ts";

/** How long a task that is to be cancelled may await something foreign. */
const GRACE_MS = 1000;

/** Where a task was when it was last asked to cancel. */
let places: WeakMap<Task<unknown>, readonly StackFrame[]> | undefined;

/** Called before the request is passed on to what the task waits for. */
export function watchRequest(task: Task<unknown>): void {
  places ??= new WeakMap();
  const isWatched = places.has(task);
  places.set(task, task.getStack());
  if (isWatched) return;
  const timer = task.getLoop().callLater(GRACE_MS, reportStuck, task as LoopTask<unknown>);
  task.addDoneCallback(() => timer.cancel());
}

function reportStuck(task: LoopTask<unknown>): void {
  if (!isPending(task)) return;
  // Later requests are watched anew.
  places?.delete(task);
  if (!mustCancel(task) || stateOf(task) !== FOREIGN) return;
  warn(
    `Task ${JSON.stringify(task.getName())} was cancelled, but awaits a promise that is not heddle's, and goes on until that settles: wrap it in fromPromise()`,
    madeAt(task),
  );
}

/** Called when a task that was asked to cancel returns. */
export function reportSwallowed(task: Task<unknown>): void {
  warn(
    `CancelledError swallowed by task ${JSON.stringify(task.getName())}: it was cancelled, and returned normally; cancelling() is still ${task.cancelling()}`,
    ["cancelled at", places?.get(task)],
    madeAt(task),
  );
}
