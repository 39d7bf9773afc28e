import { kindOf } from "../../base/text.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { currentContents, runInScope } from "../../contextvars/contents.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import { Given } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";
import { CANCELLED, FAILED, FINISHED, FutureCore } from "../engine/future-core.ts";
import { runningLoop } from "../engine/caller.ts";
import { isThenable } from "../../base/functions.ts";

/** A promise, or a function that starts something external and stops it when the signal is aborted. Python: none */
export type Foreign<T> = PromiseLike<T> | ((signal: WebAbortSignal) => PromiseLike<T>);

/**
 * Waits for something external: a promise that is not of heddle's making.
 *
 * This is how a task waits for promises so that it can be cancelled meanwhile: then
 * the wait ends at once. Give a function to have the work itself stop: its signal is
 * aborted with the {@link CancelledError}. The function is called when the wait
 * begins, in the task's context, but as no part of the task.
 *
 * Python: none
 *
 * @throws {TypeError} It is neither a promise nor a function, or the function returns no promise.
 *
 * @example
 * ```ts
 * import { fromPromise, run, waitFor } from "heddle/asyncio";
 *
 * await run(async () => {
 *   console.log(await fromPromise(Promise.resolve(1))); // 1
 *   const endless = fromPromise(
 *     (signal) =>
 *       new Promise((_, reject) => {
 *         signal.addEventListener("abort", () => reject(signal.reason));
 *         signal.addEventListener("abort", () => console.log("aborted")); // aborted
 *       }),
 *   );
 *   try {
 *     await waitFor(endless, 5);
 *   } catch (error) {
 *     console.log((error as Error).name); // TimeoutError
 *   }
 * });
 * ```
 */
export function fromPromise<T>(external: Foreign<T>): Awaitable<T> {
  if (typeof external !== "function" && !isThenable(external)) {
    throw new TypeError(
      `fromPromise: expected a promise or a function that returns one, got ${kindOf(external)}`,
    );
  }
  return waitForExternal(
    typeof external === "function" ? new Given(external, "fromPromise") : external,
  ) as Awaitable<T>;
}

type Starter = (signal: WebAbortSignal) => PromiseLike<unknown>;

const waitForExternal: (external: PromiseLike<unknown> | Given<Starter>) => Awaitable<unknown> =
  /* @__PURE__ */ coroutine(function* (
    external: PromiseLike<unknown> | Given<Starter>,
  ): Coroutine<unknown> {
    const future = new FutureCore(runningLoop());
    const abortion = external instanceof Given ? new AbortController() : undefined;
    const promise = external instanceof Given ? start(external, abortion) : external;
    void promise.then(
      (value) => future.settleOnce(FINISHED, value),
      (error: unknown) => future.settleOnce(FAILED, error),
    );
    let reason: unknown;
    try {
      return yield* future;
    } catch (error) {
      reason = error;
      throw error;
    } finally {
      future.settleOnce(CANCELLED, undefined);
      if (future.isCancelled) abortion?.abort(reason);
    }
  });

function start(
  external: Given<Starter>,
  abortion: AbortController | undefined,
): PromiseLike<unknown> {
  const { signal } = abortion as AbortController;
  const scope = { contents: currentContents(), task: null };
  const promise = external.scope.runInAsyncScope(
    runInScope<PromiseLike<unknown>>,
    undefined,
    scope,
    () => external.fn(signal),
  );
  if (isThenable(promise)) return promise;
  throw new TypeError(`fromPromise: the function must return a promise, got ${kindOf(promise)}`);
}
