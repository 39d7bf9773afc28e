import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { RuntimeError } from "heddle";
import { Condition, Event, Lock, RLock } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import {
  canAcquire,
  isAbout,
  makeCounter,
  untilCounted,
  waitAndCount,
  waitForValue,
} from "../../support/threads/lock-targets.ts";

const THREADS = 5;
const SHORT_MS = 60;
const pool = new ThreadPoolExecutor({ maxWorkers: THREADS });
after(() => pool.shutdown());

const waitFor = (event: Event, timeout?: number): boolean => event.waitSync({ timeout });

describe("threading.Event", () => {
  it("LK-030 Event: wait() on an event that is set returns true at once", async () => {
    const event = new Event();
    event.set();
    assert.equal(event.waitSync(), true);
    assert.equal(await event.wait(), true);
    assert.equal(await pool.submit(waitFor, event), true);
  });

  it("LK-031 Event: after set() and clear() it can be waited for and set again", async () => {
    const event = new Event();
    for (let round = 0; round < 2; round++) {
      const threads = [pool.submit(waitFor, event), pool.submit(waitFor, event)];
      await untilBlocked(event, 2);
      event.set();
      assert.deepEqual(await Promise.all(threads), [true, true]);
      assert.equal(event.isSet(), true);
      event.clear();
      assert.equal(event.isSet(), false);
      assert.equal(event.waitSync({ timeout: 0 }), false);
    }
  });

  it("LK-032 Event: wait({ timeout: 0 }) on an event that is not set returns false at once", async () => {
    const event = new Event();
    assert.equal(event.waitSync({ timeout: 0 }), false);
    assert.equal(await event.wait({ timeout: 0 }), false);
  });

  it("LK-033 Event: wait() with a timeout returns false after about that time", async () => {
    const event = new Event();
    const start = performance.now();
    assert.equal(event.waitSync({ timeout: SHORT_MS }), false);
    const middle = performance.now();
    assert.equal(await event.wait({ timeout: SHORT_MS }), false);
    const end = performance.now();
    assert.ok(isAbout(middle - start, SHORT_MS), `${middle - start} ms`);
    assert.ok(isAbout(end - middle, SHORT_MS), `${end - middle} ms`);
  });

  it("LK-034 Event: wait() with a timeout on an event that is set returns true at once", async () => {
    const event = new Event();
    event.set();
    assert.equal(event.waitSync({ timeout: 60_000 }), true);
    assert.equal(await event.wait({ timeout: 60_000 }), true);
  });

  it("LK-035 Event: threads that wait return true although clear() follows set() at once", async () => {
    const event = new Event();
    for (let round = 0; round < 20; round++) {
      const threads = Array.from({ length: THREADS }, () => pool.submit(waitFor, event));
      const promise = event.wait();
      await untilBlocked(event, THREADS + 1);
      event.set();
      event.clear();
      assert.ok((await Promise.all([...threads, promise])).every(Boolean));
    }
  });
});

