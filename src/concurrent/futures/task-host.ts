/** What futures and maps ask of the executor that runs their calls. */
import type { Task } from "../../pool/task.ts";
import type { Wrapping } from "../../pool/wrapping.ts";

export interface TaskHost {
  /** How many calls can run at once. */
  readonly workers: number;
  /**
   * @param wrapping What the worker makes of `fn` before it calls it.
   * @throws {Error} The call cannot be taken.
   */
  start(task: Task, fn: Function, args: readonly unknown[], wrapping?: Wrapping): void;
  /** Takes a call back that has not started; says whether it was in time. */
  cancel(task: Task): boolean;
  isRunning(task: Task): boolean;
  /** @throws {Error} The caller must not block for this call's result, and why. */
  checkBlocking(task?: Task): void;
}
