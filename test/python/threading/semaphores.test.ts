import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { BoundedSemaphore, Semaphore } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import {
  acquireAndCount,
  canAcquire,
  isAbout,
  makeCounter,
  untilCounted,
} from "../../support/threads/lock-targets.ts";

const THREADS = 7;
const SHORT_MS = 60;
const pool = new ThreadPoolExecutor({ maxWorkers: THREADS });
after(() => pool.shutdown());

for (const Class of [Semaphore, BoundedSemaphore]) {
  const { name } = Class;

  describe(`threading.${name}`, () => {
    it(`LK-050 ${name}: a value of -1 throws a RangeError`, () => {
      assert.throws(() => new Class(-1), RangeError);
    });

    it(`LK-051 ${name}: a hugely negative value throws a RangeError`, () => {
      assert.throws(() => new Class(-Number.MAX_SAFE_INTEGER), RangeError);
      assert.throws(() => new Class(-1e300), RangeError);
    });

    it(`LK-052 ${name}: the value is 1 by default: a second acquire() blocks until a release`, async () => {
      const semaphore = new Class();
      semaphore.acquireSync();
      const second = pool.submit((other: Semaphore) => other.acquireSync(), semaphore);
      await untilBlocked(semaphore);
      semaphore.release();
      assert.equal(await second, true);
    });

    it(`LK-053 ${name}: of value 2, it can be acquired twice without blocking`, () => {
      const semaphore = new Class(2);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), true);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), true);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
    });

    it(`LK-055 ${name}: of 7 permits, one held, exactly 6 acquires go through; each release admits one more`, async () => {
      const semaphore = new Class(7);
      const counter = makeCounter();
      semaphore.acquireSync();
      const promises = Array.from({ length: 3 }, () => acquireCounting(semaphore, counter));
      const threads = Array.from({ length: 7 }, () =>
        pool.submit(acquireAndCount, semaphore, counter),
      );
      for (let admitted = 6; admitted < 10; admitted++) {
        await untilCounted(counter, admitted);
        await untilBlocked(semaphore, 10 - admitted);
        assert.equal(counter[0], admitted);
        semaphore.release();
      }
      await Promise.all([...threads, ...promises]);
      assert.equal(counter[0], 10);
    });

    it(`LK-056 ${name}: release(n) admits exactly n waiting acquires`, async () => {
      const semaphore = new Class(7);
      const counter = makeCounter();
      for (let i = 0; i < 7; i++) semaphore.acquireSync();
      const threads = Array.from({ length: 5 }, () =>
        pool.submit(acquireAndCount, semaphore, counter),
      );
      await untilBlocked(semaphore, 5);
      semaphore.release(3);
      await untilCounted(counter, 3);
      await untilBlocked(semaphore, 2);
      assert.equal(counter[0], 3);
      semaphore.release(2);
      await Promise.all(threads);
      assert.equal(counter[0], 5);
    });

    it(`LK-058 ${name}: of 4 permits, one held, ten attempts from five threads that do not wait get exactly three`, async () => {
      const semaphore = new Class(4);
      semaphore.acquireSync();
      const twice = (other: Semaphore): number =>
        Number(other.acquireSync({ timeout: 0 })) + Number(other.acquireSync({ timeout: 0 }));
      const got = await Promise.all(Array.from({ length: 5 }, () => pool.submit(twice, semaphore)));
      assert.equal(
        got.reduce((sum, n) => sum + n),
        3,
      );
    });

    it(`LK-059 ${name}: there is no "blocking" to contradict a timeout: the option is refused`, () => {
      const options = { blocking: false, timeout: 1 };
      assert.throws(() => new Class().acquireSync(options), TypeError);
    });

    it(`LK-060 ${name}: acquire() with a short timeout returns true while permits remain, else false`, async () => {
      const semaphore = new Class(2);
      assert.equal(semaphore.acquireSync({ timeout: 5 }), true);
      assert.equal(await semaphore.acquire({ timeout: 5 }), true);
      assert.equal(semaphore.acquireSync({ timeout: 5 }), false);
      assert.equal(await semaphore.acquire({ timeout: 5 }), false);
    });

    it(`LK-061 ${name}: acquire() with a timeout returns false after about that time`, async () => {
      const semaphore = new Class(0);
      const start = performance.now();
      assert.equal(semaphore.acquireSync({ timeout: SHORT_MS }), false);
      const middle = performance.now();
      assert.equal(await semaphore.acquire({ timeout: SHORT_MS }), false);
      const end = performance.now();
      assert.ok(isAbout(middle - start, SHORT_MS), `${middle - start} ms`);
      assert.ok(isAbout(end - middle, SHORT_MS), `${end - middle} ms`);
    });

    it(`LK-062 ${name}: the scoped form takes a permit and gives it back; nested ones take further permits`, async () => {
      const semaphore = new Class(2);
      await semaphore.with(async () => {
        assert.equal(await pool.submit(canAcquire, semaphore, 0), true);
        semaphore.withSync(() => {
          assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
        });
        assert.equal(await pool.submit(canAcquire, semaphore, 0), true);
      });
      assert.ok(semaphore.acquireSync({ timeout: 0 }) && semaphore.acquireSync({ timeout: 0 }));
    });

    it(`LK-063 ${name}: when a scoped body throws, the permit is given back`, async () => {
      const semaphore = new Class();
      const error = new Error("the body's");
      const fail = (): never => {
        throw error;
      };
      await assert.rejects(semaphore.with(fail), error);
      assert.throws(() => semaphore.withSync(fail), error);
      assert.equal(await pool.submit(canAcquire, semaphore, 0), true);
    });
  });
}

describe("threading.Semaphore", () => {
  it("LK-065 Semaphore: the string form shows the value, which may exceed the initial one", () => {
    const semaphore = new Semaphore(3);
    assert.match(String(semaphore), /\bSemaphore-.* value=3>$/);
    semaphore.acquireSync();
    assert.match(String(semaphore), /value=2>$/);
    semaphore.release(2);
    assert.match(String(semaphore), /value=4>$/);
  });
});

describe("threading.BoundedSemaphore", () => {
  it("LK-067 BoundedSemaphore: the string form shows current and initial value", () => {
    const semaphore = new BoundedSemaphore(3);
    semaphore.acquireSync();
    assert.match(String(semaphore), /\bBoundedSemaphore-.* value=2\/3>$/);
  });

  it("TR-057 BoundedSemaphore: acquired and released by as many threads as it allows, it refuses one release more", async () => {
    const limit = 3;
    const semaphore = new BoundedSemaphore(limit);
    const each = (run: (other: BoundedSemaphore) => unknown): Promise<unknown> =>
      Promise.all(Array.from({ length: limit }, () => pool.submit(run, semaphore)));
    await each((other) => other.acquireSync());
    await each((other) => other.release());
    assert.throws(() => semaphore.release(), RangeError);
    assert.match(String(semaphore), /value=3\/3>$/);
  });
});

async function acquireCounting(semaphore: Semaphore, counter: Int32Array): Promise<void> {
  await semaphore.acquire();
  Atomics.add(counter, 0, 1);
}
