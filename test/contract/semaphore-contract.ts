/** What every semaphore must do. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import type { Semaphore } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import { acquireAndCount, makeCounter, untilCounted } from "../support/threads/lock-targets.ts";

const THREADS = 4;

/** Takes all permits, so that they may be given back. */
function exhaust(semaphore: Semaphore): Semaphore {
  while (semaphore.acquireSync({ timeout: 0 }));
  return semaphore;
}

export function semaphoreContract(name: string, make: (value?: number) => Semaphore): void {
  describe(`${name}: the contract of semaphores`, () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: THREADS });
    after(() => pool.shutdown());

    it("a value that is not an integer is a TypeError, one out of range a RangeError", () => {
      for (const value of [1.5, Number.NaN, "1", null]) {
        const error = Number.isNaN(value) ? RangeError : TypeError;
        assert.throws(() => make(value as number), error, String(value));
      }
      for (const value of [-1, 2 ** 31, Infinity]) assert.throws(() => make(value), RangeError);
    });

    it("release(n) wakes exactly n of the waiting threads and promises", async () => {
      const semaphore = exhaust(make(6));
      const counter = makeCounter();
      const threads = [1, 2, 3].map(() => pool.submit(acquireAndCount, semaphore, counter));
      const promises = [1, 2, 3].map(async () => {
        await semaphore.acquire();
        Atomics.add(counter, 0, 1);
      });
      await untilBlocked(semaphore, 6);
      semaphore.release(4);
      await untilCounted(counter, 4);
      await untilBlocked(semaphore, 2);
      assert.equal(counter[0], 4);
      semaphore.release(2);
      await Promise.all([...threads, ...promises]);
      assert.equal(counter[0], 6);
    });

    it("release(n) serves as many promises of one thread", async () => {
      const semaphore = exhaust(make(3));
      const waiting = [1, 2, 3].map(() => semaphore.acquire());
      semaphore.release(3);
      assert.deepEqual(await Promise.all(waiting), [true, true, true]);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
    });

    it("release() of fewer than one, or of a fraction, is refused, and gives nothing", () => {
      const semaphore = exhaust(make(1));
      for (const n of [0, -1]) assert.throws(() => semaphore.release(n), RangeError);
      for (const n of [1.5, "1"]) assert.throws(() => semaphore.release(n as number), TypeError);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
    });

    it("a thread may give back what another took", async () => {
      const semaphore = exhaust(make(1));
      await pool.submit((own: Semaphore) => own.release(), semaphore);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), true);
    });

    it("who is cancelled just as permits come takes nobody's", async () => {
      for (let round = 0; round < 50; round++) {
        const semaphore = exhaust(make(2));
        const controller = new AbortController();
        const cancelled = semaphore.acquire({ signal: controller.signal }).catch(() => false);
        const thread = pool.submit((own: Semaphore) => own.acquireSync(), semaphore);
        await untilBlocked(semaphore, 2);
        semaphore.release();
        controller.abort();
        if (await cancelled) semaphore.release();
        assert.equal(await thread, true);
        assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
      }
    });

    it("it is the same semaphore in every thread", async () => {
      const semaphore = make(3);
      const took = await pool.submit(
        (own: Semaphore, all: readonly Semaphore[]) =>
          all.every((each) => each === own) && own.acquireSync() && own.acquireSync(),
        semaphore,
        [semaphore, semaphore],
      );
      assert.equal(took, true);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), true);
      assert.equal(semaphore.acquireSync({ timeout: 0 }), false);
      assert.equal(await pool.submit((own: Semaphore) => own, semaphore), semaphore);
    });

    it("never are more inside than there are permits, however many threads come and go", async () => {
      const semaphore = make(2);
      const inside = makeCounter(2);
      const comeAndGo = (own: Semaphore, words: Int32Array): void => {
        for (let i = 0; i < 300; i++) {
          own.acquireSync();
          const now = Atomics.add(words, 0, 1) + 1;
          if (now > 2) Atomics.add(words, 1, 1);
          Atomics.sub(words, 0, 1);
          own.release();
        }
      };
      await Promise.all(
        Array.from({ length: THREADS }, () => pool.submit(comeAndGo, semaphore, inside)),
      );
      assert.deepEqual([...inside], [0, 0]);
    });
  });
}
