/** Numbers of tasks, by which what belongs to tasks, such as an RLock, knows them. */
import { addTaskProvider } from "../../base/current-task.ts";
import { threadRegistry } from "../../base/registry.ts";
import type { Task } from "./task.ts";
import { taskOfCaller } from "./task-of-caller.ts";

interface Count {
  last: number;
}

let count: Count | undefined;

/** Returns a number that no other task of this thread has, of whichever copy of heddle. */
export function newTaskId(idOf: (task: Task<unknown>) => number): number {
  count ??= begin(idOf);
  return ++count.last;
}

function begin(idOf: (task: Task<unknown>) => number): Count {
  addTaskProvider(() => {
    const task = taskOfCaller();
    return task === undefined ? 0 : idOf(task);
  });
  return threadRegistry("task ids@1", () => ({ last: 0 }));
}
