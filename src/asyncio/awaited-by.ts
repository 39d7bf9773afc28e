/**
 * Who waits for what.
 *
 * Nothing is kept for this: a future knows what to make ready when it is done, and
 * that is a task, the await of an async function, or a callback. A {@link Relay} says
 * for whom it is: a task, or another future. `gather` and the like are such futures in
 * between, which the user has not made: behind them are the tasks that wait for them.
 *
 * What others than heddle's own code know is kept apart, in `stated`.
 */
import { AsyncAwait } from "./async-await.ts";
import { type Future, isFuture, waitersOf } from "./future.ts";
import { Relay } from "./relay.ts";
import { Task } from "./task.ts";

let stated: WeakMap<Future<unknown>, Set<Future<unknown>>> | undefined;

/** Who waits for the future now, each once. */
export function awaitersOf(future: Future<unknown>): Set<Future<unknown>> {
  const awaiters = new Set<Future<unknown>>();
  const between = [future];
  const seen = new Set(between);
  for (let next = between.pop(); next !== undefined; next = between.pop()) {
    for (const waiter of waitersOf(next)) {
      if (waiter instanceof Task) awaiters.add(waiter);
      else if (waiter instanceof AsyncAwait) awaiters.add(waiter.task);
      else if (waiter instanceof Relay) {
        for (const each of isFuture(waiter.to) ? [waiter.to] : waiter.to) {
          if (each instanceof Task) {
            if (!each.done()) awaiters.add(each);
          } else if (!seen.has(each)) {
            seen.add(each);
            between.push(each);
          }
        }
      }
    }
  }
  for (const each of stated?.get(future) ?? []) awaiters.add(each);
  return awaiters;
}

/**
 * Notes that a future or task waits for another one, for the call graph.
 *
 * For code that makes waits of its own out of callbacks: what heddle's operations wait
 * for is known. Does nothing if one of the two is no future.
 *
 * Python: `asyncio.future_add_to_awaited_by`
 *
 * @example
 * ```ts
 * import { captureCallGraph, currentTask, Future, futureAddToAwaitedBy, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const future = new Future<void>();
 *   futureAddToAwaitedBy(future, currentTask());
 *   console.log(captureCallGraph(future)?.awaitedBy.length); // 1
 * });
 * ```
 */
export function futureAddToAwaitedBy(future: unknown, waiter: unknown): void {
  if (!isFuture(future) || !isFuture(waiter)) return;
  stated ??= new WeakMap();
  const waiters = stated.get(future);
  if (waiters === undefined) stated.set(future, new Set([waiter]));
  else waiters.add(waiter);
}

/**
 * Takes back what {@link futureAddToAwaitedBy} has noted; does nothing if it has not.
 *
 * Python: `asyncio.future_discard_from_awaited_by`
 */
export function futureDiscardFromAwaitedBy(future: unknown, waiter: unknown): void {
  if (isFuture(future) && isFuture(waiter)) stated?.get(future)?.delete(waiter);
}
