/** Which loop, run and task the calling code belongs to. */
import { wrongType } from "../../base/text.ts";
import { addTaskProvider } from "../../base/current-task.ts";
import { checkedOptions } from "../../base/options.ts";
import { threadRegistry } from "../../base/registry.ts";
import {
  carriedScope,
  contextState,
  currentTaskObject,
  type Scope,
} from "../../contextvars/contents.ts";
import { RuntimeError } from "../../errors.ts";
import { sessionOfCallback } from "./handle.ts";
import { callingLoop, coreOfLoop, type LoopCore, Session } from "./loop-core.ts";
import { isInBlock } from "./parts.ts";
import { TaskCore } from "./task-core.ts";

/**
 * The task that the calling code belongs to.
 *
 * Code that has outlived its task belongs to none: a callback of the runtime's may run
 * in the scope of a task that ended long ago, and begin something new there. Only a block
 * that is still to be left keeps its code. Neither counts the task of another copy of heddle.
 */
export function taskOfCaller(): TaskCore | undefined {
  const current = currentTaskObject();
  return isAlive(current) ? current : undefined;
}

/** Whether it is a task of this copy of heddle that the calling code, which names it, has not outlived. */
function isAlive(task: object | null | undefined): task is TaskCore {
  return task instanceof TaskCore && (task.isPending || isInBlock(task));
}

/** The task that the calling code belongs to, which must be in one. */
export function taskOfCoroutine(): TaskCore {
  const task = taskOfCaller();
  if (task === undefined) {
    throw new RuntimeError(
      "Cannot continue the coroutine: it is not run by a task. Await it, or pass it to createTask() or run()",
    );
  }
  return task;
}

/** What an async function carries along that belongs to a task. */
export interface TaskScope extends Scope {
  readonly task: TaskCore;
}

/** What the caller carries along, if it is an async function of a task, not a generator or callback that is being run right now. */
export function scopeOfAsyncCaller(): TaskScope | undefined {
  const scope = contextState().step === undefined ? carriedScope() : undefined;
  return isAlive(scope?.task) ? (scope as TaskScope) : undefined;
}

/** The loop that the calling code runs in, if it runs in one. */
export function loopOfCaller(): LoopCore | undefined {
  return callingLoop() ?? taskOfCaller()?.loop;
}

/** The loop that the calling code runs in, which must run in one. */
export function runningLoop(): LoopCore {
  const loop = loopOfCaller();
  if (loop === undefined) {
    throw new RuntimeError(
      "Cannot get the running event loop: no event loop is running. Call this from a coroutine that run() or a task runs",
    );
  }
  return loop;
}

/** The loop that was chosen by an option, or else the running one. */
export function chosenLoop(
  options: { readonly loop?: object | undefined } | undefined,
  what: string,
): LoopCore {
  const { loop } = checkedOptions(options, ["loop"], what);
  if (loop === undefined) return runningLoop();
  const core = coreOfLoop(loop);
  if (core === undefined) throw wrongType(`${what}: "loop"`, "a Loop", loop);
  return core;
}

/**
 * The run that the calling code belongs to: that of its task; in a callback, that of the code
 * that gave it, if it goes on. Other code counts to the loop's latest.
 */
export function sessionOfCaller(loop: LoopCore): Session {
  const own = taskOfCaller()?.session;
  if (own?.loop === loop) return own;
  const given = sessionOfCallback();
  return loop.sessions.find((session) => session === given) ?? (loop.sessions.at(-1) as Session);
}

/** The run whose settings hold for the calling code, or for a task of the loop. */
export function settingsFor(loop: LoopCore, task?: unknown): Session {
  if (!loop.isShared) return loop.ownSession;
  if (task instanceof TaskCore) return task.session;
  const given = sessionOfCallback(); // also one that has ended
  return given instanceof Session && given.loop === loop ? given : sessionOfCaller(loop);
}

interface Count {
  last: number;
}

let count: Count | undefined;

/**
 * A number for a task that no other task of this thread has, of whichever copy of heddle.
 * What belongs to tasks, such as an RLock, knows them by it.
 */
export function newTaskId(): number {
  count ??= beginToCount();
  return ++count.last;
}

function beginToCount(): Count {
  addTaskProvider(() => taskOfCaller()?.id ?? 0);
  return threadRegistry("task ids@1", () => ({ last: 0 }));
}
