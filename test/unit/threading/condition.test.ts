import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Barrier, Condition, Lock, RLock } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import {
  makeCondition,
  makeCounter,
  waitAndCount,
  waitHolding,
  waitUntilDeath,
} from "../../support/threads/lock-targets.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 3 });
after(() => pool.shutdown());

describe("Condition", () => {
  it("its lock must be a Lock or an RLock", () => {
    assert.throws(() => new Condition({} as Lock), TypeError);
    assert.throws(() => new Condition(null as unknown as Lock), TypeError);
  });

  it("wait() frees an RLock however deep it is held, and has it as deep again", async () => {
    const lock = new RLock();
    const condition = new Condition(lock);
    lock.acquireSync();
    condition.acquireSync();
    assert.equal(condition.waitSync({ timeout: 5 }), false);
    assert.match(String(lock), /count=2/);
    lock.release();
    lock.release();
    assert.equal(lock.locked(), false);
  });

  it("wait() frees an RLock that hold() has, and knows what that gave afterwards", async () => {
    const condition = new Condition();
    const held = await condition.hold();
    assert.equal(await condition.wait({ timeout: 5 }), false);
    assert.equal(await condition.acquire({ held, timeout: 0 }), true);
    condition.release();
    held.release();
    assert.equal(condition.locked(), false);
  });

  it("a signal ends wait() once the lock is held again, and only then", async () => {
    const lock = new RLock();
    const condition = new Condition(lock);
    const controller = new AbortController();
    const reason = new Error("enough");
    let wasHeld: boolean | undefined;
    const waiting = condition.with(async () => {
      try {
        await condition.wait({ signal: controller.signal });
      } finally {
        wasHeld = condition.locked();
      }
    });
    const failed = assert.rejects(waiting, reason);
    await untilBlocked(condition);
    await condition.acquire();
    controller.abort(reason);
    await untilBlocked(lock);
    assert.equal(wasHeld, undefined);
    condition.release();
    await failed;
    assert.equal(wasHeld, true);
  });

  it("a signal that was aborted before ends wait() without freeing the lock", async () => {
    const lock = new RLock();
    const condition = new Condition(lock);
    const reason = new Error("enough");
    await condition.acquire();
    let isFree = false;
    const next = condition.with(() => (isFree = true));
    await untilBlocked(lock);
    await assert.rejects(condition.wait({ signal: AbortSignal.abort(reason) }), reason);
    assert.equal(isFree, false);
    condition.release();
    assert.equal(await next, true);
  });

  it("all that are said to wait are notified, by promise and blocking, round after round", async () => {
    for (let round = 0; round < 300; round++) {
      const condition = new Condition();
      const thread = pool.submit(waitAndCount, condition, makeCounter());
      const promise = condition.with(async () => condition.wait({ timeout: 20_000 }));
      await untilBlocked(condition, 2);
      condition.withSync(() => condition.notifyAll());
      assert.deepEqual(await Promise.all([thread, promise]), [true, true]);
    }
  });

  it("who is cancelled after a notification leaves it to another waiter", async () => {
    const condition = new Condition();
    const controller = new AbortController();
    const cancelled = condition
      .with(async () => condition.wait({ signal: controller.signal }))
      .catch(() => "cancelled");
    await untilBlocked(condition, 1);
    const thread = pool.submit(waitAndCount, condition, makeCounter());
    await untilBlocked(condition, 2);
    const promise = condition.with(async () => condition.wait());
    await untilBlocked(condition, 3);
    await condition.acquire();
    condition.notify(2); // one in each thread: the first of this one's is the one that is cancelled
    controller.abort();
    condition.release();
    assert.equal(await cancelled, "cancelled");
    assert.deepEqual(await Promise.all([thread, promise]), [true, true]);
  });

  it("who was notified just before its timeout is over returns true", async () => {
    const condition = new Condition();
    const waiting = condition.with(async () => condition.wait({ timeout: 20 }));
    await untilBlocked(condition);
    await condition.acquire();
    condition.notify();
    const endMs = performance.now() + 30;
    while (performance.now() < endMs); // the timer fires late
    condition.release();
    assert.equal(await waiting, true);
  });

  it("promises of one thread are notified in the order in which they came, and threads in turn", async () => {
    const condition = new Condition();
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (turn) =>
      condition.with(async () => {
        await condition.wait();
        order.push(turn);
      }),
    );
    const counter = makeCounter();
    await untilBlocked(condition, 3);
    const thread = pool.submit(waitAndCount, condition, counter);
    await untilBlocked(condition, 4);
    await condition.with(() => condition.notify(2));
    assert.equal(await thread, true);
    await waiting[0];
    assert.deepEqual(order, [1]);
    await condition.with(() => condition.notifyAll());
    await Promise.all(waiting);
    assert.deepEqual(order, [1, 2, 3]);
  });

  it("a notification for a thread that dies before it has the lock goes to a promise that waits", async () => {
    const condition = new Condition();
    const doomed = new ThreadPoolExecutor({ maxWorkers: 1 });
    const word = makeCounter();
    const dying = doomed.submit(waitUntilDeath, condition, word);
    await untilBlocked(condition);
    const survivor = condition.with(async () => condition.wait());
    await untilBlocked(condition, 2);
    await condition.acquire();
    condition.notify(); // for the other thread: the search begins behind this one
    Atomics.store(word, 0, 1);
    await Promise.allSettled([dying]);
    condition.release();
    assert.equal(await survivor, true);
    await doomed.shutdown();
  });

  it("a notification for a thread that dies before it has the lock goes to a thread that blocks", async () => {
    const condition = new Condition();
    const doomed = new ThreadPoolExecutor({ maxWorkers: 1 });
    const later = new ThreadPoolExecutor({ maxWorkers: 1 });
    const word = makeCounter();
    const dying = doomed.submit(waitUntilDeath, condition, word);
    await untilBlocked(condition);
    const survivor = later.submit(waitAndCount, condition, makeCounter());
    await untilBlocked(condition, 2);
    await condition.acquire();
    condition.notify(); // for the thread that was started first
    Atomics.store(word, 0, 1);
    await Promise.allSettled([dying]);
    condition.release();
    assert.equal(await survivor, true);
    await Promise.all([doomed.shutdown(), later.shutdown()]);
  });

  it("a circle that closes as waitSync() wants the lock again is a DeadlockError, and leaves all as it should be", async () => {
    const condition = new Condition();
    const other = new RLock();
    // Two workers that run already: the second of the two that follow must come in time.
    const barrier = new Barrier(2);
    const meet = (given: Barrier): number => given.waitSync();
    await Promise.all([pool.submit(meet, barrier), pool.submit(meet, barrier)]);
    const thread = pool.submit(waitHolding, condition, other, 2000);
    await untilBlocked(condition);
    const both = pool.submit(
      (own: Condition, its: RLock) => own.withSync(() => its.withSync(() => true)),
      condition,
      other,
    );
    assert.equal(await thread, "DeadlockError");
    assert.equal(await both, true);
    const waiting = condition.with(async () => condition.wait());
    await condition.with(() => condition.notifyAll());
    assert.equal(await waiting, true);
  });

  it("it arrives in another thread with its very own lock, also when it was made there", async () => {
    const lock = new Lock();
    const condition = new Condition(lock);
    const isSame = (own: Condition, its: Lock): boolean => {
      own.acquireSync();
      const wasLocked = its.locked() && own.locked();
      its.release();
      return wasLocked && !own.locked();
    };
    assert.equal(await pool.submit(isSame, condition, lock), true);
    assert.equal(await pool.submit((own: Condition) => own, condition), condition);
    const made = await pool.submit(makeCondition);
    const waiting = made.with(async () => made.wait());
    await untilBlocked(made);
    await pool.submit((own: Condition) => own.withSync(() => own.notify()), made);
    assert.equal(await waiting, true);
  });

  it("waitFor() returns what its predicate did, also a promise's value, and throws what it throws", async () => {
    const condition = new Condition();
    const values = await condition.with(async () => [
      await condition.waitFor(() => "yes"),
      await condition.waitFor(async () => Promise.resolve(7)),
      await condition.waitFor(() => 0, { timeout: 5 }),
      condition.waitForSync(() => "yes"),
    ]);
    assert.deepEqual(values, ["yes", 7, 0, "yes"]);
    const error = new Error("the predicate's");
    const fail = (): never => {
      throw error;
    };
    await assert.rejects(
      condition.with(async () => condition.waitFor(fail)),
      error,
    );
    const promising = (): Promise<boolean> => Promise.resolve(false);
    assert.throws(() => condition.withSync(() => void condition.waitForSync(promising)), TypeError);
    assert.equal(condition.locked(), false);
  });

  it("notify() refuses a count that is negative or not an integer", () => {
    const condition = new Condition();
    condition.acquireSync();
    assert.throws(() => condition.notify(-1), RangeError);
    assert.throws(() => condition.notify(1.5), TypeError);
    condition.notify(0);
  });
});
