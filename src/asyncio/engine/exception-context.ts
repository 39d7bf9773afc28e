import type { Future } from "./future.ts";
import type { Handle } from "./handle.ts";
import type { StackFrame } from "./stack-frames.ts";
import type { Task } from "./task.ts";

/** What a loop's exception handler is told about an error that nobody else was there to get. Python: none */
export interface ExceptionContext {
  /** What happened. */
  readonly message: string;
  /** The error, if there was one. */
  readonly exception?: unknown;
  /** The future that it concerns. */
  readonly future?: Future<unknown>;
  /** The task that it concerns. */
  readonly task?: Task<unknown>;
  /** The callback that it concerns. */
  readonly handle?: Handle;
  /** Where the task or callback was made, the innermost function first; in debug mode. */
  readonly sourceTraceback?: readonly StackFrame[] | undefined;
}
