import type { Awaitable } from "./coroutine-types.ts";

/**
 * An iterator whose items can be waited for as tasks wait: `for await` can be cancelled
 * between two items, and `each` needs no promise.
 */
export function iterationOf<T>(
  next: () => Awaitable<IteratorResult<T, undefined>>,
): AsyncIterableIterator<T> {
  const iterator = {
    next: next as unknown as () => Promise<IteratorResult<T, undefined>>,
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}