describe("threading.Condition", () => {
  it("LK-037 Condition: its lock is reentrant by default", async () => {
    const condition = new Condition();
    condition.acquireSync();
    condition.acquireSync();
    condition.release();
    assert.equal(await pool.submit(canAcquire, condition, 0), false);
    condition.release();
    assert.equal(await pool.submit(canAcquire, condition, 0), true);
  });

  it("LK-038 Condition: acquiring it locks the very lock it was given, and the other way round", () => {
    for (const lock of [new Lock(), new RLock()]) {
      const condition = new Condition(lock);
      condition.acquireSync();
      assert.equal(lock.locked(), true);
      condition.release();
      assert.equal(lock.locked(), false);
    }
    const lock = new Lock();
    const condition = new Condition(lock);
    lock.acquireSync();
    assert.equal(condition.acquireSync({ timeout: 0 }), false);
    lock.release();
    assert.equal(condition.acquireSync({ timeout: 0 }), true);
  });

  it("LK-040 Condition: notify() without the lock throws a RuntimeError", async () => {
    for (const condition of [new Condition(), new Condition(new Lock())]) {
      assert.throws(() => condition.notify(), RuntimeError);
      assert.throws(() => condition.notifyAll(), RuntimeError);
      assert.throws(() => condition.waitSync(), RuntimeError);
      await assert.rejects(condition.wait(), RuntimeError);
    }
  });

  for (const [name, make] of [
    ["an RLock", () => new RLock()],
    ["a Lock", () => new Lock()],
  ] as const) {
    it(`LK-041 Condition: with ${name}, notify(3) wakes three of five waiters, once the lock is released`, async () => {
      const lock = make();
      const condition = new Condition(lock);
      const counter = makeCounter();
      const threads = Array.from({ length: 5 }, () =>
        pool.submit(waitAndCount, condition, counter),
      );
      await untilBlocked(condition, 5);
      condition.acquireSync();
      condition.notify(3);
      await untilBlocked(lock, 3);
      await untilBlocked(condition, 2);
      assert.equal(counter[0], 0);
      condition.release();
      await untilCounted(counter, 3);
      await untilBlocked(condition, 2);
      assert.equal(counter[0], 3);
      condition.withSync(() => condition.notifyAll());
      assert.ok((await Promise.all(threads)).every(Boolean));
    });
  }

  it("LK-042 Condition: notify(5) wakes the two that wait; later waiters find nothing stored", async () => {
    const condition = new Condition();
    const counter = makeCounter();
    const early = [1, 2].map(() => pool.submit(waitAndCount, condition, counter));
    await untilBlocked(condition, 2);
    condition.withSync(() => condition.notify(5));
    await Promise.all(early);
    const late = [1, 2].map(() => pool.submit(waitAndCount, condition, counter));
    await untilBlocked(condition, 2);
    assert.equal(counter[0], 2);
    assert.equal(
      condition.withSync(() => condition.waitSync({ timeout: 1 })),
      false,
    );
    condition.withSync(() => condition.notify(5));
    await Promise.all(late);
    assert.equal(counter[0], 4);
  });

  it("LK-044 Condition: wait() returns true to who was notified", async () => {
    const condition = new Condition();
    const counter = makeCounter();
    const thread = pool.submit(waitAndCount, condition, counter);
    const promise = condition.with(async () => condition.wait());
    await untilBlocked(condition, 2);
    condition.withSync(() => condition.notifyAll());
    assert.deepEqual(await Promise.all([thread, promise]), [true, true]);
  });

  it("LK-046 Condition: who was not notified stays blocked while others are woken", async () => {
    const condition = new Condition();
    const counter = makeCounter();
    const threads = Array.from({ length: 5 }, () => pool.submit(waitAndCount, condition, counter));
    await untilBlocked(condition, 5);
    for (let woken = 1; woken <= 5; woken++) {
      condition.withSync(() => condition.notify());
      await untilCounted(counter, woken);
      await untilBlocked(condition, 5 - woken);
      assert.equal(counter[0], woken);
    }
    await Promise.all(threads);
  });

  it("LK-047 Condition: waitFor() returns what its predicate did, once that holds, having asked after every notification", async () => {
    const condition = new Condition();
    const state = makeCounter(2);
    const thread = pool.submit(waitForValue, condition, state, 4);
    for (let value = 1; value <= 4; value++) {
      await untilBlocked(condition);
      assert.equal(state[1], value); // it has been asked once more each time
      condition.withSync(() => {
        Atomics.store(state, 0, value);
        condition.notify();
      });
    }
    assert.equal(await thread, 7);
    assert.equal(state[1], 5);
  });

  it("LK-048 Condition: waitFor() with a timeout gives up when its total time is over, however many notifications came", async () => {
    const condition = new Condition();
    const state = makeCounter(2);
    const notifying = setInterval(() => condition.withSync(() => condition.notify()), 1);
    try {
      // Where the machine is busy, few notifications come within a short time.
      for (let timeout = SHORT_MS; (state[1] as number) <= 2; timeout *= 2) {
        state[1] = 0;
        const start = performance.now();
        assert.equal(await pool.submit(waitForValue, condition, state, 4, timeout), 0);
        assert.ok(isAbout(performance.now() - start, timeout));
      }
    } finally {
      clearInterval(notifying);
    }
  });

  it("TR-060 Condition: locked() is that of its lock", () => {
    const lock = new Lock();
    const condition = new Condition(lock);
    assert.equal(condition.locked(), false);
    lock.acquireSync();
    assert.equal(condition.locked(), true);
    lock.release();
    condition.acquireSync();
    assert.equal(lock.locked(), true);
  });
});
