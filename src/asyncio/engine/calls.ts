/**
 * Calls that an executor runs for a loop.
 *
 * The engine knows no pool and no queue of threads: asyncio/threads provides them, and a
 * bundle that uses no threads leaves that out. Where a call is given no executor, a pool
 * is loaded and made for the first of them, and shut down by the run that made it.
 */
import { wrongType } from "../../base/text.ts";
import { type AnyFunction, hasMethods } from "../../base/functions.ts";
import { RuntimeError } from "../../errors.ts";
import type { Giving } from "../../base/advice.ts";
import type { ExecutorFuture } from "../../waiting/task-waits.ts";
import type { CallExecutor } from "../events.ts";
import { CANCELLED, FAILED, FINISHED, FutureCore, type State } from "./future-core.ts";
import type { Exposure, LoopCore } from "./loop-core.ts";

/** A future that stands for that of an executor. Cancelling it cancels that, at once. */
export class CallCore<T = unknown> extends FutureCore<T> {
  call: ExecutorFuture<T> | undefined;

  override cancel(message?: unknown): boolean {
    const isCancelled = super.cancel(message);
    if (isCancelled) this.call?.cancel();
    return isCancelled;
  }
}

/** One whose call the loop has submitted itself: it is asked to stop also while it runs, and may take its time. */
export class OwnCallCore<T = unknown> extends CallCore<T> {
  override cancel(message?: unknown): boolean {
    const isCancelled = super.cancel(message);
    if (isCancelled) this.call?.cancel({ running: true, grace: Infinity });
    return isCancelled;
  }
}

/** Settles a future like that of an executor. */
export function link<T>(core: CallCore<T>, future: ExecutorFuture<T>): void {
  if (future.done()) {
    settleLike(core, future);
    return;
  }
  core.call = future;
  future.addDoneCallback(() => settleLike(core, future));
}

function settleLike<T>(wrapped: FutureCore<T>, future: ExecutorFuture<T>): void {
  if (!wrapped.isPending) return;
  let state: State = FINISHED;
  let value: unknown;
  try {
    if (future.cancelled()) state = CANCELLED;
    else value = future.resultSync();
  } catch (error) {
    [state, value] = [FAILED, error];
  }
  wrapped.settle(state, value);
}

/** What a loop needs of threads. */
export interface ThreadSupport {
  /** Makes a loop known to other threads, to which it is being sent. */
  expose(loop: LoopCore): Exposure;
  /** Runs a call for a future by the loop's own executor, which is made if there is none. */
  call(future: CallCore, fn: AnyFunction, args: readonly unknown[]): void;
  /** The refusal of a function, with advice in the words of what the program called. */
  advised(error: unknown, giving: Giving): unknown;
}

let provided: ThreadSupport | undefined;

/** Provides what loops need of threads; does nothing the second time. */
export function provideThreads(support: ThreadSupport): void {
  provided ??= support;
}

/**
 * What was provided.
 *
 * @throws {RuntimeError} A bundler has left it out.
 */
export function threadSupport(attempt: string): ThreadSupport {
  if (provided !== undefined) return provided;
  throw new RuntimeError(
    `Cannot ${attempt}: the bundle does not contain asyncio's threads, since it uses neither toThread ` +
      "nor runCoroutineThreadsafe",
  );
}

/** @throws {TypeError} It cannot run calls. */
function checkedExecutor(executor: CallExecutor, method: string): CallExecutor {
  if (hasMethods(executor, ["submit", "shutdown"])) return executor;
  throw wrongType(`Loop.${method}: executor`, "a ThreadPoolExecutor", executor);
}

/** Takes the place of the pool that is made otherwise. */
export function chooseExecutor(loop: LoopCore, given: CallExecutor): void {
  const executor = checkedExecutor(given, "setDefaultExecutor");
  loop.executor = Promise.resolve(executor);
  loop.readyExecutor = executor;
}

/** Waits until all calls are done; the next one makes another pool. */
export async function shutdownExecutor(loop: LoopCore): Promise<void> {
  const { executor } = loop;
  loop.executor = undefined;
  loop.readyExecutor = undefined;
  await (await executor)?.shutdown();
}

/** Runs a call for a future, by the loop's own executor if none is given. */
export function callByExecutor(
  executor: CallExecutor | null,
  future: CallCore,
  fn: AnyFunction,
  args: readonly unknown[],
): void {
  const { readyExecutor } = future.loop;
  if (executor !== null) {
    const own = checkedExecutor(executor, "runInExecutor");
    link(future, submitByExecutor(own, "executor", fn, args));
  } else if (readyExecutor === undefined)
    threadSupport("run a call in another thread").call(future, fn, args);
  else submitNow(future, () => submitByExecutor(readyExecutor, "null", fn, args));
}

/** @param named How the program names the executor. */
export function submitByExecutor(
  executor: CallExecutor,
  named: string,
  fn: AnyFunction,
  args: readonly unknown[],
): ExecutorFuture<unknown> {
  const giving: Giving = (called, values) => `runInExecutor(${named}, ${called}, ${values})`;
  try {
    return executor.submit(fn, ...args);
  } catch (error) {
    throw provided?.advised(error, giving) ?? error;
  }
}

/** Submits a call for a future; what refuses it is the future's error. */
export function submitNow(future: CallCore, submit: () => ExecutorFuture<unknown>): void {
  try {
    link(future, submit());
  } catch (error) {
    future.settleOnce(FAILED, error);
  }
}
