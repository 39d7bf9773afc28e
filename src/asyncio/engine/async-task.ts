/**
 * A task that calls a function: an async one, or one that makes a coroutine.
 *
 * The first step calls the function, in an ambient scope that names the task: by it,
 * what the function awaits later finds its task. Each further step begins in an
 * {@link AsyncAwait}, and ends when the next one parks.
 */
import { isThenable } from "../../base/functions.ts";
import { platform } from "#platform";
import { runInScope } from "../../contextvars/contents.ts";
import { mustCancel, strike } from "./cancellation.ts";
import { isPending, NO_ERROR } from "./future.ts";
import { iterationsOf } from "./loop-core.ts";
import { LoopTask } from "./loop-task.ts";
import type { StackFrame } from "./stack-frames.ts";
import { contentsOfTask, failTask, finishTask, type TaskParts } from "./task.ts";
import { isIterated } from "./spawnable.ts";

export class AsyncTask<T> extends LoopTask<T> {
  readonly #call: () => unknown;
  #hasBegun = false;

  constructor(call: () => unknown, parts: TaskParts) {
    super(parts);
    this.#call = call;
  }

  getCoro(): () => unknown {
    return this.#call;
  }

  getStack(): StackFrame[] {
    return [];
  }

  override get hasLeftSteps(): boolean {
    return this.#hasBegun;
  }

  /** Takes the first step now, rather than in the loop's next iteration. */
  startNow(): void {
    // Where nothing follows asynchronous code, no async function can begin within another.
    if (platform.capabilities.asyncContext) this.#start();
    else iterationsOf(this.getLoop()).push(this);
  }

  run(): void {
    if (!isPending(this)) return;
    if (mustCancel(this)) failTask(this, strike(this, NO_ERROR));
    else this.#start();
  }

  #start(): void {
    this.#hasBegun = true;
    iterationsOf(this.getLoop()).follow(this, contentsOfTask(this));
    let returned: unknown;
    try {
      returned = runInScope({ contents: contentsOfTask(this), task: this }, this.#call);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (isIterated(returned)) {
      const scope = { contents: contentsOfTask(this), task: this };
      runInScope(scope, () =>
        this.awaitOperation(returned[Symbol.iterator](), this.#finish, this.#fail),
      );
    } else if (isThenable(returned)) {
      void returned.then(this.#finish, this.#fail);
    } else {
      this.#finish(returned);
    }
  }

  readonly #finish = (result: unknown): void => {
    iterationsOf(this.getLoop()).parked(this);
    // A task that could not go on has failed, although its function has.
    if (isPending(this)) finishTask(this, result);
  };

  readonly #fail = (error: unknown): void => {
    iterationsOf(this.getLoop()).parked(this);
    if (isPending(this)) failTask(this, error);
  };
}
