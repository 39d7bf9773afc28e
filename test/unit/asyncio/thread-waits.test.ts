/** Tasks that wait for objects of threads, by `yield*` and by `await`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CancelledError, NotShippableError } from "heddle";
import {
  createTask,
  toThread,
  gather,
  getRunningLoop,
  run,
  sleep,
  type Task,
  timeout,
  waitFor,
} from "heddle/asyncio";
import { ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { Queue, SimpleQueue } from "heddle/queue";
import { Barrier, Condition, Event, Lock, RLock, Semaphore, Thread } from "heddle/threading";
import { errorOf, inStyle, type Steps, STYLES } from "../../support/asyncio/both-styles.ts";
import * as there from "../../support/asyncio/threads.ts";

for (const style of STYLES) {
  const { co, spawn } = inStyle(style);
  const main = async <T>(steps: () => Steps<T>): Promise<T> => run(co(steps));

  /** A task that waits, and is surely waiting when this goes on. */
  function* begun<T>(steps: () => Steps<T>): Steps<Task<T>> {
    const task = spawn(steps);
    yield sleep(0);
    yield sleep(0);
    assert.equal(task.done(), false);
    return task;
  }

  function* cancelled(task: Task<unknown>): Steps<void> {
    task.cancel();
    assert.ok((yield* errorOf(task)) instanceof CancelledError);
  }

  describe(`tasks that wait for threads, ${style.name}`, () => {
    it("a lock that another thread holds: the loop goes on meanwhile", async () => {
      await main(function* () {
        const [lock, held, done] = [new Lock(), new Event(), new Event()];
        const thread = new Thread({ target: there.holdUntil, args: [lock, held, done] });
        thread.start();
        yield held.wait();
        const waiting = yield* begun(function* () {
          return yield lock.acquire();
        });
        let ticks = 0;
        for (; ticks < 20; ticks++) yield sleep(1);
        done.set();
        assert.equal(yield waiting, true);
        assert.equal(ticks, 20);
        lock.release();
        yield thread;
      });
    });

    it("a lock: a cancelled wait takes nothing, and leaves nobody waiting", async () => {
      for (const lock of [new Lock(), new RLock(), new Semaphore(1)]) {
        await main(function* () {
          yield lock.acquire();
          const waiting = yield* begun(function* () {
            yield lock.acquire();
          });
          yield* cancelled(waiting);
          lock.release();
          assert.equal(yield lock.acquire({ timeout: 0 }), true);
          lock.release();
        });
      }
    });

    it("a barrier that is passed at the moment of the cancellation: the task goes on, and is cancelled at its next wait", async () => {
      await main(function* () {
        const barrier = new Barrier(2);
        let index: number | undefined;
        const waiting = yield* begun(function* () {
          index = yield barrier.wait();
          yield sleep(1000);
        });
        const last: number = yield barrier.wait();
        yield* cancelled(waiting);
        assert.deepEqual([index, last], [0, 1]);
      });
    });

    it("and if there is no next wait, it ends with its result", async () => {
      await main(function* () {
        const barrier = new Barrier(2);
        const waiting = yield* begun(function* () {
          return yield barrier.wait();
        });
        void barrier.wait();
        waiting.cancel();
        assert.equal(yield waiting, 0);
      });
    });

    it("queues: items come and go, and none is lost with a cancelled wait", async () => {
      for (const queue of [new Queue<number>(), new SimpleQueue<number>()]) {
        await main(function* () {
          const waiting = yield* begun(function* () {
            return yield queue.get();
          });
          yield* cancelled(waiting);
          const thread = new Thread({
            target: there.putAll,
            args: [queue, [1, 2, 3]],
          });
          thread.start();
          const items: number[] = [];
          for (let i = 0; i < 3; i++) items.push(yield queue.get());
          assert.deepEqual(items, [1, 2, 3]);
          yield thread;
          yield queue.put(4);
          assert.equal(queue.getNowait(), 4);
        });
      }
    });

    it("queues: of many getters that are cancelled at random, none takes an item with it", async () => {
      await main(function* () {
        const queue = new Queue<number>();
        const got: number[] = [];
        const getters = Array.from({ length: 30 }, () =>
          spawn(function* () {
            got.push(yield queue.get());
          }),
        );
        yield sleep(0);
        const thread = new Thread({
          target: there.putAll,
          args: [queue, Array.from({ length: 30 }, (_, i) => i)],
        });
        thread.start();
        for (let i = 0; i < getters.length; i += 2) {
          getters[i]!.cancel();
          yield sleep(0);
        }
        yield thread;
        yield sleep(5);
        for (const getter of getters) getter.cancel();
        yield gather(getters, { returnExceptions: true });
        while (!queue.empty()) got.push(yield queue.get());
        assert.deepEqual(
          got.sort((a, b) => a - b),
          Array.from({ length: 30 }, (_, i) => i),
        );
      });
    });

    it("a full queue: a cancelled put puts nothing", async () => {
      await main(function* () {
        const queue = new Queue<number>(1);
        yield queue.put(1);
        const waiting = yield* begun(function* () {
          yield queue.put(2);
        });
        yield* cancelled(waiting);
        assert.equal(yield queue.get(), 1);
        assert.equal(queue.empty(), true);
      });
    });

    it("events, barriers, conditions", async () => {
      await main(function* () {
        const event = new Event();
        const waiting = yield* begun(function* () {
          return yield event.wait();
        });
        yield* cancelled(
          yield* begun(function* () {
            yield event.wait();
          }),
        );
        event.set();
        assert.equal(yield waiting, true);

        const barrier = new Barrier(2);
        const other = yield* begun(function* () {
          return yield barrier.wait();
        });
        const indexes = [(yield barrier.wait()) as number, (yield other) as number];
        assert.equal(indexes[0]! + indexes[1]!, 1);

        const condition = new Condition();
        const notified = yield* begun(function* () {
          yield condition.acquire();
          const result: boolean = yield condition.wait();
          condition.release();
          return result;
        });
        yield* cancelled(
          yield* begun(function* () {
            yield condition.acquire();
            try {
              yield condition.wait();
            } finally {
              condition.release();
            }
          }),
        );
        yield condition.acquire();
        condition.notify();
        condition.release();
        assert.equal(yield notified, true);
      });
    });

    it("an RLock belongs to the task", async () => {
      await main(function* () {
        const lock = new RLock();
        yield lock.acquire();
        yield lock.acquire();
        const other = spawn(function* () {
          return yield lock.acquire({ timeout: 0 });
        });
        assert.equal(yield other, false);
        lock.release();
        lock.release();
        const later = spawn(function* () {
          const taken: boolean = yield lock.acquire({ timeout: 0 });
          lock.release();
          return taken;
        });
        assert.equal(yield later, true);
      });
    });

    it("futures of a pool, threads, and wait()", async () => {
      await main(function* () {
        const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
        assert.equal(yield pool.submit(there.twice, 4), 8);
        assert.equal(yield pool.submit(there.twice, 5).result(), 10);
        const failing = yield* errorOf(pool.submit(there.fail, "there"));
        assert.ok(failing instanceof SyntaxError);
        const futures = [pool.submit(there.twice, 1), pool.submit(there.twice, 2)];
        const { done }: { done: Set<unknown> } = yield wait(futures);
        assert.equal(done.size, 2);
        assert.deepEqual(yield gather(futures), [2, 4]);
        const thread = new Thread({ target: there.twice, args: [21] });
        thread.start();
        yield thread.join();
        assert.equal(yield thread, 42);
        pool.shutdownSync();
      });
    });

    it("time limits end the wait", async () => {
      await main(function* () {
        const event = new Event();
        assert.equal(((yield* errorOf(waitFor(event.wait(), 5))) as Error).name, "TimeoutError");
        const body = co(function* () {
          yield event.wait();
        });
        assert.equal(((yield* errorOf(timeout(5, body))) as Error).name, "TimeoutError");
        assert.equal(yield event.wait({ timeout: 5 }), false);
      });
    });
  });
}

