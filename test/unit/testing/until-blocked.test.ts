import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { TimeoutError } from "heddle";
import { Barrier, Condition, Event, Lock, RLock, Semaphore } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
after(() => pool.shutdown());

describe("untilBlocked()", () => {
  it("counts promises of this thread and other threads, for each class", async () => {
    for (const make of [() => new Lock(), () => new RLock(), () => new Semaphore(1)]) {
      const lock = make();
      await untilBlocked(lock, 0);
      await lock.acquire();
      const promises = [1, 2].map(() => lock.with(() => true));
      const thread = pool.submit((own: Lock) => own.withSync(() => true), lock as Lock);
      await untilBlocked(lock, 3);
      await assert.rejects(untilBlocked(lock, 4, { timeout: 5 }), TimeoutError);
      lock.release();
      await Promise.all([...promises, thread]);
      await assert.rejects(untilBlocked(lock, 1, { timeout: 5 }), TimeoutError);
    }
  });

  it("counts those that wait for an event, a condition, a barrier", async () => {
    const event = new Event();
    const condition = new Condition();
    const barrier = new Barrier(3);
    const threads = [
      event.wait(),
      pool.submit((own: Event) => own.waitSync(), event),
      condition.with(async () => condition.wait()),
      pool.submit((own: Condition) => own.withSync(() => own.waitSync()), condition),
      barrier.wait(),
      barrier.wait(),
    ];
    await untilBlocked(event, 2);
    await untilBlocked(condition, 2);
    await untilBlocked(barrier, 2);
    await assert.rejects(untilBlocked(event, 3, { timeout: 5 }), TimeoutError);
    event.set();
    condition.withSync(() => condition.notifyAll());
    await barrier.wait();
    await Promise.all(threads);
    await assert.rejects(untilBlocked(event, 1, { timeout: 5 }), TimeoutError);
    await assert.rejects(untilBlocked(condition, 1, { timeout: 5 }), TimeoutError);
    await assert.rejects(untilBlocked(barrier, 1, { timeout: 5 }), TimeoutError);
  });

  it("counts for a condition those that a notification reaches, not those at its lock", async () => {
    const lock = new Lock();
    const condition = new Condition(lock);
    await lock.acquire();
    const thread = pool.submit((own: Condition) => own.withSync(() => own.waitSync()), condition);
    const promise = condition.with(async () => condition.wait());
    await untilBlocked(lock, 2);
    await assert.rejects(untilBlocked(condition, 1, { timeout: 5 }), TimeoutError);
    lock.release();
    await untilBlocked(condition, 2);
    lock.withSync(() => condition.notifyAll());
    assert.deepEqual(await Promise.all([thread, promise]), [true, true]);
  });

  it("says how many waited when its time is over", async () => {
    const lock = new Lock();
    await assert.rejects(untilBlocked(lock, 2, { timeout: 1 }), {
      name: "TimeoutError",
      message: /^Timed out after 1 ms waiting for 2 waiters of <Lock-\S+ unlocked>: there were 0$/,
    });
  });

  it("refuses what cannot be waited for, and options that mean nothing", async () => {
    await assert.rejects(untilBlocked({}), TypeError);
    await assert.rejects(untilBlocked(null as unknown as object), TypeError);
    await assert.rejects(untilBlocked(new Lock(), 1, { timout: 1 } as object), TypeError);
    await assert.rejects(untilBlocked(new Lock(), 1, { timeout: -1 }), RangeError);
  });
});
