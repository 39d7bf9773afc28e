import type { Spawnable } from "./coroutine-types.ts";
import { ensureFuture } from "./ensure-future.ts";
import type { Future } from "./future.ts";
import type { Loop } from "./loop.ts";

/**
 * The futures of what is to be waited for, in the same order. What is given twice runs
 * once, as in Python, but for functions: each mention of one is a call of its own.
 */
export function futuresOf(
  given: Iterable<Spawnable<unknown>>,
  loop: Loop,
): readonly Future<unknown>[] {
  const futures = new Map<Spawnable<unknown>, Future<unknown>>();
  return Array.from(given, (each) => {
    const known = typeof each === "function" ? undefined : futures.get(each);
    const future = known ?? ensureFuture(each, { loop });
    futures.set(each, future);
    return future;
  });
}
