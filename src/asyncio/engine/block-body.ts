/**
 * Running the body of a block within the task that enters the block.
 *
 * A generator is driven on by the same step. An async function is a part of the task:
 * it is called in an ambient scope that names the task, so its awaits are the task's,
 * and a cancellation strikes in there, never at the block. While it runs, the block
 * waits for a {@link PartOfTask}, and when it ends the block goes on in the same step.
 */
import { isThenable } from "../../base/functions.ts";
import { currentContents, runInScope } from "../../contextvars/contents.ts";
import type { Awaitable, Body, Coroutine, Spawnable } from "./coroutine-types.ts";
import { FAILED, FINISHED, type FutureOptions, settleAndTake } from "./future.ts";
import type { LoopTask } from "./loop-task.ts";
import { iterationsOf } from "./loop-core.ts";
import { PartOfTask } from "./part-of-task.ts";
import { isGeneratorFunction, isIterated } from "./spawnable.ts";
import { taskOfCoroutine } from "./task-of-caller.ts";

/** Runs a block's body, and returns what it returns. */
export function* callBody<A extends unknown[], T>(body: Body<A, T>, ...args: A): Coroutine<T> {
  if (isGeneratorFunction(body)) return yield* (body as (...args: A) => Coroutine<T>)(...args);
  const task = taskOfCoroutine();
  const scope = { contents: currentContents(), task };
  const returned: unknown = runInScope(scope, () => body(...args));
  if (isIterated(returned)) return (yield* returned) as T;
  if (isThenable(returned)) return (yield* endOf(task, returned)) as T;
  return returned as T;
}

/** Runs what a task could be made of, but within the task that waits for it. */
export function* runWithin<T>(spawnable: Spawnable<T>): Coroutine<T> {
  if (typeof spawnable === "function") return yield* callBody(spawnable);
  return yield* spawnable as Awaitable<T>;
}

function endOf<T>(task: LoopTask<unknown>, promise: PromiseLike<T>): PartOfTask<T> {
  const iterations = iterationsOf(task.getLoop());
  iterations.follow(task, currentContents());
  const part = new PartOfTask<T>(task.getLoop() as FutureOptions);
  const end = (state: typeof FINISHED | typeof FAILED, value: unknown): void => {
    iterations.parked(task);
    for (const waiter of settleAndTake(part, state, value)) waiter.run();
  };
  void promise.then(
    (value) => end(FINISHED, value),
    (error: unknown) => end(FAILED, error),
  );
  return part;
}
