import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BrokenThreadPool } from "heddle";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { untilBlocked } from "heddle/testing";
import {
  Barrier,
  BrokenBarrierError,
  Condition,
  Event,
  Lock,
  RLock,
  Semaphore,
  Thread,
} from "heddle/threading";

import { captureErrorOutput } from "../../support/error-output.ts";
import * as targets from "../../support/threads/thread-targets.ts";

async function ended(thread: Thread): Promise<void> {
  await thread.join().catch(() => {});
}

describe("the death of a thread", () => {
  for (const Kind of [Lock, RLock]) {
    it(`a ${Kind.name} that it held goes to whoever waits, who learns of it, with one warning`, async () => {
      const lock = new Kind();
      const thread = new Thread({ target: targets.endHolding, args: [lock, 3], name: "gone" });
      thread.start();
      await ended(thread);
      assert.equal(lock.locked(), true);
      const warning = captureErrorOutput(() => assert.equal(lock.acquireSync(), true));
      assert.match(warning, new RegExp(`^Warning: ${Kind.name}-\\d+ was held by thread "gone" `));
      assert.equal(warning.match(/Warning/g)?.length, 1);
      assert.equal(lock.abandoned, true);
      lock.release();
      assert.equal(lock.abandoned, false);
      assert.equal(
        captureErrorOutput(() => lock.acquireSync()),
        "",
      );
      assert.equal(lock.abandoned, false);
    });
  }

  it("whoever blocks for a lock that it holds goes on, while the main thread blocks", async () => {
    const [held, wanted, begun] = [new Lock(), new Lock(), new Event()];
    wanted.acquireSync();
    const dying = new Thread({ target: targets.dieHolding, args: [held, begun] });
    dying.start();
    begun.waitSync();
    assert.equal(
      captureErrorOutput(() => assert.equal(held.acquireSync(), true)).includes("Warning"),
      true,
    );
    await ended(dying);
  });

  it("an RLock of a thread that has ended in peace is taken over; a Lock stays locked, for anybody to release", async () => {
    const [lock, rlock] = [new Lock(), new RLock()];
    for (const each of [lock, rlock]) {
      const thread = new Thread({ target: targets.endHolding, args: [each, 0] });
      thread.start();
      await thread;
    }
    assert.equal(await lock.acquire({ timeout: 20 }), false);
    lock.release();
    assert.equal(await lock.acquire({ timeout: 0 }), true);
    const warning = captureErrorOutput(() => assert.equal(rlock.acquireSync(), true));
    assert.match(warning, /Warning: RLock/);
  });

  it("a waiter that is terminated eats nobody's wake-up", async () => {
    const [lock, begun] = [new Lock(), new Event()];
    lock.acquireSync();
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, onWorkerDeath: "break" });
    const waiting = pool.submit(targets.waitHolding, new Lock(), lock, begun);
    await begun.wait();
    await untilBlocked(lock, 1);
    // A pool that breaks ends its other workers, the one that waits for the lock too.
    await assert.rejects(pool.submit(targets.endProcess, 1).result(), BrokenThreadPool);
    await assert.rejects(waiting.result(), BrokenThreadPool);
    const next = new Thread({ target: targets.takeAndRelease, args: [lock] });
    next.start();
    await untilBlocked(lock, 1);
    lock.release();
    assert.equal(await next, true);
  });

  it("the others go on with semaphores, events and conditions that it waited for", async () => {
    const [semaphore, event, condition] = [new Semaphore(0), new Event(), new Condition()];
    const pool = new ThreadPoolExecutor({ maxWorkers: 4, onWorkerDeath: "break" });
    const lost = [
      pool.submit(targets.acquireOne, semaphore),
      pool.submit(targets.waitFor, event),
      pool.submit(targets.waitForNotify, condition),
    ];
    await Promise.all([
      untilBlocked(semaphore, 1),
      untilBlocked(event, 1),
      untilBlocked(condition, 1),
    ]);
    await assert.rejects(pool.submit(targets.endProcess, 1).result(), BrokenThreadPool);
    await Promise.allSettled(lost);

    const threads = [
      new Thread({ target: targets.acquireOne, args: [semaphore] }),
      new Thread({ target: targets.waitFor, args: [event] }),
      new Thread({ target: targets.waitForNotify, args: [condition] }),
    ];
    for (const thread of threads) thread.start();
    await Promise.all([
      untilBlocked(semaphore, 1),
      untilBlocked(event, 1),
      untilBlocked(condition, 1),
    ]);
    semaphore.release();
    event.set();
    await condition.with(() => condition.notify());
    await Promise.all(threads.map(async (thread) => thread.join()));
  });

  it("a barrier at which it waited breaks", async () => {
    const barrier = new Barrier(3);
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, onWorkerDeath: "break" });
    const lost = pool.submit(targets.meet, barrier);
    const other = new Thread({ target: targets.meet, args: [barrier] });
    other.start();
    await untilBlocked(barrier, 2);
    await assert.rejects(pool.submit(targets.endProcess, 1).result(), BrokenThreadPool);
    await assert.rejects(lost.result(), BrokenThreadPool);
    await assert.rejects(other.join(), BrokenBarrierError);
    assert.equal(barrier.broken, true);
    barrier.reset();
    assert.equal(barrier.broken, false);
  });
});
