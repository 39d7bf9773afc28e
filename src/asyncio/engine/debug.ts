/** What debug mode has to say: it all goes to standard error, from here, with where things were made. */
import { checkedOption, checkedOptions } from "../../base/options.ts";
import { platform } from "#platform";
import type { LoopFace, StackFrame, TaskFace } from "../events.ts";
import { stackHere } from "./probe.ts";
import { framesOf, lineOf } from "./stack-frames.ts";

/** Where tasks and callbacks were made. Noted in debug mode only: reading a stack takes long. */
let sites: WeakMap<object, string> | undefined;

/** Notes that the calling code makes the object. */
export function noteCreation(object: object): void {
  sites ??= new WeakMap();
  sites.set(object, stackHere());
}

/** The stack of the code that made the object, the innermost function first, if it was noted. */
export function creationOf(object: object | undefined): readonly StackFrame[] | undefined {
  const stack = object === undefined ? undefined : sites?.get(object);
  return stack === undefined ? undefined : framesOf(stack);
}

/** How many loops are in debug mode. */
export let debugLoops = 0;

/** Notes that a loop has entered debug mode, or left it. */
export function countDebugLoop(step: 1 | -1): void {
  debugLoops += step;
}

/** A stack with what it is: `made at`. */
export type TitledStack = readonly [title: string, frames: readonly StackFrame[] | undefined];

/** Writes a warning, with those of the stacks that are known. */
export function warn(message: string, ...stacks: readonly TitledStack[]): void {
  platform.errorStream.write([message, ...stacks.flatMap(stackLines), ""].join("\n"));
}

/** Where it was made, as part of a warning. */
export function madeAt(object: object | undefined): TitledStack {
  return ["made at", creationOf(object)];
}

/** The stack as lines, none if it is empty. */
export function stackLines([title, frames]: TitledStack): string[] {
  if (frames === undefined || frames.length === 0) return [];
  return [`  ${title}:`, ...frames.map((frame) => `    ${lineOf(frame)}`)];
}

// What becomes of requests to cancel a task. A request is lost if the task catches the
// CancelledError and returns as if nothing had been; it comes to nothing for as long as an
// async function awaits a promise that heddle knows nothing of.

/** How long a task that is to be cancelled may await an external promise. */
const GRACE_MS = 1000;

/** Where a task was when it was last asked to cancel. */
let places: WeakMap<TaskFace, readonly StackFrame[]> | undefined;

/** Whether a task that was stuck has been reported outside of debug mode: once is enough. */
let hasTold = false;

/**
 * Called before the request is passed on to what the task waits for.
 *
 * @param isStuck Whether the request has not been delivered, since the task awaits an external promise.
 */
export function watchRequest(loop: LoopFace, task: TaskFace, isStuck: () => boolean): void {
  const isDebug = debugLoops > 0;
  if (!isDebug && hasTold) return;
  places ??= new WeakMap();
  const isWatched = places.has(task);
  places.set(task, isDebug ? task.getStack() : []);
  if (isWatched) return;
  const timer = loop.callLater(GRACE_MS, reportStuck, task, isStuck);
  task.addDoneCallback(() => timer.cancel());
}

function reportStuck(task: TaskFace, isStuck: () => boolean): void {
  if (task.done()) return;
  // Later requests are watched anew.
  places?.delete(task);
  if (!isStuck()) return;
  hasTold ||= debugLoops === 0;
  warn(
    `Task ${JSON.stringify(task.getName())} was cancelled, or its time is over, but it awaits a promise that is not heddle's, and goes on until that settles: pass what made it currentTask().signal, or wrap it in fromPromise()`,
    madeAt(task),
  );
}

/** Called when a task that was asked to cancel returns. */
export function reportSwallowed(task: TaskFace): void {
  warn(
    `CancelledError swallowed by task ${JSON.stringify(task.getName())}: it was cancelled, and returned normally; cancelling() is still ${task.cancelling()}`,
    ["cancelled at", places?.get(task)],
    madeAt(task),
  );
}

/** A task's stack as text, the innermost function last. */
export function stackInWords(task: string, stack: readonly StackFrame[]): string {
  const lines: string[] = [];
  for (const frame of stack) lines.unshift(`  ${lineOf(frame)}`);
  return [`${lines.length === 0 ? "No stack" : "Stack"} for ${task}`, ...lines, ""].join("\n");
}

/** How many frames to show, if that is limited. */
export function checkedFrames(
  options: { readonly limit?: number | undefined } | undefined,
  of: string,
): number | undefined {
  const { limit } = checkedOptions(options, ["limit"], of);
  return checkedOption(limit, "number", `${of}: "limit"`);
}
