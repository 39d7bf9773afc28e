/**
 * What a loop needs of threads, and how it runs calls in them.
 *
 * The engine knows no pool and no queue of threads: asyncio/threads provides them, and a
 * bundle that uses no threads leaves that out. Where a call is given no executor, a pool
 * is loaded and made for the first of them, and shut down by the run that made it.
 */
import { wrongType } from "../../base/text.ts";
import type { AnyFunction } from "../../base/functions.ts";
import { RuntimeError } from "../../errors.ts";
import type { ExecutorFuture } from "../../waiting/task-waits.ts";
import type { CallExecutor } from "../events.ts";
import { sessionOfCaller } from "./caller.ts";
import { FAILED } from "./future-core.ts";
import type { Exposure, LoopCore } from "./loop-core.ts";
import { type CallCore, link } from "./thread-waits.ts";

export interface ThreadSupport {
  /** Makes a loop known to other threads, to which it is being sent. */
  expose(loop: LoopCore): Exposure;
  /** Makes a pool for calls that are given no executor. */
  makeExecutor(): Promise<CallExecutor>;
  /** Copies arguments of a call whose executor is still to be loaded. */
  copyArguments(args: readonly unknown[]): readonly unknown[];
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
function threadSupport(attempt: string): ThreadSupport {
  if (provided !== undefined) return provided;
  throw new RuntimeError(
    `Cannot ${attempt}: the bundle does not contain asyncio's support for threads, ` +
      "because it uses neither toThread nor runCoroutineThreadsafe",
  );
}

/** By what other threads reach the loop, from its first use on. */
export function exposureOf(loop: LoopCore): Exposure {
  if (loop.exposure !== undefined) return loop.exposure;
  loop.exposure = threadSupport("send the event loop").expose(loop);
  // What will be sent to it is refused, too.
  if (loop.isClosed) loop.exposure.close();
  return loop.exposure;
}

/** @throws {TypeError} It cannot run calls. */
function checkedExecutor(executor: CallExecutor, method: string): CallExecutor {
  if (typeof executor?.submit === "function" && typeof executor.shutdown === "function")
    return executor;
  throw wrongType(`Loop.${method}: executor`, "a ThreadPoolExecutor", executor);
}

/** Takes the place of the pool that is made otherwise. */
export function chooseExecutor(loop: LoopCore, given: CallExecutor): void {
  const executor = checkedExecutor(given, "setDefaultExecutor");
  loop.executor = Promise.resolve(executor);
  loop.readyExecutor = executor;
}

/** The loop's executor, which the run that first needs it shuts down when it ends. */
export function executorOf(loop: LoopCore): Promise<CallExecutor> {
  if (loop.executor === undefined) {
    const loading = threadSupport("run a call in another thread").makeExecutor();
    loop.executor = loading;
    void loading.then(
      (executor) => {
        if (loop.executor === loading) loop.readyExecutor = executor;
      },
      () => undefined, // the calls that wait for it say so
    );
    sessionOfCaller(loop).closers.add(async () => shutdownExecutor(loop));
  }
  return loop.executor;
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
  if (executor === null) callByDefaultExecutor(future, fn, args);
  else link(future, checkedExecutor(executor, "runInExecutor").submit(fn, ...args));
}

/** Runs a call for a future; what refuses it is the future's error. */
function callByDefaultExecutor(future: CallCore, fn: AnyFunction, args: readonly unknown[]): void {
  const loading = executorOf(future.loop);
  submitTo(future.loop.readyExecutor, loading, future, args, (executor, copy) =>
    executor.submit(fn, ...copy),
  );
}

/**
 * Submits a call for a future: now, if what it needs is there, and otherwise once it has been
 * loaded. Then its arguments are copied now: what the caller changes afterwards is not seen.
 */
export function submitTo<L>(
  ready: L | undefined,
  loading: Promise<L>,
  future: CallCore,
  args: readonly unknown[],
  submit: (loaded: L, args: readonly unknown[]) => ExecutorFuture<unknown>,
): void {
  const fail = (error: unknown): void => future.settleOnce(FAILED, error);
  try {
    if (ready !== undefined) {
      link(future, submit(ready, args));
      return;
    }
    const copy = threadSupport("run a call in another thread").copyArguments(args);
    void loading
      .then((loaded) => {
        if (future.isPending) link(future, submit(loaded, copy));
      })
      .catch(fail);
  } catch (error) {
    fail(error);
  }
}
