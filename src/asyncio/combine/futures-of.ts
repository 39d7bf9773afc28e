import type { Spawnable } from "../engine/coroutine-types.ts";
import { futureOf } from "./ensure-future.ts";
import type { Future } from "../engine/future.ts";
import type { Loop } from "../engine/loop.ts";

/**
 * The futures of what is to be waited for, in the same order. What is given twice runs
 * once, as in Python, but for functions: each mention of one is a call of its own.
 */
export function futuresOf(
  given: Iterable<Spawnable<unknown>>,
  loop: Loop,
): readonly Future<unknown>[] {
  const futures: Future<unknown>[] = [];
  const known = new Map<Spawnable<unknown>, Future<unknown>>();
  for (const each of given) {
    let future = typeof each === "function" ? undefined : known.get(each);
    if (future === undefined) {
      future = futureOf(each, loop);
      if (typeof each !== "function") known.set(each, future);
    }
    futures.push(future);
  }
  return futures;
}
