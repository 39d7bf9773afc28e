/** Stacks as text, and what they say. */

/** One function on a task's stack. Python: none */
export interface StackFrame {
  /** The function's name. */
  readonly name: string;
  /** The path or URL of its file. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column: number;
}

/** `at name (file:1:2)`, `at file:1:2`, as V8 and JavaScriptCore's Node form write them. */
const V8_LINE = /^\s*at (?:(?:async )?(.*?) \()?(.*?):(\d+):(\d+)\)?$/;
/** `name@file:1:2`, as JavaScriptCore and SpiderMonkey write them. */
const AT_LINE = /^(.*?)@(.*?):(\d+):(\d+)$/;

/**
 * The frames of a stack that was read by a probe, the innermost first, without heddle's own.
 *
 * @param limit No more than that, from the outermost on.
 */
export function framesOf(stack: string, limit: number | undefined): StackFrame[] {
  const frames: StackFrame[] = [];
  let ownFolder: string | undefined;
  for (const line of stack.split("\n")) {
    const [, name, file, lineNumber, column] = V8_LINE.exec(line) ?? AT_LINE.exec(line) ?? [];
    if (file === undefined) continue;
    // On top is the probe itself. Not asked of import.meta.url: source maps may lead elsewhere.
    ownFolder ??= file.slice(0, file.lastIndexOf("/") + 1);
    if (file.startsWith(ownFolder)) {
      // Whoever asked for the stack is below.
      if (frames.length > 0) break;
      continue;
    }
    const frame = { name: bareName(name), file, line: Number(lineNumber), column: Number(column) };
    frames.push(frame);
  }
  return limit === undefined ? frames : frames.slice(Math.max(0, frames.length - limit));
}

function bareName(name: string | undefined): string {
  // V8 shows a generator's `next` as a method of its prototype.
  return name === undefined || name === "" ? "(anonymous)" : name.replace(/ \[as .*\]$/, "");
}
