/** Stacks as text, as every engine writes them: a line or more of message, then a frame a line. */
import { namesOwnFile } from "../base/own-files.ts";
import { withStackLimit } from "../base/text.ts";

/** A frame ends in a position: `at f (file:///a.ts:1:2)` or `f@file:///a.ts:1:2`. */
const FRAME = /:\d+:\d+\)?$/;

/** The stack without the frames inside heddle, which say nothing about the user's program. */
export function withoutOwnFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !FRAME.test(line) || !namesOwnFile(line))
    .join("\n");
}

/** Only the frames, and of these only the ones outside heddle and the runtime. */
export function userFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => FRAME.test(line) && !namesOwnFile(line) && !isRuntime(line))
    .join("\n");
}

/** Frames that are looked at to find the user's behind heddle's own. */
const DEEP = 60;

/** The user's frames of the call that is being made now, one a line, the innermost first. */
export function callerFrames(): string {
  const { stack = "" } = withStackLimit(DEEP, () => new Error("here"));
  return framesOf(stack).join("\n");
}

/** The user's frames of a stack that begins in heddle, up to where heddle called the user's code. */
export function framesOf(stack: string): string[] {
  const lines = stack.split("\n").filter((line) => FRAME.test(line));
  const start = lines.findIndex((line) => !namesOwnFile(line) && !isRuntime(line));
  const end = lines.findIndex((line, i) => i > start && namesOwnFile(line));
  return lines
    .slice(start === -1 ? lines.length : start, end === -1 ? lines.length : end)
    .filter((line) => !isRuntime(line))
    .map((line) => line.trim());
}

/** Whether a frame lies in the runtime itself. */
function isRuntime(frame: string): boolean {
  return /\bnative:|\bnode:/.test(frame);
}
