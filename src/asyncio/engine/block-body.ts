/**
 * Running the body of a block within the task that enters the block.
 *
 * A generator is driven on by the same step. An async function is a part of the task:
 * it is called in an ambient scope that names the task and the {@link Part}, so its awaits
 * are the task's, and those of the blocks around it, and a cancellation is delivered in there,
 * never at the block. While it runs, the block waits for a {@link PartOfTask}, and when it
 * ends the block goes on in the same step.
 */
import { platform } from "#platform";
import { checkedFunction, isThenable } from "../../base/functions.ts";
import { currentContents, currentPartObject, runInScope } from "../../contextvars/contents.ts";
import type { AsyncScope } from "../../platform/platform.ts";
import type { Awaitable, Body, Coroutine, Spawnable } from "../events.ts";
import { PartOfTask } from "./async-await.ts";
import { taskOfCoroutine } from "./caller.ts";
import { FAILED, FINISHED } from "./future-core.ts";
import { type Driver, Part } from "./parts.ts";
import { isGeneratorFunction, isIterated, notSpawnable } from "./spawnable.ts";
import type { TaskCore } from "./task-core.ts";

/**
 * A function that an operation calls when it gets there, in the async scope of the code that
 * gave it. A generator function's steps are those of what waits, and run in its scope.
 */
export class Given<F> {
  readonly fn: F;
  readonly scope: AsyncScope = platform.asyncScope();

  /**
   * @param what The parameter, as an error names it: `timeout: "body"`.
   * @throws {TypeError} It is not a function.
   */
  constructor(fn: F, what: string) {
    this.fn = checkedFunction(fn, what);
  }
}

/** Runs a block's body, and returns what it returns. */
export function* callBody<A extends unknown[], T>(
  { fn: body, scope: asyncScope }: Given<Body<A, T>>,
  ...args: A
): Coroutine<T> {
  if (isGeneratorFunction(body)) return yield* (body as (...args: A) => Coroutine<T>)(...args);
  const task = taskOfCoroutine();
  const part = new Part(task, currentPartObject() as Driver);
  const scope = { contents: currentContents(), task, part };
  const call = (): unknown => body(...args);
  const returned = asyncScope.runInAsyncScope(runInScope<unknown>, undefined, scope, call);
  if (isIterated(returned)) return (yield* returned) as T;
  if (isThenable(returned)) return (yield* endOf(task, part, returned)) as T;
  return returned as T;
}

/** What a task could be made of, if not a function, or such a function. */
export type GivenSpawnable<T> = Given<() => Coroutine<T> | PromiseLike<T>> | Awaitable<T>;

/**
 * @param attempt What cannot be done otherwise, as an error says it.
 * @throws {TypeError} No task could be made of it.
 */
export function givenSpawnable<T>(spawnable: Spawnable<T>, attempt: string): GivenSpawnable<T> {
  if (typeof spawnable === "function") return new Given(spawnable, attempt);
  if (!isIterated(spawnable)) throw notSpawnable(spawnable, attempt);
  return spawnable as Awaitable<T>;
}

/** Runs what a task could be made of, but within the task that waits for it. */
export function* runWithin<T>(spawnable: GivenSpawnable<T>): Coroutine<T> {
  if (spawnable instanceof Given) return yield* callBody(spawnable);
  return yield* spawnable;
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
