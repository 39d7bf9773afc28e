/** Stacks as text, and what they say. */
import { namesOwnFile } from "../../base/own-files.ts";
import type { StackFrame } from "../events.ts";

/**
 * `at name (file:1:2)`, `at file:1:2`, as V8 and JavaScriptCore's Node form write them; up to
 * Bun 1.4.3 that leaves the first column out.
 */
const V8_LINE = /^\s*at (?:(?:async )?(.*?) \()?(?:async )?(.*?):(\d+):?(\d*)\)?$/;
/** `name@file:1:2`, as JavaScriptCore and SpiderMonkey write them. */
const AT_LINE = /^(.*?)@(.*?):(\d+):(\d+)$/;

/** Those of heddle's functions that take the steps of tasks: what is above has called them. */
const STEPS = /^(?:probe|takeStep|throwInto|callAsTask)\d*$/;
/** The runtimes' own files. */
const RUNTIMES_FILE = /^(?:node|ext|internal|bun):|^native$|^unknown$/;
/** What no user calls. */
const INNERMOST = /^new |^make$|^<anonymous>$|^\(anonymous\)$/;

/**
 * The frames of a stack that was read in probe.ts, the innermost first, without heddle's
 * and the runtime's own: those of the step of a task that is on top of the stack.
 *
 * @param limit No more than that, from the outermost on.
 */
export function framesOf(stack: string, limit?: number): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const frame of allFrames(stack)) {
    const { file, name } = frame;
    if (namesOwnFile(file)) {
      if (STEPS.test(name)) break;
    } else if (!RUNTIMES_FILE.test(file)) frames.push(frame);
  }
  return limit === undefined ? frames : frames.slice(Math.max(0, frames.length - limit));
}

/** The function of heddle's that the user's code called, in a stack that was read in probe.ts, if it is there. */
export function entryOf(stack: string): string | undefined {
  let entry: string | undefined;
  for (const { file, name } of allFrames(stack)) {
    if (!namesOwnFile(file)) break;
    entry = name;
  }
  // JavaScriptCore leaves out functions whose last act is to call another one.
  return entry === undefined || INNERMOST.test(entry) ? undefined : entry;
}

/** The frame as a line for people to read. */
export function lineOf({ file, line, name }: StackFrame): string {
  return `File "${file}", line ${line}, in ${name}`;
}

function* allFrames(stack: string): Generator<StackFrame> {
  for (const text of stack.split("\n")) {
    const [, name, file, line, column] = V8_LINE.exec(text) ?? AT_LINE.exec(text) ?? [];
    if (file !== undefined)
      yield { name: bareName(name), file, line: Number(line), column: Number(column) || 1 };
  }
}

function bareName(name: string | undefined): string {
  // V8 shows a generator's `next` as a method of its prototype.
  return name?.replace(/ \[as .*\]$/, "") || "(anonymous)";
}
