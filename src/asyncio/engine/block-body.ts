/**
 * Running the body of a block within the task that enters the block.
 *
 * A generator is driven on by the same step. An async function is a part of the task:
 * it is called in an ambient scope that names the task and the {@link Part}, so its awaits
 * are the task's, and those of the blocks around it, and a cancellation is delivered in there,
 * never at the block. While it runs, the block waits for a {@link PartOfTask}, and when it
 * ends the block goes on in the same step.
 */
import { isThenable } from "../../base/functions.ts";
import { currentContents, currentPartObject, runInScope } from "../../contextvars/contents.ts";
import type { Awaitable, Body, Coroutine, Spawnable } from "../events.ts";
import { PartOfTask } from "./async-await.ts";
import { taskOfCoroutine } from "./caller.ts";
import { FAILED, FINISHED } from "./future-core.ts";
import { type Driver, Part } from "./parts.ts";
import { isGeneratorFunction, isIterated } from "./spawnable.ts";
import type { TaskCore } from "./task-core.ts";

/** Runs a block's body, and returns what it returns. */
export function* callBody<A extends unknown[], T>(body: Body<A, T>, ...args: A): Coroutine<T> {
  if (isGeneratorFunction(body)) return yield* (body as (...args: A) => Coroutine<T>)(...args);
  const task = taskOfCoroutine();
  const part = new Part(task, currentPartObject() as Driver);
  const scope = { contents: currentContents(), task, part };
  const returned: unknown = runInScope(scope, () => body(...args));
  if (isIterated(returned)) return (yield* returned) as T;
  if (isThenable(returned)) return (yield* endOf(task, part, returned)) as T;
  return returned as T;
}

/** Runs what a task could be made of, but within the task that waits for it. */
export function* runWithin<T>(spawnable: Spawnable<T>): Coroutine<T> {
  if (typeof spawnable === "function") return yield* callBody(spawnable);
  return yield* spawnable as Awaitable<T>;
}

function endOf<T>(task: TaskCore, part: Part, promise: PromiseLike<T>): PartOfTask<T> {
  task.loop.iterations.follow(task, currentContents(), part);
  const future = new PartOfTask<T>(task.loop);
  const end = (state: typeof FINISHED | typeof FAILED, value: unknown): void => {
    task.parked(part);
    for (const waiter of future.end(state, value)) waiter.run();
  };
  part.settled = promise.then(
    (value) => end(FINISHED, value),
    (error: unknown) => end(FAILED, error),
  );
  return future;
}
