/** What debug mode has to say. It all goes to standard error, from here. */
import { platform } from "#platform";
import { creationOf } from "./creation-sites.ts";
import { lineOf, type StackFrame } from "./stack-frames.ts";

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
