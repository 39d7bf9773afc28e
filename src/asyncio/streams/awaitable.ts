import type { Awaitable, Coroutine } from "../events.ts";
import { coroutine } from "../engine/coroutine.ts";

/** Lets async functions await a generator, such as a private method's. It runs when it is waited for. */
export const awaitable: <T>(generator: Coroutine<T>) => Awaitable<T> = /* @__PURE__ */ coroutine(
  function* (generator: Coroutine<unknown>): Coroutine<unknown> {
    return yield* generator;
  },
) as never;
