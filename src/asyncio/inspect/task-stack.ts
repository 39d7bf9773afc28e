import { awaitsOf } from "../engine/cancellation.ts";
import { probe } from "../engine/probe.ts";
import { framesOf, type StackFrame } from "../engine/stack-frames.ts";
import type { Task } from "../engine/task.ts";

/**
 * Where a task waits, the innermost function first: its generators, and those that its
 * async functions await. The async functions themselves cannot be seen.
 */
export function stackOfTask(task: Task<unknown>): StackFrame[] {
  const own = task.getStack();
  const [pending] = awaitsOf(task);
  return pending === undefined ? own : [...framesOf(probe(pending.operation)), ...own];
}
