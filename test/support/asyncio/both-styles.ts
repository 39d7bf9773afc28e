/**
 * Writing a test of asyncio once, and running it in both styles.
 *
 * Its coroutines are generator functions that `yield` what is to be waited for. Each
 * style makes of them what a user would write: a generator that uses `yield*`, or an
 * async function that uses `await`.
 */
import {
  type Awaitable,
  type Coroutine,
  createTask,
  type Future,
  Loop,
  run,
  type Task,
  type TaskOptions,
} from "heddle/asyncio";
import { VirtualClock } from "heddle/testing";

/** The body of a coroutine in a test. What a `yield` gives is of whatever type is expected. */
export type Steps<T> = Generator<Awaitable<unknown> | Future<unknown>, T>;

export type Style = {
  readonly name: string;
  /** Makes a function that a task can be made of. */
  readonly co: <A extends unknown[], T>(
    steps: (...args: A) => Steps<T>,
    ...args: A
  ) => () => Coroutine<T> | Promise<T>;
};

export const STYLES: readonly Style[] = [
  {
    name: "generators",
    co: (steps, ...args) =>
      function* () {
        const body = steps(...args);
        let result = body.next(undefined);
        while (result.done !== true) {
          let sent: unknown;
          try {
            sent = yield* result.value;
          } catch (error) {
            result = body.throw(error);
            continue;
          }
          result = body.next(sent);
        }
        return result.value;
      },
  },
  {
    name: "async functions",
    co: (steps, ...args) =>
      async function () {
        const body = steps(...args);
        let result = body.next(undefined);
        while (result.done !== true) {
          let sent: unknown;
          try {
            sent = await result.value;
          } catch (error) {
            result = body.throw(error);
            continue;
          }
          result = body.next(sent);
        }
        return result.value;
      },
  },
];

/** Makes a task, in the style. */
export type Spawn = <T>(steps: () => Steps<T>, options?: TaskOptions) => Task<T>;

/**
 * Runs a test's main coroutine on a loop with a virtual clock; returns what it returns.
 *
 * Fails if the loop is told of an error, unless the test has set a handler of its own.
 * When a failure counts as unread depends on the garbage collector: that says nothing.
 */
export async function runVirtual<T>(
  main: () => Coroutine<T> | PromiseLike<T>,
  clock: VirtualClock = new VirtualClock(),
): Promise<T> {
  const loop = new Loop({ clock });
  const reports: unknown[] = [];
  loop.setExceptionHandler((_, { message, exception }) => {
    if (!message.includes("never retrieved")) reports.push(message, exception);
  });
  const result = await run(main, { loopFactory: () => loop });
  if (reports.length > 0) throw new Error("The loop was told of errors", { cause: reports });
  return result;
}

/** What a test needs, in each style. */
export function inStyle({ co }: Style): {
  co: Style["co"];
  spawn: Spawn;
  main: <T>(steps: () => Steps<T>, clock?: VirtualClock) => Promise<T>;
} {
  return {
    co,
    spawn: (steps, options) => createTask(co(steps), options),
    main: async (steps, clock) => runVirtual(co(steps), clock),
  };
}

/** Runs exactly one iteration. */
export async function runOnce(loop: Loop): Promise<void> {
  loop.stop();
  await loop.runForever();
}

/** What waiting for it throws. */
export function* errorOf(awaitable: Awaitable<unknown> | Future<unknown>): Steps<unknown> {
  try {
    yield awaitable;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
