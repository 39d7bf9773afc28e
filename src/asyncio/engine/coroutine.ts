/**
 * Making generators that async functions can await, too.
 *
 * Each generator function has a prototype of its own for its generators. Giving that
 * another parent gives them a `then`, and costs nothing for each of them.
 */
import { agentLoop } from "./agent-loop.ts";
import type { Awaitable, Coroutine } from "./coroutine-types.ts";
import { callWhenDone } from "./future.ts";
import { makeTask } from "./create-task.ts";
import { sessionsOf } from "./loop-core.ts";
import { debugLoops, watchBeginning } from "./never-awaited.ts";
import { runningLoop } from "./running-loop.ts";
import { isGeneratorFunction } from "./spawnable.ts";
import { thenOf } from "./thenable.ts";

/** What generators of coroutines inherit from, in place of `%GeneratorPrototype%`. */
const coroutinePrototype: object = /* @__PURE__ */ Object.create(
  /* @__PURE__ */ Object.getPrototypeOf(function* () {}).prototype as object,
  {
    // oxlint-disable-next-line unicorn/no-thenable -- coroutines can be awaited
    then: { value: thenOfCoroutine, writable: true, configurable: true },
    [Symbol.toStringTag]: { value: "Coroutine", configurable: true },
  },
);

/**
 * Makes the coroutines of a generator function ones that can be awaited by async functions, too.
 *
 * Within other generators, `yield*` waits for any generator; this is for those that
 * async functions are to use. The generators of the function given are changed, too.
 *
 * Python: none
 *
 * @throws {TypeError} It is no generator function.
 *
 * @example
 * ```ts
 * import { coroutine, run, sleep } from "heddle/asyncio";
 *
 * const double = coroutine(function* (n: number) {
 *   yield* sleep(1);
 *   return 2 * n;
 * });
 *
 * console.log(await run(async () => await double(4))); // 8
 * console.log(await run(double(5))); // 10
 * ```
 */
export function coroutine<A extends unknown[], T>(
  fn: (...args: A) => Coroutine<T>,
): (...args: A) => Awaitable<T> {
  if (!isGeneratorFunction(fn))
    throw new TypeError("Cannot make a coroutine function: it is no generator function");
  Object.setPrototypeOf(fn.prototype, coroutinePrototype);
  const make = function (this: unknown, ...args: A): Coroutine<T> {
    const made = fn.apply(this, args);
    if (debugLoops > 0) watchBeginning(made, fn.name);
    return made;
  };
  // It is a generator function to whoever looks.
  Object.setPrototypeOf(make, Object.getPrototypeOf(fn) as object);
  for (const name of ["name", "length", "prototype"]) {
    const value: unknown = fn[name as keyof typeof fn];
    Object.defineProperty(make, name, { value, configurable: name !== "prototype" });
  }
  return make as unknown as (...args: A) => Awaitable<T>;
}

function thenOfCoroutine(
  this: Awaitable<unknown>,
  onFulfilled?: (value: never) => unknown,
  onRejected?: (reason: never) => unknown,
): Promise<unknown> {
  return thenOf(this, onFulfilled, onRejected, waitInTask);
}

/** Code that is in no task, such as a module's top level, waits for a task that is made for it, and is no run's. */
export function waitInTask<T>(
  awaitable: Awaitable<T>,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): void {
  const loop = runningLoop() ?? agentLoop();
  const [nobodys] = sessionsOf(loop);
  callWhenDone(makeTask(loop, awaitable, undefined, nobodys), resolve, reject);
}
