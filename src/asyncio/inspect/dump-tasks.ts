/** A picture of all tasks of a thread, for people who wonder why a program stands still. */
import { showAsText } from "../../base/text.ts";
import { coreOf, type Task } from "../engine/classes.ts";
import { taskOf } from "../engine/faces.ts";
import { taskOfCaller } from "../engine/caller.ts";
import { creationOf, stackLines } from "../engine/debug.ts";
import type { FutureCore } from "../engine/future-core.ts";
import { allLoops } from "../engine/loop-core.ts";
import { stackHere } from "../../wire/stack.ts";
import { framesOf } from "../engine/stack-frames.ts";
import { awaitsForeign } from "../engine/external-awaits.ts";
import { TaskCore } from "../engine/task-core.ts";
import type { StackFrame } from "../events.ts";
import { Waiter } from "../sync/waiters.ts";
import { awaitersOf, stackOfTask } from "./awaited-by.ts";

/** What one task is doing. Python: none */
export interface TaskReport {
  /** The task. */
  readonly task: Task<unknown>;
  /** Its name. */
  readonly name: string;
  /** Name of the function that it was made of, where it has one. */
  readonly function: string | undefined;
  /** `ready` is a task whose next step is due. */
  readonly state: "running" | "ready" | "waiting";
  /** `task "ada"`, `<Lock locked, waiters:1>`, `a future`, `a promise that is not heddle's`. */
  readonly waitsFor: readonly string[];
  /** Names of the tasks that wait for it. */
  readonly awaitedBy: readonly string[];
  /** How often it was asked to cancel, less how often that was taken back. */
  readonly cancelling: number;
  /** Where it is, the innermost function first; of async functions only what can be known. */
  readonly stack: readonly StackFrame[];
  /** Where it was made; undefined unless that was in debug mode. */
  readonly madeAt: readonly StackFrame[] | undefined;
}

/**
 * What all tasks are doing; `toString()` says it in words.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { dumpTasks, run } from "heddle/asyncio";
 *
 * await run(async () => console.log(dumpTasks().tasks[0]?.state)); // running
 * ```
 */
export class TaskDump {
  static {
    showAsText(this.prototype);
  }

  /** A report for each task. Python: none */
  readonly tasks: readonly TaskReport[];

  /** @param tasks A report for each task. */
  constructor(tasks: readonly TaskReport[]) {
    this.tasks = tasks;
  }

  /** A paragraph for each task. Python: none */
  toString(): string {
    return this.tasks.map(described).join("\n");
  }
}

/**
 * Returns what every task of the calling thread that is not done is doing, of all its
 * loops: its state, what it waits for, who waits for it, and its stack.
 *
 * For threads, and what they wait for, there is `dump` of `heddle/threading`.
 *
 * Python: none
 *
 * @example
 * ```ts
 * import { createTask, dumpTasks, Lock, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const lock = new Lock();
 *   await lock.acquire();
 *   createTask(async () => await lock.acquire(), { name: "ada" });
 *   await sleep(0);
 *   const ada = dumpTasks().tasks.find(({ name }) => name === "ada");
 *   console.log(ada?.state, ada?.waitsFor[0]); // waiting <Lock locked, waiters:1>
 * });
 * ```
 */
export function dumpTasks(): TaskDump {
  const here = stackHere();
  const tasks = allLoops().flatMap((loop) => loop.sessions.flatMap((run) => [...run.tasks]));
  const cores = tasks.map((task) => coreOf(task)).filter((core) => core instanceof TaskCore);
  return new TaskDump(cores.map((core) => reportOf(core, here)));
}

function reportOf(core: TaskCore, here: string): TaskReport {
  const task = taskOf(core);
  const isForeign = awaitsForeign(core) && core !== taskOfCaller();
  return {
    task,
    name: core.displayName,
    function: functionOf(core),
    state: isForeign ? "waiting" : stateOf(core),
    waitsFor: isForeign ? ["a promise that is not heddle's"] : core.awaited().map(inWords),
    awaitedBy: [...awaitersOf(core)].flatMap((waiter) =>
      waiter instanceof TaskCore ? [waiter.displayName] : [],
    ),
    cancelling: core.requests,
    stack: core === taskOfCaller() ? framesOf(here) : stackOfTask(core),
    madeAt: creationOf(task),
  };
}

/** What a task is doing that does not await an external promise: it is the caller, or due, or waits for a future. */
function stateOf(core: TaskCore): TaskReport["state"] {
  if (core === taskOfCaller() || core.loop.iterations.isFollowing(core)) return "running";
  return core.awaited().some((future) => future.isPending) ? "waiting" : "ready";
}

function functionOf({ made }: TaskCore): string | undefined {
  return typeof made === "function" && made.name !== "" ? made.name : undefined;
}

function inWords(future: FutureCore): string {
  if (future instanceof TaskCore) return `task ${future.quotedName}`;
  if (future instanceof Waiter) return String(future.owner);
  return "a future";
}

function described(report: TaskReport): string {
  const { name, state, waitsFor, awaitedBy: waiters, cancelling, stack, madeAt } = report;
  const doing = report.function === undefined ? "" : ` in ${report.function}`;
  const waits = waitsFor.length === 0 ? "" : ` for ${waitsFor.join(", ")}`;
  const requests = cancelling === 0 ? "" : `; cancelled ${cancelling} times`;
  const awaited =
    waiters.length === 0
      ? ""
      : `; awaited by ${waiters.map((waiter) => JSON.stringify(waiter)).join(", ")}`;
  return [
    `Task ${JSON.stringify(name)} ${state}${doing}${waits}${awaited}${requests}`,
    ...stackLines(["at", stack]),
    ...stackLines(["made at", madeAt]),
  ].join("\n");
}
