/**
 * Tasks that are to be cancelled and go on, since an async function of theirs awaits a promise
 * that heddle knows nothing of. In pages such a task fails at once: see `leaveAlone` in
 * asyncio/engine/external-awaits.ts.
 */
import { debugLoops, madeAt, warn } from "../engine/debug.ts";
import type { CancelScope } from "../engine/parts.ts";
import { awaitsForeign } from "../engine/external-awaits.ts";
import type { TaskCore } from "../engine/task-core.ts";

/** How long a task that is to be cancelled may await an external promise. */
const GRACE_MS = 1000;

/** The tasks that a timer is set for. */
let watched: WeakSet<TaskCore> | undefined;

/** Whether a task that was stuck has been reported outside of debug mode: once is enough. */
let hasTold = false;

/** Called before a request to cancel the scope is passed on to what the task waits for. */
export function watchRequest(task: TaskCore, scope: CancelScope): void {
  if (!task.loop.isDebug && !awaitsForeign(task)) return;
  if (debugLoops === 0 && hasTold) return;
  watched ??= new WeakSet();
  if (watched.has(task)) return;
  watched.add(task);
  const timer = task.loop.face.callLater(GRACE_MS, reportStuck, task, scope);
  task.task.addDoneCallback(() => timer.cancel());
}

function reportStuck(task: TaskCore, scope: CancelScope): void {
  if (!task.isPending) return;
  // Later requests are watched anew.
  watched?.delete(task);
  const isDelivered = !scope.mustCancel || scope.wasThrown;
  if (isDelivered || !awaitsForeign(task)) return;
  hasTold ||= debugLoops === 0;
  warn(
    `Task ${task.quotedName} was cancelled, or its time is over, but it awaits a promise that is not heddle's, and goes on until that settles: pass what made it currentTask().signal, or wrap it in fromPromise()`,
    madeAt(task.task),
  );
}
