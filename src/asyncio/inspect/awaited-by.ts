/**
 * Who waits for what.
 *
 * Nothing is kept for this: a future knows what to make ready when it is done, and
 * that is a task, the await of an async function, or a callback. A {@link Relay} says
 * for whom it is: a task, or another future. `gather` and the like are such futures in
 * between, which the user has not made: behind them are the tasks that wait for them.
 *
 * What others than heddle's own code know is a callback that does nothing: a {@link Statement}.
 * A WeakMap would not do: JavaScriptCore's collector is slow with long chains in one.
 */
import { coreOf } from "../engine/classes.ts";
import { Relay } from "../combine/relay.ts";
import type { FutureCore } from "../engine/future-core.ts";
import { probe } from "../engine/probe.ts";
import { framesOf } from "../engine/stack-frames.ts";
import { AsyncAwait } from "../engine/async-await.ts";
import { TaskCore } from "../engine/task-core.ts";
import type { StackFrame } from "../events.ts";

/** What somebody has said, which nobody need be told when the future is done. */
class Statement extends Relay {
  declare readonly to: FutureCore;
  /** The callback, by which it can be removed. */
  readonly nothing: () => void;

  constructor(future: FutureCore, waiter: FutureCore) {
    const nothing = (): void => {};
    super(future, nothing, waiter);
    this.nothing = nothing;
  }
}

/** Who waits for the future now, each once: tasks, and futures that were said to wait. */
export function awaitersOf(future: FutureCore): Set<FutureCore> {
  const awaiters = new Set<FutureCore>();
  const between = [future];
  const seen = new Set(between);
  for (let next = between.pop(); next !== undefined; next = between.pop()) {
    for (const waiter of next.allWaiters()) {
      if (waiter instanceof TaskCore) awaiters.add(waiter);
      else if (waiter instanceof AsyncAwait) awaiters.add(waiter.owner);
      else if (waiter instanceof Statement) awaiters.add(waiter.to);
      else if (waiter instanceof Relay) {
        for (const each of Array.isArray(waiter.to) ? waiter.to : [waiter.to]) {
          if (each instanceof TaskCore) {
            if (each.isPending) awaiters.add(each);
          } else if (!seen.has(each)) {
            seen.add(each);
            between.push(each);
          }
        }
      }
    }
  }
  return awaiters;
}

/**
 * Where a task waits, the innermost function first: its generators, and those that its
 * async functions await. The async functions themselves cannot be seen.
 */
export function stackOfTask(task: TaskCore): StackFrame[] {
  const own = task.getStack();
  const pending = task.awaits?.[0];
  return pending === undefined ? own : [...framesOf(probe(pending.operation)), ...own];
}

/**
 * Notes that a future or task waits for another one, for the call graph.
 *
 * For code that makes waits of its own out of callbacks: what heddle's operations wait
 * for is known. Does nothing if one of the two is not a future, or the first is done.
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
  const [awaited, awaiter] = [coreOf(future), coreOf(waiter)];
  if (awaited?.isPending === true && awaiter !== undefined)
    awaited.addWaiter(new Statement(awaited, awaiter));
}

/**
 * Takes back what {@link futureAddToAwaitedBy} has noted; does nothing if it has not.
 *
 * Python: `asyncio.future_discard_from_awaited_by`
 *
 * @example
 * ```ts
 * import { captureCallGraph, currentTask, Future, run } from "heddle/asyncio";
 * import { futureAddToAwaitedBy, futureDiscardFromAwaitedBy } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const future = new Future<void>();
 *   futureAddToAwaitedBy(future, currentTask());
 *   futureDiscardFromAwaitedBy(future, currentTask());
 *   console.log(captureCallGraph(future)?.awaitedBy.length); // 0
 * });
 * ```
 */
export function futureDiscardFromAwaitedBy(future: unknown, waiter: unknown): void {
  const [awaited, awaiter] = [coreOf(future), coreOf(waiter)];
  for (const each of awaited?.allWaiters() ?? []) {
    if (each instanceof Statement && each.to === awaiter) awaited?.removeCallback(each.nothing);
  }
}
