/** The pool that runs a loop's calls where no executor is given. Loaded for the first of them. */
import { server } from "#platform";
import type { AnyFunction } from "../../base/functions.ts";
import type { NamedEntry } from "../../contextvars/entries.ts";
import { PoolExecutor, submitInContext } from "../../concurrent/futures/pool-executor.ts";
import { ThreadPoolExecutor } from "../../concurrent/futures/thread-pool-executor.ts";
import { canBeSent } from "../../pool/call-codec.ts";
import type { ExecutorFuture } from "../../waiting/task-waits.ts";
import type { CallExecutor } from "../events.ts";

/** Python's numbers: some more than processors, since such calls mostly wait. They start as they are needed. */
const BESIDES_PROCESSORS = 4;
const MOST_THREADS = 32;

export function makePool(): CallExecutor {
  const maxWorkers = Math.min(MOST_THREADS, server.parallelism() + BESIDES_PROCESSORS);
  return new ThreadPoolExecutor({ maxWorkers, threadNamePrefix: "asyncio" });
}

/**
 * Submits a call that sees these values of context variables, if the executor can take them along:
 * those that another thread can have.
 */
export function submitWithEntries(
  executor: CallExecutor,
  entries: NamedEntry[],
  fn: AnyFunction,
  args: readonly unknown[],
): ExecutorFuture<unknown> {
  if (executor instanceof PoolExecutor) {
    const sent = entries.filter(([, value]) => canBeSent(value));
    return submitInContext(executor, sent, fn, args);
  }
  return executor.submit(fn, ...args);
}