describe("tasks that wait for threads", () => {
  it("async functions use the scoped forms as well", async () => {
    await run(async () => {
      const [lock, condition] = [new Lock(), new Condition()];
      assert.equal(await lock.with(async () => (await sleep(1), "done")), "done");
      const waiting = createTask(() => condition.with(async () => condition.wait()));
      await sleep(1);
      await condition.with(() => condition.notify());
      assert.equal(await waiting, true);
      const held = await lock.hold();
      const blocked = createTask(() => lock.with(() => "never"));
      await sleep(1);
      blocked.cancel();
      await assert.rejects(Promise.resolve(blocked), CancelledError);
      held.release();
      assert.equal(lock.locked(), false);
    });
  });

  it("outside of tasks they are promises, and futures cannot be iterated over", async () => {
    const lock = new Lock();
    const promise = lock.acquire();
    assert.ok(promise instanceof Promise);
    assert.equal(await promise, true);
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const future = pool.submit(there.twice, 1);
    assert.throws(() => future[Symbol.iterator](), TypeError);
    assert.equal(await future, 2);
    await pool.shutdown();
  });

  it("what a task gets instead has all that promises have", async () => {
    await run(async () => {
      const event = new Event();
      const ends: string[] = [];
      event.set();
      assert.equal(await event.wait().then((value) => !value), false);
      assert.equal(await event.wait().finally(() => ends.push("end")), true);
      const refused = event.wait({ timeout: -1 }).catch((error: Error) => error.name);
      assert.equal(await refused, "RangeError");
      assert.deepEqual(ends, ["end"]);
      assert.deepEqual(await Promise.all([event.wait(), sleep(1, "slept")]), [true, "slept"]);
    });
  });

  it("a call that the loop's own executor refuses fails its future, the first one and later ones", async () => {
    await run(async () => {
      const loop = getRunningLoop();
      const outside = [1];
      for (let i = 0; i < 2; i++) {
        const future = loop.runInExecutor(null, () => outside);
        await assert.rejects(async () => await future, NotShippableError);
      }
    });
  });
});

describe("calls in another thread copy their arguments when they are made", () => {
  const first = ([value]: readonly number[]): number | undefined => value;

  it("runInExecutor, also while the pool is still to be loaded", async () => {
    await run(async () => {
      for (let round = 0; round < 3; round++) {
        const list = [1];
        const future = getRunningLoop().runInExecutor(null, first, list);
        list[0] = 99;
        assert.equal(await future, 1);
      }
    });
  });

  it("toThread, from its first step on", async () => {
    await run(async () => {
      for (let round = 0; round < 3; round++) {
        const list = [1];
        const task = createTask(toThread(first, list));
        await sleep(0);
        list[0] = 99;
        assert.equal(await task, 1);
      }
    });
  });
});
