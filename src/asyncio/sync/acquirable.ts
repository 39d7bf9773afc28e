/** What everything that can be acquired and released has in common: the forms that release by themselves. */
import { showAsText } from "../../base/text.ts";
import type { Awaitable, Body, Coroutine } from "../events.ts";
import { Held } from "../../base/held.ts";
import { callBody, Given } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";

/** Something that tasks acquire and release. Python: none */
export abstract class Acquirable {
  static {
    showAsText(this.prototype);
  }

  /** Waits until it is acquired. Python: `asyncio.Lock.acquire` */
  abstract acquire(): Awaitable<true>;
  /** Gives back what was acquired. Python: `asyncio.Lock.release` */
  abstract release(): void;

  /**
   * Acquires, runs `body`, and releases, whatever happens.
   *
   * Python: `asyncio.Lock.__aenter__`, `asyncio.Lock.__aexit__`
   *
   * @returns What `body` returns.
   *
   * @example
   * ```ts
   * import { Lock, run } from "heddle/asyncio";
   *
   * const lock = new Lock();
   * await run(lock.with(() => console.log(lock.locked()))); // true
   * console.log(lock.locked()); // false
   * ```
   */
  with<T>(body: Body<[], T>): Awaitable<T> {
    return holding(this, new Given(body, 'with: "body"')) as Awaitable<T>;
  }

  /**
   * Acquires, and returns what releases again, at the end of a `using` block or by its `release()`.
   *
   * Python: `asyncio.Lock.__aenter__`
   *
   * @example
   * ```ts
   * import { Lock, run } from "heddle/asyncio";
   *
   * const lock = new Lock();
   * await run(async () => {
   *   const held = await lock.hold();
   *   console.log(lock.locked()); // true
   *   held.release();
   * });
   * ```
   */
  hold(): Awaitable<Held> {
    return holdUntilReleased(this);
  }
}

const holding = /* @__PURE__ */ coroutine(function* (
  lock: Acquirable,
  body: Given<Body<[], unknown>>,
): Coroutine<unknown> {
  yield* lock.acquire();
  try {
    return yield* callBody(body);
  } finally {
    lock.release();
  }
});

const holdUntilReleased = /* @__PURE__ */ coroutine(function* (lock: Acquirable): Coroutine<Held> {
  yield* lock.acquire();
  return new Held(() => lock.release());
});
