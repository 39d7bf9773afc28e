import { AsyncAwait } from "./async-await.ts";
import type { Suspend } from "./coroutine-types.ts";
import type { Runnable } from "./runnable.ts";
import { Task } from "./task.ts";
import { isOwnTask } from "./task-of-caller.ts";

/** What of a task users need not see: how a loop runs it, and how its async functions wait. */
export abstract class LoopTask<T> extends Task<T> implements Runnable {
  static {
    Object.defineProperty(this.prototype, isOwnTask, { value: true });
  }

  /** Whether it is in the hands of an async function, which goes on without the loop. */
  abstract get hasLeftSteps(): boolean;

  /** Takes the next step. */
  abstract run(): void;

  /** Takes the first step now, rather than in the loop's next iteration. */
  abstract startNow(): void;

  /** Waits for what an async function that belongs to the task awaits. */
  awaitOperation(
    operation: Iterator<Suspend, unknown, unknown>,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ): void {
    new AsyncAwait(this, operation, resolve, reject).start();
  }
}
