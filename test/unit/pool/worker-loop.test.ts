import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { squareInNestedPool } from "../../support/nested.ts";
import { block, later, square, startChain, startTicking, ticksSoFar } from "../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
after(() => pool.shutdown());

describe("a worker's event loop", () => {
  it("runs what a call left behind, while the worker is idle and the main thread blocks", () => {
    const done = new Int32Array(new SharedArrayBuffer(4));
    pool.submit(startChain, done).resultSync();
    assert.notEqual(Atomics.wait(done, 0, 0, 30_000), "timed-out");
    assert.equal(done[0], 1);
  });

  it("keeps an interval going between calls, and under a stream of calls", async () => {
    await pool.submit(startTicking);
    // Both loops end only if it goes on.
    let ticks = 0;
    while (ticks < 2) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      ticks = await pool.submit(ticksSoFar);
    }
    let busyTicks = 0;
    while (busyTicks < 2) {
      await pool.map(block, new Array<number>(50).fill(2));
      busyTicks = (await pool.submit(ticksSoFar)) - ticks;
    }
  });

  it("takes one async call at a time", async () => {
    assert.deepEqual(await pool.map(later, [1, 2, 3]), [2, 4, 6]);
    assert.equal(await pool.submit(square, 3), 9);
  });

  it("a worker can have a pool of its own", async () => {
    assert.equal(await pool.submit(squareInNestedPool, 6), 36);
  });
});
