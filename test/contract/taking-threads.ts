/** What threads share, and calls give, to be taken by waits that are cancelled. */
import assert from "node:assert/strict";
import type { Awaitable } from "heddle/asyncio";
import * as asyncio from "heddle/asyncio";
import * as lowLevel from "heddle/_thread";
import { asCompleted, Future, ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from "heddle/queue";
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
  Thread,
} from "heddle/threading";
import { afterGate } from "../support/threads/thread-targets.ts";
import { getting, holding, joiningQueue, notified, passing, putting } from "./taking-kinds.ts";
import type { Options, Provided, Takings } from "./taking-contract.ts";

interface Acquired {
  acquire(options?: Options): Awaitable<boolean>;
  acquireSync(options: { readonly timeout: number }): boolean;
  locked?(): boolean;
  hold(options?: Options): Awaitable<unknown>;
  release(): void;
}

function acquiring(how: "acquire" | "hold", make: () => Acquired): () => Provided {
  return () => {
    const lock = make();
    lock.acquireSync({ timeout: 0 });
    return {
      wait: (options) => lock[how](options),
      provide: () => lock.release(),
      check: (hasTaken) =>
        assert.equal(lock.locked?.() ?? !lock.acquireSync({ timeout: 0 }), hasTaken),
    };
  };
}

const LOCKS: Takings = {
  "threading Lock.acquire": { make: acquiring("acquire", () => new Lock()) },
  "threading RLock.acquire": { make: acquiring("acquire", () => new RLock()) },
  "threading Semaphore.acquire": { make: acquiring("acquire", () => new Semaphore()) },
  "threading Semaphore.acquire, of a BoundedSemaphore": {
    make: acquiring("acquire", () => new BoundedSemaphore()),
  },
  "threading Condition.acquire": { make: acquiring("acquire", () => new Condition()) },
  "threading Acquirable.hold, of a Lock": { make: acquiring("hold", () => new Lock()) },
  "threading Acquirable.hold, of a Semaphore": { make: acquiring("hold", () => new Semaphore()) },
  "threading Acquirable.hold, of a BoundedSemaphore": {
    make: acquiring("hold", () => new BoundedSemaphore()),
  },
  "threading RLock.hold": { make: acquiring("hold", () => new RLock()) },
  "threading Condition.hold": { make: acquiring("hold", () => new Condition()) },
  "threading Acquirable.with": {
    make: holding(() => {
      const lock = new Lock();
      lock.acquireSync();
      return lock;
    }),
    isPromise: true,
  },
};

/** A result is there for every later caller, as is a failure. */
function reading(
  ask: (future: Future<number>, options?: Options) => Awaitable<unknown>,
  settle: (future: Future<number>) => void,
  expected: unknown,
): () => Provided {
  return () => {
    const future = new Future<number>();
    future.setRunningOrNotifyCancel(); // a task that is cancelled cancels a future that is pending
    return {
      wait: (options) => ask(future, options),
      provide: () => settle(future),
      check: async (hasTaken, result) => {
        if (hasTaken) assert.deepEqual(result, expected);
        assert.ok(future.done() && !future.cancelled());
        assert.deepEqual(await ask(future), expected);
      },
    };
  };
}

const FAILURE = new RangeError("too far");

/** What a thread has returned is there for every caller. */
function joiningThread(
  ask: (thread: Thread<number>, options?: Options) => Awaitable<unknown>,
): () => Provided {
  return () => {
    const gate = new Event();
    const thread = new Thread({ target: afterGate, args: [gate, 7] });
    thread.start();
    return {
      wait: (options) => ask(thread, options),
      provide: () => {
        gate.set();
        while (thread.isAlive()); // the loop has yet to learn of it
      },
      check: async () => {
        await thread.join();
        assert.equal(await thread, 7);
      },
    };
  };
}

function joiningHandle(): Provided {
  const handle = lowLevel.startJoinableThread(() => 7);
  return {
    wait: (options) => handle.join(options),
    provide: () => {
      while (!handle.isDone());
    },
    check: async () => {
      await handle.join();
      assert.ok(handle.isDone());
    },
  };
}

function waitingForEvent(): Provided {
  const event = new Event();
  return {
    wait: (options) => event.wait(options),
    provide: () => event.set(),
    check: async () => assert.equal(await event.wait(), true),
  };
}

let pool: ThreadPoolExecutor | undefined;

/** For the calls of all tests. */
function sharedPool(): ThreadPoolExecutor {
  return (pool ??= new ThreadPoolExecutor({ maxWorkers: 2 }));
}

export async function endPool(): Promise<void> {
  await pool?.shutdown();
}

/** The next result comes to the next caller. */
function mapping(): Provided {
  const gate = new Event();
  const map = sharedPool().map(afterGate, [gate], [7]);
  const expected = { done: false, value: 7 };
  return {
    wait: () => map.next() as Awaitable<unknown>,
    provide: () => gate.set(),
    check: async (hasTaken, result) => {
      assert.deepEqual(hasTaken ? result : await map.next(), expected);
      assert.equal((await map.next()).done, true);
    },
  };
}

