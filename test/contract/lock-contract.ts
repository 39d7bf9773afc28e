/** What everything that one at a time can hold must do, whichever class it is. */
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { TimeoutError } from "heddle";
import { untilBlocked } from "heddle/testing";

import { makeGate, openGate, untilArrived } from "../support/tasks.ts";
import {
  addPlainly,
  dieWaiting,
  type Exclusive,
  holdAtGate,
  isAbout,
  makeCounter,
  type Nested,
  takeEverywhere,
} from "../support/threads/lock-targets.ts";

const THREADS = 4;
const SHORT_MS = 40;
const ROUNDS = 300;

const wrap = (lock: Exclusive): Nested => ({
  lock,
  list: ["before", lock],
  record: { lock },
  map: new Map([["lock", lock]]),
  set: new Set([lock]),
});

const tryHold = (lock: Exclusive, timeout: number): boolean => lock.acquireSync({ timeout });
const holdAndRelease = (lock: Exclusive): boolean => lock.withSync(() => true);

/** @param lockOf What waits for the lock are counted by: a condition counts others. */
export function lockContract(
  name: string,
  make: () => Exclusive,
  lockOf: (lock: Exclusive) => object = (lock) => lock,
): void {
  describe(`${name}: the contract of locks`, () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: THREADS });
    after(() => pool.shutdown());

    it("acquire() and acquireSync() of a free one return true at once", async () => {
      const lock = make();
      assert.equal(await lock.acquire(), true);
      lock.release();
      assert.equal(lock.acquireSync(), true);
      lock.release();
      assert.equal(await lock.acquire({ timeout: 0 }), true);
    });

    it("acquire() of a held one resolves once it is released", async () => {
      const lock = make();
      await lock.acquire();
      let isHeld = false;
      const second = lock.acquire().then((held) => (isHeld = held));
      await untilBlocked(lockOf(lock));
      assert.equal(isHeld, false);
      lock.release();
      assert.equal(await second, true);
    });

    it("acquireSync() of one that another thread's code must release goes on once it is", async () => {
      const lock = make();
      await lock.acquire();
      const thread = pool.submit(holdAndRelease, lock);
      await untilBlocked(lockOf(lock));
      lock.release();
      assert.equal(await thread, true);
    });

    it("with a timeout, both forms return false once it is over", async () => {
      const lock = make();
      await lock.acquire();
      const start = performance.now();
      assert.equal(await lock.acquire({ timeout: SHORT_MS }), false);
      assert.ok(isAbout(performance.now() - start, SHORT_MS));
      assert.equal(await pool.submit(tryHold, lock, SHORT_MS), false);
      assert.equal(await lock.acquire({ timeout: 0 }), false);
      assert.equal(await pool.submit(tryHold, lock, 0), false);
      lock.release();
      assert.equal(await pool.submit(holdAndRelease, lock), true);
    });

    it("a timeout that is no number, or negative, or too long, and an unknown option are refused", async () => {
      const lock = make();
      for (const timeout of [-1, Number.NaN, 2 ** 31]) {
        await assert.rejects(lock.acquire({ timeout }), RangeError);
        assert.throws(() => lock.acquireSync({ timeout }), RangeError);
      }
      const wrong = { timeout: "1" } as unknown as { timeout: number };
      await assert.rejects(lock.acquire(wrong), TypeError);
      assert.throws(() => lock.acquireSync(wrong), TypeError);
      await assert.rejects(lock.acquire({ timout: 1 } as object), TypeError);
      assert.throws(() => lock.acquireSync({ signal: AbortSignal.abort() } as object), TypeError);
      assert.equal(await lock.acquire({ timeout: 0 }), true, "nothing was taken");
    });

    it("a signal ends the wait with its reason, and takes nothing", async () => {
      const lock = make();
      const reason = new Error("enough");
      await assert.rejects(lock.acquire({ signal: AbortSignal.abort(reason) }), reason);
      await lock.acquire();
      const controller = new AbortController();
      const waiting = lock.acquire({ signal: controller.signal });
      await untilBlocked(lockOf(lock));
      controller.abort(reason);
      await assert.rejects(waiting, reason);
      lock.release();
      assert.equal(await pool.submit(holdAndRelease, lock), true);
    });

    it("who is cancelled just as it is released takes nobody's turn", async () => {
      for (let round = 0; round < 50; round++) {
        const lock = make();
        await lock.acquire();
        const controller = new AbortController();
        const cancelled = lock.acquire({ signal: controller.signal }).catch(() => false);
        const thread = pool.submit(holdAndRelease, lock);
        await untilBlocked(lockOf(lock), 2);
        lock.release();
        controller.abort();
        if (await cancelled) lock.release();
        assert.equal(await thread, true);
      }
    });

    it("who gives up just as it is released takes nobody's turn", async () => {
      const giveUp = (own: Exclusive, timeout: number): void => {
        if (own.acquireSync({ timeout })) own.release();
      };
      for (let round = 0; round < 20; round++) {
        const lock = make();
        await lock.acquire();
        const late = [1, 1.5, 2].map((timeout) => pool.submit(giveUp, lock, timeout));
        const patient = lock.with(() => true);
        await new Promise((resolve) => setTimeout(resolve, 1));
        lock.release();
        assert.equal(await patient, true);
        await Promise.all(late);
      }
    });

    it("promises of one thread get it in the order in which they came", async () => {
      const lock = make();
      const order: number[] = [];
      await lock.acquire();
      const waiting = [1, 2, 3].map((turn) => lock.with(() => order.push(turn)));
      await untilBlocked(lockOf(lock), 3);
      lock.release();
      await Promise.all(waiting);
      assert.deepEqual(order, [1, 2, 3]);
    });

    it("a promise whose thread blocks leaves its turn to another thread", async () => {
      const lock = make();
      const gate = makeGate();
      const thread = pool.submit(holdAtGate, lock, gate);
      untilArrived(gate, 1);
      const promise = lock.with(() => "mine");
      await untilBlocked(lockOf(lock), 1);
      const other = pool.submit(holdAndRelease, lock);
      await untilBlocked(lockOf(lock), 2);
      openGate(gate);
      assert.equal(other.resultSync({ timeout: 20_000 }), true);
      assert.equal(await promise, "mine");
      await thread;
    });

    it("the scoped forms release, whatever happens, and once", async () => {
      const lock = make();
      const error = new Error("the body's");
      const fail = (): never => {
        throw error;
      };
      await assert.rejects(lock.with(fail), error);
      assert.throws(() => lock.withSync(fail), error);
      assert.throws(() => lock.withSync(async () => Promise.resolve()), TypeError);
      const held = await lock.hold();
      await assert.rejects(lock.hold({ timeout: 0 }), TimeoutError);
      held.release();
      held.release();
      const again = lock.holdSync();
      assert.equal(await lock.acquire({ timeout: 0 }), false);
      again.release();
      assert.equal(await pool.submit(holdAndRelease, lock), true);
    });

    it("it arrives in another thread as the same one, wherever it is in the arguments, and comes back as itself", async () => {
      const lock = make();
      assert.equal(await pool.submit(takeEverywhere, wrap(lock)), true);
      assert.equal(
        await lock.acquire({ timeout: 0 }),
        false,
        "the other thread has taken this very one",
      );
      const { list, map, set, record } = await pool.submit((value: Nested) => value, wrap(lock));
      assert.ok([list[1], map.get("lock"), ...set, record.lock].every((own) => own === lock));
    });

    it("threads and promises that use it are alone, each as often as it wants", async () => {
      const lock = make();
      const total = makeCounter();
      const threads = Array.from({ length: THREADS - 1 }, () =>
        pool.submit(addPlainly, lock, total, ROUNDS),
      );
      const promises = [1, 2].map(async () => {
        for (let i = 0; i < ROUNDS / 10; i++) {
          await lock.with(async () => {
            const before = total[0] as number;
            await Promise.resolve();
            total[0] = before + 1;
          });
        }
      });
      await Promise.all([...threads, ...promises]);
      assert.equal(total[0], (THREADS - 1) * ROUNDS + 2 * (ROUNDS / 10));
    });

    it("a thread that dies waiting for it takes nobody's turn", async () => {
      const lock = make();
      await lock.acquire();
      const doomed = new ThreadPoolExecutor({ maxWorkers: 1 });
      const word = makeCounter();
      const dying = doomed.submit(dieWaiting, lock, word);
      await untilBlocked(lockOf(lock));
      const thread = pool.submit(holdAndRelease, lock);
      await untilBlocked(lockOf(lock), 2);
      Atomics.store(word, 0, 1);
      await Promise.allSettled([dying]);
      lock.release();
      assert.equal(await thread, true);
      await doomed.shutdown();
    });
  });
}
