/**
 * What `await` does with heddle's operations.
 *
 * It calls `then` with the two functions that settle its promise, and ignores what
 * is returned. So nothing needs to be made but the wait itself. Users who call
 * `then` want a promise; their functions are known from `await`'s by not being native.
 */
import { isNativeReaction } from "../../base/functions.ts";
import { CallerContext, needsCallerContext } from "../../contextvars/caller-context.ts";
import { rejectAt } from "../../wire/stack.ts";
import type { Suspend } from "../events.ts";
import { scopeOfAsyncCaller } from "./caller.ts";

type Resolve = (value: unknown) => void;
type Reject = (reason: unknown) => void;

interface Iterated {
  [Symbol.iterator](): Iterator<Suspend, unknown, unknown>;
}

/** Waits where the caller is in no task. */
type WaitOutside<A> = (awaitable: A, resolve: Resolve, reject: Reject) => void;

/** Does what the `then` of an operation does. */
export function thenOf<A extends Iterated, R1, R2>(
  awaitable: A,
  onFulfilled: ((value: never) => R1 | PromiseLike<R1>) | null | undefined,
  onRejected: ((reason: never) => R2 | PromiseLike<R2>) | null | undefined,
  waitOutside: WaitOutside<A>,
): Promise<R1 | R2> {
  if (isNativeReaction(onFulfilled) && isNativeReaction(onRejected)) {
    wait(
      awaitable,
      onFulfilled as unknown as Resolve,
      onRejected as unknown as Reject,
      waitOutside,
    );
    // Only native code called, and it does not look.
    return undefined as never;
  }
  const outcome = new Promise<unknown>((resolve, reject) => {
    wait(awaitable, resolve, reject, waitOutside);
  });
  const context = needsCallerContext() ? new CallerContext() : undefined;
  return outcome.then(
    (context?.bound(onFulfilled) ?? onFulfilled) as (value: unknown) => R1,
    (context?.bound(onRejected) ?? onRejected) as (reason: unknown) => R2,
  );
}

function wait<A extends Iterated>(
  awaitable: A,
  resolve: Resolve,
  reject: Reject,
  waitOutside: WaitOutside<A>,
): void {
  const scope = scopeOfAsyncCaller();
  if (scope === undefined) {
    waitOutside(awaitable, resolve, (error) => rejectAt(error, resolve, reject));
    return;
  }
  let operation: Iterator<Suspend, unknown, unknown>;
  try {
    operation = awaitable[Symbol.iterator]();
  } catch (error) {
    rejectAt(error, resolve, reject); // it has been awaited before
    return;
  }
  scope.task.awaitOperation(operation, resolve, reject, waitOutside, scope);
}