/** An error is a result, and comes to the next caller. */
function mappingToAnError(): Provided {
  const gate = new Event();
  const map = sharedPool().map(
    (given: Event): never => {
      given.waitSync();
      throw new RangeError("too far");
    },
    [gate],
  );
  const ask = (): Awaitable<string> => failure(() => map.next() as Awaitable<unknown>);
  return {
    wait: ask,
    provide: () => gate.set(),
    check: async (hasTaken, result) => {
      const caught = hasTaken ? result : await ask();
      assert.equal(caught, "RangeError: too far");
      assert.equal((await map.next()).done, true);
    },
  };
}

const failure = asyncio.coroutine(function* (
  ask: () => Awaitable<unknown>,
): asyncio.Coroutine<string> {
  try {
    yield* ask();
  } catch (error) {
    if (error instanceof RangeError) return String(error);
    throw error;
  }
  return "none";
});

function completing(): Provided {
  const future = new Future<number>();
  const completed = asCompleted([future]);
  return {
    wait: () => completed.next(),
    provide: () => future.setResult(7),
    check: async (hasTaken, result) => {
      const step = hasTaken ? result : await completed.next();
      assert.equal((step as IteratorResult<unknown>).value, future);
      assert.equal((await completed.next()).done, true);
    },
  };
}

/** The pool ends whether or not a task waits for that. */
function shuttingDown(): Provided {
  const gate = new Event();
  const own = new ThreadPoolExecutor({ maxWorkers: 1 });
  const future = own.submit(afterGate, gate, 7);
  return {
    wait: () => own.shutdown(),
    provide: () => gate.set(),
    check: async () => {
      await own.shutdown();
      assert.equal(await future, 7);
    },
  };
}

export const THREADS: Takings = {
  "queue Queue.get": { make: getting(() => new Queue<number>()) },
  "queue Queue.get, of a LifoQueue": { make: getting(() => new LifoQueue<number>()) },
  "queue Queue.get, of a PriorityQueue": { make: getting(() => new PriorityQueue<number>()) },
  "queue SimpleQueue.get": { make: getting(() => new SimpleQueue<number>()) },
  "queue Queue.put": { make: putting((most) => new Queue<number>(most)) },
  "queue Queue.put, of a LifoQueue": { make: putting((most) => new LifoQueue<number>(most)) },
  "queue Queue.join": { make: joiningQueue(() => new Queue<number>()) },
  ...LOCKS,
  "threading Barrier.wait": { make: passing(() => new Barrier(2)) },
  "threading Condition.wait": {
    make: notified(
      () => new Condition(),
      (condition) => condition.wait(),
    ),
    takesSignal: false,
  },
  "threading Condition.waitFor": {
    make: notified(
      () => new Condition(),
      (condition, isTrue) => condition.waitFor(isTrue) as Awaitable<unknown>,
    ),
    takesSignal: false,
  },
  "threading Event.wait": { make: waitingForEvent },
  "threading Thread.join": {
    make: joiningThread((thread, options) => thread.join(options)),
    tries: "few",
  },
  "threading Thread.then": {
    make: joiningThread((thread) => thread),
    tries: "few",
    takesSignal: false,
  },
  "_thread ThreadHandle.join": { make: joiningHandle, tries: "fewest", comesLater: true },
  "concurrent.futures Future.result": {
    make: reading(
      (future, options) => future.result(options),
      (future) => future.setResult(7),
      7,
    ),
  },
  "concurrent.futures Future.exception": {
    make: reading(
      (future, options) => future.exception(options),
      (future) => future.setException(FAILURE),
      FAILURE,
    ),
  },
  "concurrent.futures Future.then": {
    make: reading(
      (future) => future,
      (future) => future.setResult(7),
      7,
    ),
    takesSignal: false,
  },
  "concurrent.futures wait": {
    make: reading(
      (future, options) => asyncio.coroutine(waitForOne)(future, options),
      (future) => future.setResult(7),
      true,
    ),
    takesSignal: false,
  },
  "concurrent.futures MapResult.next": { make: mapping, takesSignal: false },
  "concurrent.futures MapResult.next, of an error": {
    tries: "few",
    make: mappingToAnError,
    takesSignal: false,
  },
  "concurrent.futures CompletedFutures.next": { make: completing, takesSignal: false },
  "concurrent.futures PoolExecutor.shutdown": {
    make: shuttingDown,
    takesSignal: false,
    tries: "fewest",
  },
};

function* waitForOne(future: Future<number>, options?: Options): asyncio.Coroutine<boolean> {
  const { done } = yield* wait([future], options) as Awaitable<{ readonly done: Set<unknown> }>;
  return done.has(future);
}
