import type { Suspend } from "./coroutine-types.ts";
import { waitInTask } from "./coroutine.ts";
import { debugLoops, watchBeginning } from "./never-awaited.ts";
import { thenOf } from "./thenable.ts";

/**
 * An operation that is written as a state machine rather than as a generator, to be quick.
 *
 * It is its own iterator, so it can be waited for once. `next` must answer the probe;
 * see probe.ts.
 */
export abstract class Operation<T> implements Iterator<Suspend, T, unknown> {
  constructor() {
    if (debugLoops > 0) watchBeginning(this);
  }

  [Symbol.iterator](): Iterator<Suspend, T, unknown> {
    return this;
  }

  abstract next(sent?: unknown): IteratorResult<Suspend, T>;

  throw(error: unknown): IteratorResult<Suspend, T> {
    throw error as Error;
  }

  return(value: T): IteratorResult<Suspend, T> {
    return { done: true, value };
  }

  // oxlint-disable-next-line unicorn/no-thenable -- operations can be awaited
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    // oxlint-disable-next-line typescript/no-explicit-any -- as in PromiseLike
    onRejected?: ((reason: any) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return thenOf(this, onFulfilled, onRejected, waitInTask);
  }
}
