import type { StackFrame } from "./stack-frames.ts";

/** What is in a loop's ready queue: a callback, or the next step of a task. */
export interface Runnable {
  /** Runs it, once. Reports its errors itself. */
  run(): void;
  /** What it is, for reports. */
  toString(): string;
  /** Whose step it is, if it is another object than this. */
  readonly task?: object;
  /** Where it waits, after it was run, for reports. */
  getStack?(): readonly StackFrame[];
}
