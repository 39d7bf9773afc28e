/** What there is to be taken of queues, barriers and conditions, whosever these are. */
import assert from "node:assert/strict";
import {
  type Awaitable,
  type Coroutine,
  coroutine,
  createTask,
  sleep,
  type Task,
} from "heddle/asyncio";
import type { Options, Provided } from "./taking-contract.ts";

interface AnyQueue {
  get(options?: Options): Awaitable<unknown>;
  putNowait(item: number): void;
  getNowait(): unknown;
  empty(): boolean;
}

/** The item that was provided is the next to be taken, unless the wait has it. */
export function getting(
  make: () => AnyQueue,
  get: (queue: never, options?: Options) => Awaitable<unknown> = (queue: AnyQueue, options) =>
    queue.get(options),
): () => Provided {
  return () => {
    const queue = make();
    return {
      wait: (options) => get(queue as never, options),
      provide: () => queue.putNowait(1),
      check: (hasTaken, result) => {
        if (hasTaken) assert.equal(result, 1);
        else assert.equal(queue.getNowait(), 1);
        assert.ok(queue.empty());
      },
    };
  };
}

interface WithLock {
  with(body: () => number): PromiseLike<number>;
  locked(): boolean;
  release(): void;
}

/** Made taken. It is taken while the body runs, and free in the end. */
export function holding(make: () => WithLock | Promise<WithLock>): () => Promise<Provided> {
  return async () => {
    const lock = await make();
    let isHeld: boolean | undefined;
    const body = (): number => {
      isHeld = lock.locked();
      return 7;
    };
    return {
      wait: () => lock.with(body) as Awaitable<number>,
      provide: () => lock.release(),
      check: (hasTaken, result) => {
        if (hasTaken) assert.deepEqual([isHeld, result], [true, 7]);
        assert.equal(lock.locked(), false);
      },
    };
  };
}

interface FullQueue extends AnyQueue {
  put(item: number, options?: Options): Awaitable<void>;
}

export function putting(make: (maxsize: number) => FullQueue, isFinal = true): () => Provided {
  return () => {
    const queue = make(1);
    queue.putNowait(1);
    return {
      wait: (options) => queue.put(2, options),
      isFinal,
      provide: () => void queue.getNowait(),
      check: (hasTaken) => {
        assert.equal(queue.empty(), !hasTaken);
        if (hasTaken) assert.equal(queue.getNowait(), 2);
      },
    };
  };
}

interface JoinableQueue {
  putNowait(item: number): void;
  getNowait(): unknown;
  taskDone(): void;
  join(options?: Options): Awaitable<void>;
}

/** All items have been reported done, for every caller. */
export function joiningQueue(make: () => JoinableQueue): () => Provided {
  return () => {
    const queue = make();
    queue.putNowait(1);
    queue.getNowait();
    return {
      wait: (options) => queue.join(options),
      provide: () => queue.taskDone(),
      check: async () => assert.equal(await queue.join(), undefined),
    };
  };
}

interface AnyBarrier {
  wait(options?: Options): Awaitable<number>;
  abort(): void;
}

/** The other party passes if the wait does. */
export function passing(make: () => AnyBarrier): () => Provided {
  return () => {
    const barrier = make();
    let other: Promise<number | string> | undefined;
    return {
      wait: (options) => barrier.wait(options),
      isFinal: true,
      provide: () => {
        const wait = Promise.resolve(barrier.wait() as PromiseLike<number>);
        other = wait.catch((error: Error) => error.name);
      },
      check: async (hasTaken, result) => {
        if (!hasTaken) barrier.abort(); // it may never have arrived
        const indexes = hasTaken ? new Set([result, await other]) : await other;
        assert.deepEqual(indexes, hasTaken ? new Set([0, 1]) : "BrokenBarrierError");
      },
    };
  };
}

export interface AnyCondition {
  acquire(): Awaitable<unknown>;
  wait(): Awaitable<unknown>;
  notify(n: number): void;
  release(): void;
}

/** A notification is for one of two that wait; the second waits behind the one that is cancelled. */
export function notified<C extends AnyCondition>(
  make: () => C,
  wait: (condition: C, isTrue: () => boolean) => Awaitable<unknown>,
): () => Provided {
  return () => {
    const condition = make();
    let waiting = 0;
    let notifications = 0;
    let woken = 0;
    const waitOnce = function* (): Coroutine<void> {
      yield* condition.acquire();
      waiting++;
      try {
        yield* wait(condition, () => notifications > 0);
        woken++;
      } finally {
        waiting--;
        condition.release();
      }
    };
    let second: Task<void> | undefined;
    let notifying: Task<void> | undefined;
    // One that comes while none waits is lost, as it has to be.
    const notifyOne = function* (): Coroutine<void> {
      while (notifications === 0) {
        yield* condition.acquire();
        if (waiting > 0) condition.notify(++notifications);
        condition.release();
        yield* sleep(0);
      }
    };
    return {
      wait: () =>
        coroutine(function* (): Coroutine<void> {
          second ??= createTask(waitOnce()); // its first step comes after this one's
          yield* waitOnce();
        })(),
      provide: () => void (notifying = createTask(notifyOne())),
      check: async () => {
        // If it woke the first, it may have been passed on; never does it wake none.
        if (notifications > 0 && woken === 0) await second;
        for (const task of [second, notifying]) {
          task?.cancel();
          await task?.catch(() => undefined);
        }
        // One that was left behind may still be giving it back.
        await condition.acquire();
        condition.release();
      },
    };
  };
}
