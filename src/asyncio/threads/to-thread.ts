import { loadDefaultPool } from "#asyncio-host";
import { checkedFunction } from "../../base/functions.ts";
import type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
import type { AnyFunction } from "../../base/functions.ts";
import { copyContext } from "../../contextvars/context.ts";
import { namedEntries } from "../../contextvars/entries.ts";
import { OwnCallCore } from "../engine/calls.ts";
import { runningLoop } from "../engine/caller.ts";
import { coroutine } from "../engine/coroutine.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { executorOf, submitTo } from "./default-calls.ts";
import type * as DefaultPool from "./default-pool.ts";
import { installThreads } from "./support.ts";

/**
 * Runs `fn(...args)` in another thread, and waits for what it returns.
 *
 * The thread is one of the loop's default executor, which has four more than there are
 * processors, at most 32, and starts them as they are needed. The values of context variables
 * go with the call, as far as they can be copied. A task that is cancelled meanwhile
 * stops waiting; the call is cancelled if it has not started. Otherwise it is asked to stop
 * (`cancelRequested()` and `currentCall().signal` of `heddle/concurrent/futures` say so in it),
 * and goes on if it does not look.
 *
 * Python: `asyncio.to_thread`
 *
 * Differs: the function shares no variables with the caller.
 *
 * @param fn Runs with what it uses of its module; see `ThreadPoolExecutor.submit`.
 * @param args Copied when the wait begins; for the first call, once the pool has been loaded.
 * @throws {NotShippableError} Another thread could not run `fn`; says why and what to do.
 * @throws {SendError} An argument cannot be copied.
 * @throws What the function throws.
 *
 * @example
 * ```ts
 * import { gather, run, toThread } from "heddle/asyncio";
 *
 * const fibonacci = (n: number): number => {
 *   let [a, b] = [0, 1];
 *   for (let i = 0; i < n; i++) [a, b] = [b, a + b];
 *   return a;
 * };
 * const results = await run(async () => {
 *   return await gather([toThread(fibonacci, 30), toThread(fibonacci, 40)]);
 * });
 * console.log(results.join()); // 832040,102334155
 * ```
 */
export function toThread<A extends unknown[], R>(
  fn: (...args: A) => R,
  ...args: A
): Awaitable<Awaited<R>>;
export function toThread<F extends AnyFunction, A extends OverloadArguments<F>>(
  fn: F,
  ...args: A
): Awaitable<Awaited<OverloadResult<F, A>>>;
export function toThread(fn: AnyFunction, ...args: unknown[]): Awaitable<unknown> {
  return runInThread(checkedFunction(fn, "toThread: fn"), args);
}

const runInThread = /* @__PURE__ */ coroutine(function* (
  fn: AnyFunction,
  args: readonly unknown[],
): Coroutine<unknown> {
  const loop = runningLoop();
  installThreads();
  const entries = namedEntries(copyContext());
  const loading = Promise.all([executorOf(loop), loadPools()]);
  const { readyExecutor } = loop;
  const ready = readyExecutor && pools && ([readyExecutor, pools] as const);
  const future = new OwnCallCore(loop);
  submitTo(ready, loading, future, args, ([executor, { submitWithEntries }], given) =>
    submitWithEntries(executor, entries, fn, given),
  );
  try {
    return yield* future;
  } finally {
    // Cancelled before the call was submitted: then it is not.
    future.cancel();
  }
});

/** The module that submits to pools, once it has been loaded. */
let pools: typeof DefaultPool | undefined;

async function loadPools(): Promise<typeof DefaultPool> {
  return (pools ??= await loadDefaultPool());
}
