/** Has the promise forms of threads' objects know of this copy's tasks. */
import { addTaskSide, type TaskSide, type Waiting } from "../../waiting/task-waits.ts";
import { taskOfCaller } from "../engine/task-of-caller.ts";
import { ThreadWait } from "./thread-wait.ts";
import { wrapFuture } from "./wrap-future.ts";

let isKnown = false;

/** Before the first task. */
export function introduceTasks(): void {
  if (isKnown) return;
  isKnown = true;
  addTaskSide(side());
}

function side(): TaskSide {
  let isStarting = false;
  return {
    wait: <T>(start: (signal: () => AbortSignal) => Promise<T>) => {
      // What a wait consists of is not the task's, but the wait's.
      if (isStarting || taskOfCaller() === undefined) return undefined;
      isStarting = true;
      try {
        return new ThreadWait(start) as unknown as Waiting<T>;
      } finally {
        isStarting = false;
      }
    },
    waitFor: (future) => {
      const loop = taskOfCaller()?.getLoop();
      return loop === undefined ? undefined : (wrapFuture(future, { loop }) as never);
    },
  };
}
