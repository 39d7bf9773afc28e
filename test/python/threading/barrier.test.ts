import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Barrier, BrokenBarrierError } from "heddle/threading";
import { untilBlocked } from "heddle/testing";

import {
  countAction,
  errorOfWait,
  isAbout,
  makeCounter,
  passAndCount,
  passAndSee,
} from "../../support/threads/lock-targets.ts";

const THREADS = 4;
const SHORT_MS = 60;
const pool = new ThreadPoolExecutor({ maxWorkers: THREADS });
after(() => pool.shutdown());

describe("threading.Barrier", () => {
  it("LK-068 Barrier: 0 or -1 parties throw a RangeError", () => {
    assert.throws(() => new Barrier(0), RangeError);
    assert.throws(() => new Barrier(-1), RangeError);
  });

  it("LK-069 Barrier: nobody passes before all have arrived", async () => {
    const barrier = new Barrier(THREADS);
    const arrived = makeCounter();
    const threads = Array.from({ length: THREADS }, () =>
      pool.submit(passAndSee, barrier, arrived, 1),
    );
    assert.deepEqual(
      await Promise.all(threads),
      Array.from({ length: THREADS }, () => [THREADS]),
    );
  });

  it("LK-070 Barrier: ten passes stay in lockstep; then nobody waits and it is not broken", async () => {
    const barrier = new Barrier(THREADS);
    const arrived = makeCounter(10);
    const threads = Array.from({ length: THREADS }, () =>
      pool.submit(passAndSee, barrier, arrived, 10),
    );
    for (const seen of await Promise.all(threads)) assert.ok(seen.every((n) => n === THREADS));
    assert.equal(barrier.nWaiting, 0);
    assert.equal(barrier.broken, false);
  });

  it("LK-072 Barrier: the action is done once a pass, before anybody is let go", async () => {
    const barrier = new Barrier(THREADS, { action: countAction });
    const counter = makeCounter();
    const rounds = 10;
    const threads = Array.from({ length: THREADS }, () =>
      pool.submit(passAndCount, barrier, counter, rounds),
    );
    for (const seen of await Promise.all(threads)) {
      // At least the actions of all rounds so far; others may have filled the next round already.
      seen.forEach((done, round) => assert.ok(done > round && done <= round + 2, String(seen)));
    }
    assert.equal(counter[0], rounds);
  });

  it("LK-073 Barrier: abort() has all who wait throw a BrokenBarrierError, and breaks it", async () => {
    const barrier = new Barrier(THREADS);
    const threads = [1, 2].map(() => pool.submit(errorOfWait, barrier));
    const promise = assert.rejects(barrier.wait(), BrokenBarrierError);
    await untilBlocked(barrier, 3);
    barrier.abort();
    assert.deepEqual(await Promise.all(threads), ["BrokenBarrierError", "BrokenBarrierError"]);
    await promise;
    assert.equal(barrier.broken, true);
  });

  it("LK-074 Barrier: reset() has all who wait throw a BrokenBarrierError, and then it works again", async () => {
    const barrier = new Barrier(3);
    const threads = [1, 2].map(() => pool.submit(errorOfWait, barrier));
    await untilBlocked(barrier, 2);
    barrier.reset();
    assert.deepEqual(await Promise.all(threads), ["BrokenBarrierError", "BrokenBarrierError"]);
    const arrived = makeCounter();
    const again = Array.from({ length: 3 }, () => pool.submit(passAndSee, barrier, arrived, 1));
    assert.deepEqual(await Promise.all(again), [[3], [3], [3]]);
    assert.equal(barrier.broken, false);
  });

  it("LK-076 Barrier: when one party is late, wait() with a timeout throws a BrokenBarrierError in all who came", async () => {
    const barrier = new Barrier(THREADS);
    const patient = [1, 2].map(() => pool.submit(errorOfWait, barrier));
    await untilBlocked(barrier, 2);
    assert.equal(await pool.submit(errorOfWait, barrier, SHORT_MS), "BrokenBarrierError");
    assert.deepEqual(await Promise.all(patient), ["BrokenBarrierError", "BrokenBarrierError"]);
    assert.throws(() => barrier.waitSync(), BrokenBarrierError);
  });

  it("LK-077 Barrier: the timeout it was made with applies to a wait() that has none of its own", async () => {
    const barrier = new Barrier(2, { timeout: SHORT_MS });
    const start = performance.now();
    assert.equal(await pool.submit(errorOfWait, barrier), "BrokenBarrierError");
    const elapsedMs = performance.now() - start;
    assert.ok(isAbout(elapsedMs, SHORT_MS), `${elapsedMs} ms`);
  });

  it("LK-078 Barrier: one party alone never blocks and passes again and again", async () => {
    const barrier = new Barrier(1);
    for (let pass = 0; pass < 3; pass++) {
      assert.equal(barrier.waitSync(), 0);
      assert.equal(await barrier.wait(), 0);
    }
  });
});
