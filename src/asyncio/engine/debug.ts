/** What debug mode has to say: it all goes to standard error, from here, with where things were made. */
import { checkedOption, checkedOptions } from "../../base/options.ts";
import { platform } from "#platform";
import type { StackFrame, TaskFace } from "../events.ts";
import { stackHere } from "../../wire/stack.ts";
import { framesOf, lineOf } from "./stack-frames.ts";

/** Where tasks and callbacks were made. Noted in debug mode only: reading a stack takes long. */
const sites = /* @__PURE__ */ new WeakMap<object, string>();

/** Notes that the calling code makes the object. */
export function noteCreation(object: object): void {
  sites.set(object, stackHere());
}

/** The stack of the code that made the object, the innermost function first, if it was noted. */
export function creationOf(object: object | undefined): readonly StackFrame[] | undefined {
  const stack = object === undefined ? undefined : sites.get(object);
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

/** Where a task was when it was last asked to cancel. */
const places = /* @__PURE__ */ new WeakMap<TaskFace, readonly StackFrame[]>();

/** Notes that the task is asked to cancel, which is lost if it catches the error and returns as if nothing had been. */
export function noteRequest(task: TaskFace): void {
  places.set(task, task.getStack());
}

/** Called when a task that was asked to cancel returns. */
export function reportSwallowed(task: TaskFace): void {
  warn(
    `CancelledError swallowed by task ${JSON.stringify(task.getName())}: it was cancelled, and returned normally; cancelling() is still ${task.cancelling()}`,
    ["cancelled at", places.get(task)],
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
