import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { NotShippableError } from "heddle";
import { Barrier, BrokenBarrierError } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import { arriveAndDie, dieActing, failActing } from "../../support/threads/lock-targets.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
after(() => pool.shutdown());

const pass = (barrier: Barrier): number => barrier.waitSync();

function reasonOf(waiting: Promise<unknown>): Promise<string> {
  return waiting.then(
    () => "passed",
    (error: unknown) => (error instanceof BrokenBarrierError ? error.reason : String(error)),
  );
}

describe("Barrier", () => {
  it("wait() gives each its own index, in the order of arrival", async () => {
    const barrier = new Barrier(3);
    for (let round = 0; round < 3; round++) {
      assert.deepEqual(await Promise.all([1, 2, 3].map(() => barrier.wait())), [0, 1, 2]);
    }
    assert.equal(barrier.parties, 3);
  });

  it("nWaiting and the string form tell how many wait", async () => {
    const barrier = new Barrier(3);
    assert.match(String(barrier), /^<Barrier-\S+ waiters=0\/3>$/);
    const waiting = [barrier.wait(), pool.submit(pass, barrier)];
    await untilBlocked(barrier, 2);
    assert.equal(barrier.nWaiting, 2);
    assert.match(String(barrier), /waiters=2\/3>$/);
    barrier.abort();
    await Promise.allSettled(waiting);
    assert.match(String(barrier), /^<Barrier-\S+ broken>$/);
    assert.equal(barrier.nWaiting, 0);
  });

  it("who waits is told what broke it, in every thread", async () => {
    const barrier = new Barrier(3);
    for (const [act, reason] of [
      [() => barrier.abort(), "aborted"],
      [() => barrier.reset(), "reset"],
    ] as const) {
      const thread = Promise.resolve(pool.submit(pass, barrier));
      const waiting = [reasonOf(barrier.wait()), reasonOf(thread)];
      await untilBlocked(barrier, 2);
      act();
      assert.deepEqual(await Promise.all(waiting), [reason, reason]);
      barrier.reset();
    }
  });

  it("a signal ends wait() with its reason, and breaks the barrier for the others", async () => {
    const barrier = new Barrier(3);
    const controller = new AbortController();
    const reason = new Error("enough");
    const other = reasonOf(barrier.wait());
    const cancelled = barrier.wait({ signal: controller.signal });
    const failed = assert.rejects(cancelled, reason);
    controller.abort(reason);
    await failed;
    assert.equal(await other, "cancelled");
    assert.equal(barrier.broken, true);
    await assert.rejects(barrier.wait({ signal: AbortSignal.abort(reason) }), reason);
  });

  it("a timeout breaks it with that reason", async () => {
    const barrier = new Barrier(3);
    const waiting = [reasonOf(barrier.wait()), reasonOf(barrier.wait({ timeout: 5 }))];
    assert.deepEqual(await Promise.all(waiting), ["timeout", "timeout"]);
    assert.equal(await reasonOf(barrier.wait()), "timeout");
  });

  it("an action that throws breaks it; who ran it gets the very error", async () => {
    const error = new Error("the action's");
    const barrier = new Barrier(2, {
      action: () => {
        throw error;
      },
    });
    const first = reasonOf(barrier.wait());
    await assert.rejects(barrier.wait(), error);
    assert.equal(await first, "action failed");
  });

  it("an action that throws in another thread is that thread's error, and the class stays", async () => {
    const barrier = new Barrier(2, { action: failActing });
    const first = reasonOf(barrier.wait());
    await assert.rejects(Promise.resolve(pool.submit(pass, barrier)), SyntaxError);
    assert.equal(await first, "action failed");
  });

  it("wait() waits for an action that is asynchronous; waitSync() refuses one", async () => {
    let isDone = false;
    const barrier = new Barrier(1, {
      action: async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        isDone = true;
      },
    });
    assert.equal(await barrier.wait(), 0);
    assert.equal(isDone, true);
    assert.throws(() => barrier.waitSync(), TypeError);
    assert.equal(barrier.broken, true);
  });

  it("who comes while the action is being done waits for the next round", async () => {
    let finish: () => void = () => undefined;
    let acted = 0;
    const barrier = new Barrier(2, {
      action: async () => {
        if (acted++ === 0) await new Promise<void>((resolve) => (finish = resolve));
      },
    });
    const first = [barrier.wait(), barrier.wait()];
    const second = [barrier.wait(), barrier.wait()];
    const thread = pool.submit(() => 1);
    await thread;
    finish();
    assert.deepEqual(await Promise.all(first), [0, 1]);
    assert.deepEqual(
      (await Promise.all(second)).sort((a, b) => a - b),
      [0, 1],
    );
    assert.equal(acted, 2);
  });

  it("a timeout that ends during the action breaks nothing: all have arrived", async () => {
    const barrier = new Barrier(2, {
      action: () => new Promise((resolve) => setTimeout(resolve, 30)),
    });
    assert.deepEqual(await Promise.all([barrier.wait({ timeout: 5 }), barrier.wait()]), [0, 1]);
  });

  it("an action that only this thread can run keeps other threads out, before they arrive", async () => {
    let passes = 0;
    const barrier = new Barrier(2, { action: () => (passes += 1) });
    await assert.rejects(Promise.resolve(pool.submit(pass, barrier)), NotShippableError);
    assert.deepEqual(await Promise.all([barrier.wait(), barrier.wait()]), [0, 1]);
    assert.equal(passes, 1);
  });

  it("the death of a thread that has arrived breaks it", async () => {
    const barrier = new Barrier(4);
    const doomed = new ThreadPoolExecutor({ maxWorkers: 1 });
    const dying = doomed.submit(arriveAndDie, barrier);
    const promise = reasonOf(barrier.wait());
    const thread = reasonOf(Promise.resolve(pool.submit(pass, barrier)));
    assert.deepEqual(await Promise.all([promise, thread]), ["thread died", "thread died"]);
    await Promise.allSettled([dying]);
    await doomed.shutdown();
  });

  it("the death of the thread that runs the action breaks it", async () => {
    const barrier = new Barrier(2, { action: dieActing });
    const doomed = new ThreadPoolExecutor({ maxWorkers: 1 });
    const first = reasonOf(barrier.wait());
    await untilBlocked(barrier);
    const dying = doomed.submit(pass, barrier);
    assert.equal(await first, "thread died");
    await Promise.allSettled([dying]);
    await doomed.shutdown();
  });

  it("a death before anybody waits is known to who comes later, until reset()", async () => {
    const barrier = new Barrier(2);
    const doomed = new ThreadPoolExecutor({ maxWorkers: 1 });
    await Promise.allSettled([doomed.submit(arriveAndDie, barrier)]);
    assert.equal(await reasonOf(barrier.wait()), "thread died");
    barrier.reset();
    assert.deepEqual(await Promise.all([barrier.wait(), barrier.wait()]), [0, 1]);
    await doomed.shutdown();
  });

  it("its own timeout and action arrive in another thread", async () => {
    const barrier = new Barrier(2, { timeout: 5 });
    assert.equal(await reasonOf(Promise.resolve(pool.submit(pass, barrier))), "timeout");
  });

  it("wrong arguments are refused", async () => {
    assert.throws(() => new Barrier(1.5), TypeError);
    assert.throws(() => new Barrier("2" as unknown as number), TypeError);
    assert.throws(() => new Barrier(8192), RangeError);
    assert.throws(() => new Barrier(2, { timeout: -1 }), RangeError);
    assert.throws(() => new Barrier(2, { action: 1 as unknown as () => void }), TypeError);
    assert.throws(() => new Barrier(2, { actions: 1 } as object), TypeError);
    const barrier = new Barrier(1);
    await assert.rejects(barrier.wait({ timeout: Number.NaN }), RangeError);
    assert.throws(() => barrier.waitSync({ timeot: 1 } as object), TypeError);
  });

  it("abort() and reset() of one that is broken, or where nobody waits", async () => {
    const barrier = new Barrier(2);
    barrier.reset();
    assert.equal(barrier.broken, false);
    barrier.abort();
    barrier.abort();
    assert.equal(barrier.broken, true);
    barrier.reset();
    assert.equal(barrier.broken, false);
    assert.deepEqual(await Promise.all([barrier.wait(), barrier.wait()]), [0, 1]);
  });
});
