/**
 * What both styles can wait for: generators that async functions can await, too, and
 * operations that are written by hand.
 *
 * Each generator function has a prototype of its own for its generators. Giving that
 * another parent gives them a `then`, and costs nothing for each of them.
 */
import { addCatchAndFinally, type Catch, type Finally } from "../../base/catch-finally.ts";
import { showAsText } from "../../base/text.ts";
import type { Awaitable, Coroutine, Suspend } from "../events.ts";
import { loopOfCaller } from "./caller.ts";
import { coreOf, makeTask } from "./classes.ts";
import { threadLoop } from "./faces.ts";
import { callWhenDone } from "./future-core.ts";
import { debugLoops } from "./debug.ts";
import { watchBeginning } from "./never-awaited.ts";
import { beginNoted, beginOnce, hasBegun, isGeneratorFunction } from "./spawnable.ts";
import { thrownInto } from "./step.ts";
import { thenOf } from "./thenable.ts";

/** What generators of coroutines inherit from, in place of `%GeneratorPrototype%`. */
const coroutinePrototype: object = /* @__PURE__ */ makePrototype();

function makePrototype(): object {
  const { prototype } = Object.getPrototypeOf(function* () {}) as GeneratorFunction;
  const made = Object.create(prototype as object, {
    // oxlint-disable-next-line unicorn/no-thenable -- coroutines can be awaited
    then: { value: thenOfCoroutine, writable: true, configurable: true },
    [Symbol.iterator]: { value: iterateOnce, writable: true, configurable: true },
    [Symbol.toStringTag]: { value: "Coroutine", configurable: true },
  }) as PromiseLike<unknown>;
  addCatchAndFinally(made);
  showAsText(made, describe);
  return made;
}

/** Most that are printed have been forgotten. */
function describe(made: object): string {
  return hasBegun(made) ? "<Coroutine awaited>" : "<Coroutine not yet awaited>";
}

/**
 * Makes the coroutines of a generator function ones that can be awaited by async functions, too.
 *
 * Within other generators, `yield*` waits for any generator; this is for those that
 * async functions are to use. The generators of the function given are changed, too.
 *
 * Python: none
 *
 * @throws {TypeError} It is not a generator function.
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
  if (!isGeneratorFunction(fn)) throw new TypeError("coroutine: fn must be a generator function");
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

function iterateOnce(this: object): object {
  return beginOnce(this);
}

function thenOfCoroutine(
  this: Awaitable<unknown>,
  onFulfilled?: (value: never) => unknown,
  onRejected?: (reason: never) => unknown,
): Promise<unknown> {
  return thenOf(this, onFulfilled, onRejected, waitInTask);
}

/** Code that is in no task, such as a module's top level, waits for a task that is made for it, and belongs to no run. */
function waitInTask<T>(
  awaitable: Awaitable<T>,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): void {
  const loop = loopOfCaller() ?? threadLoop();
  const [noRun] = loop.sessions;
  callWhenDone(coreOf(makeTask(loop, awaitable, undefined, noRun)), resolve, reject);
}

/**
 * An operation that is written as a state machine rather than as a generator, to be quick.
 *
 * It is its own iterator, so it can be waited for once, which {@link beginNoted} ensures. `next` must answer the probe;
 * see probe.ts.
 */
export abstract class Operation<T> implements Iterator<Suspend, T, unknown> {
  /** Whether a wait for it has begun. Each class has its own: all that share one would be slower. */
  abstract operationHasBegun: boolean;

  constructor() {
    if (debugLoops > 0) watchBeginning(this);
  }

  /** An await of it runs no code of the user's. */
  get isOwnOperation(): true {
    return true;
  }

  [Symbol.iterator](): Iterator<Suspend, T, unknown> {
    return beginNoted(this);
  }

  abstract next(sent?: unknown): IteratorResult<Suspend, T>;

  throw(error: unknown): IteratorResult<Suspend, T> {
    throw thrownInto(error);
  }

  return(value: T): IteratorResult<Suspend, T> {
    return { done: true, value };
  }

  // oxlint-disable-next-line unicorn/no-thenable -- operations can be awaited
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    // oxlint-disable-next-line typescript/no-explicit-any -- as in PromiseLike
    onRejected?: ((reason: any) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return thenOf(this, onFulfilled, onRejected, waitInTask);
  }

  declare readonly catch: Catch<T>;
  declare readonly finally: Finally<T>;

  static {
    addCatchAndFinally(this.prototype);
    showAsText(this.prototype, describe);
  }
}

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
