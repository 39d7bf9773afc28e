import { checkedIterable } from "../../base/functions.ts";
import { checkedObject } from "../../base/options.ts";
import type { Awaitable, Body, Coroutine, Suspend } from "../events.ts";
import { callBody, Given } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";
import { fromPromise } from "./from-promise.ts";
import { isIterated } from "../engine/spawnable.ts";

/**
 * Calls the body with each item of something asynchronous, one after the other.
 *
 * For generators, which have no `for await`. Items of a plain iterable are waited for.
 * If the body throws, or the task is cancelled, the iteration is ended: its `return` is
 * called, and waited for unless an item is still being made.
 *
 * Python: none; `async for`
 *
 * @throws {TypeError} It is nothing that can be iterated over.
 *
 * @example
 * ```ts
 * import { type Coroutine, each, run, sleep } from "heddle/asyncio";
 *
 * async function* numbers(): AsyncGenerator<number> {
 *   yield 1;
 *   yield 2;
 * }
 *
 * function* main(): Coroutine<void> {
 *   yield* each(numbers(), function* (n) {
 *     yield* sleep(1);
 *     console.log(n); // 1, 2
 *   });
 * }
 *
 * await run(main());
 * ```
 */
export function each<T, R>(
  items: AsyncIterable<T> | Iterable<Awaitable<T>>,
  body: Body<[T], R>,
): Awaitable<void> {
  if (!(Symbol.asyncIterator in checkedObject(items, "each: items")))
    checkedIterable(items as Iterable<unknown>, "each: items");
  return forEach(items as AnyItems, new Given(body as Body<[unknown], unknown>, 'each: "body"'));
}

type GivenBody = Given<Body<[unknown], unknown>>;
type AnyItems = AsyncIterable<unknown> | Iterable<Awaitable<unknown>>;

const forEach: (items: AnyItems, body: GivenBody) => Awaitable<void> = /* @__PURE__ */ coroutine(
  function* (items: AnyItems, body: GivenBody): Coroutine<void> {
    if (Symbol.asyncIterator in items) {
      yield* forEachAsync(items[Symbol.asyncIterator](), body);
      return;
    }
    for (const item of items) yield* callBody(body, yield* operationOf(item));
  },
);

function* forEachAsync(iterator: AsyncIterator<unknown>, body: GivenBody): Coroutine<void> {
  for (;;) {
    let result: IteratorResult<unknown, unknown>;
    try {
      result = yield* operationOf(iterator.next());
    } catch (error) {
      // Not waited for: the return of an async generator comes after its pending next.
      void end(iterator).then(undefined, () => undefined);
      throw error;
    }
    if (result.done === true) return;
    try {
      yield* callBody(body, result.value);
    } catch (error) {
      yield* fromPromise(end(iterator));
      throw error;
    }
  }
}

async function end(iterator: AsyncIterator<unknown>): Promise<void> {
  await iterator.return?.();
}

/** Something to wait for, an operation of heddle or an external promise. */
function operationOf<T>(awaitable: PromiseLike<T>): Iterable<Suspend, T> {
  return isIterated(awaitable) ? (awaitable as Iterable<Suspend, T>) : fromPromise(awaitable);
}
