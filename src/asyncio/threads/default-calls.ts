/** Calls by a loop's own executor: a pool that is loaded and made for the first of them. */
import { loadDefaultPool } from "#asyncio-host";
import type { AnyFunction } from "../../base/functions.ts";
import { SHARED_CALLS } from "../../pool/call-codec.ts";
import type { ExecutorFuture } from "../../waiting/task-waits.ts";
import {
  type CallCore,
  link,
  shutdownExecutor,
  submitByExecutor,
  submitNow,
} from "../engine/calls.ts";
import { sessionOfCaller } from "../engine/caller.ts";
import { FAILED } from "../engine/future-core.ts";
import type { LoopCore } from "../engine/loop-core.ts";
import type { CallExecutor } from "../events.ts";

/** The loop's executor, which the run that first needs it shuts down when it ends. */
export function executorOf(loop: LoopCore): Promise<CallExecutor> {
  if (loop.executor === undefined) {
    const loading = makeExecutor();
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

async function makeExecutor(): Promise<CallExecutor> {
  return (await loadDefaultPool()).makePool();
}

/** Runs a call for a future by the loop's own executor. */
export function callByDefault(future: CallCore, fn: AnyFunction, args: readonly unknown[]): void {
  const loading = executorOf(future.loop);
  submitTo(future.loop.readyExecutor, loading, future, args, (executor, given) =>
    submitByExecutor(executor, "null", fn, given),
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
  if (ready !== undefined) {
    submitNow(future, () => submit(ready, args));
    return;
  }
  const fail = (error: unknown): void => future.settleOnce(FAILED, error);
  try {
    const copy = SHARED_CALLS.copyArguments(args);
    void loading
      .then((loaded) => {
        if (future.isPending) link(future, submit(loaded, copy));
      })
      .catch(fail);
  } catch (error) {
    fail(error);
  }
}
