import type { Loop } from "./loop.ts";
import type { Task } from "./task.ts";

/** Ends something that was begun in a run: an executor, a generator. */
export type Closer = () => PromiseLike<unknown> | void;

/**
 * The unfinished tasks of one `run()`, which cancels and awaits them when it ends.
 *
 * Several runs may share a loop, and so whatever belongs to a loop: a task counts
 * among those of the run that the task that made it belongs to.
 *
 * Tasks are held here until they are done. Python holds them weakly, and so loses
 * some that nobody waits for.
 */
export class Session {
  readonly loop: Loop;
  readonly tasks: Set<Task<unknown>> = new Set();
  /** Called, in this order, when the run ends and its tasks are done. */
  readonly closers: Set<Closer> = new Set();
  /** Called with an error that is to end the run at once: KeyboardInterrupt or SystemExit. */
  onExit: ((error: unknown) => void) | undefined;

  constructor(loop: Loop) {
    this.loop = loop;
  }
}
