/** One step of something that waits: of a generator, or of an operation that an async function awaits. */
import { type Contents, contextState } from "../../contextvars/contents.ts";
import type { AsyncScope } from "../../platform/platform.ts";
import { KeyboardInterrupt } from "../../errors.ts";
import { SystemExit } from "../../process-errors.ts";
import { withUserFrames } from "../../wire/stack.ts";
import type { Suspend } from "../events.ts";

/** Stands for the absence of an error, since anything can be thrown. */
export const NO_ERROR: unique symbol = /* @__PURE__ */ Symbol("no error");

/** Whether an error asks for the end of the run, and of the program. */
export function isExit(error: unknown): boolean {
  return error instanceof KeyboardInterrupt || error instanceof SystemExit;
}

/**
 * Resumes an iterator with nothing, or with an error unless that is {@link NO_ERROR}, in
 * a context and as a task's step; see contextvars/contents.ts.
 *
 * @param driver What takes the step: the task itself, or an await of it.
 * @param scope The async scope in which it runs. Default: the current one.
 */
export function takeStep<T>(
  iterator: Iterator<Suspend, T, unknown>,
  error: unknown,
  contents: Contents,
  task: object,
  driver: object,
  scope: AsyncScope | undefined,
): IteratorResult<Suspend, T> {
  const state = contextState();
  const { step, stepTask, stepPart } = state;
  state.step = contents;
  state.stepTask = task;
  state.stepPart = driver;
  try {
    if (scope === undefined)
      return error === NO_ERROR ? iterator.next() : throwInto(iterator, error);
    // Given as it is, with nothing in between: this is done for each step of each task.
    // oxlint-disable-next-line typescript/unbound-method -- it is called with its object
    if (error === NO_ERROR) return scope.runInAsyncScope(iterator.next, iterator);
    return scope.runInAsyncScope(throwInto<T>, undefined, iterator, error);
  } finally {
    state.step = step;
    state.stepTask = stepTask;
    state.stepPart = stepPart;
  }
}

/** What `yield*` does with an error: an operation that takes none is closed. */
export function throwInto<T>(
  iterator: Iterator<Suspend, T, unknown>,
  error: unknown,
): IteratorResult<Suspend, T> {
  if (iterator.throw !== undefined) return iterator.throw(error);
  iterator.return?.();
  throw error;
}

/**
 * What an operation of heddle's throws that is thrown an error. It notes the place, but where an
 * async function awaits that very operation: there, none of the calls under way is the user's.
 */
export function thrownInto(error: unknown): Error {
  const driver: { readonly awaitsOwn?: boolean } | undefined = contextState().stepPart;
  return (driver?.awaitsOwn === true ? error : withUserFrames(error)) as Error;
}
