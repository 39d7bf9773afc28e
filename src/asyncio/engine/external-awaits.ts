/** Tasks whose async functions await something that is not heddle's. */
import { platform } from "#platform";
import { RuntimeError } from "../../errors.ts";
import { TaskCore } from "./task-core.ts";

/** Whether a task is suspended in an await of something that is not heddle's. */
export function awaitsForeign(task: TaskCore): boolean {
  if (!task.isPending || task.loop.iterations.isFollowing(task)) return false;
  if (task.awaited().length > 0 || (task.awaits ?? []).length > 0) return false;
  return task.waitingOn !== undefined || task.hasBegun;
}

/**
 * The async function of a task has been left alone by its loop: it awaits something that is not
 * heddle's, or what it was given is awaited by no one.
 *
 * Where the runtime cannot tell, later, which task the function belongs to, the task ends,
 * unless it waits for something else of heddle's, which tells it then.
 */
export function leaveAlone(task: object): void {
  if (!(task instanceof TaskCore)) return;
  if (platform.asyncContext) return;
  // What a task awaits beside others may be over only when the task is done.
  if (!task.isPending || task.awaited().length > 0) return;
  task.fail(
    new RuntimeError(
      "Cannot continue the task: it awaited a plain promise, which this runtime cannot track. " +
        "Wrap it: await fromPromise(promise)",
    ),
  );
}
