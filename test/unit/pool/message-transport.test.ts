import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { compute, pid } from "../../support/processes.ts";
import { arrivals, block, makeGate, openGate, passGate, square } from "../../support/tasks.ts";

/** Resolves once a thread has come to the gate. */
async function untilSomeCame(gate: Int32Array<SharedArrayBuffer>): Promise<void> {
  while (arrivals(gate) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe("calls by message", () => {
  it("do not wait behind a long one while another worker is free", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, sharedMemory: false });
    const gate = makeGate();
    const items = Array.from({ length: 500 }, (_, n) => n);
    // Quick ones first, so that each worker is given many at once.
    await pool.map(square, items);
    const quick = items.map((n) => pool.submit(square, n));
    const long = pool.submit(passGate, gate, "passed");
    const behind = items.map((n) => pool.submit(square, n));
    await untilSomeCame(gate);
    assert.deepEqual(await Promise.all([...quick, ...behind]), [...items, ...items].map(square));
    assert.equal(long.done(), false);
    openGate(gate);
    assert.equal(await long, "passed");
    await pool.shutdown();
  });

  it("do not wait behind one that never ends, in processes", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const endless = pool.submit(compute);
    const pids = new Set<number>();
    for (let n = 0; n < 20; n++) pids.add(await pool.submit(pid));
    assert.equal(pids.size, 1);
    process.kill([...pids][0] as number, "SIGKILL");
    assert.ok((await endless.exception()) instanceof Error);
    await pool.shutdown();
  });

  it("go to a worker one at a time again, once calls of their function take long", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, sharedMemory: false });
    await pool.map(
      block,
      Array.from({ length: 100 }, () => 0),
    );
    await pool.map(block, [30, 30]);
    const gate = makeGate();
    const futures = [pool.submit(block, 30), pool.submit(passGate, gate, 1), pool.submit(block, 1)];
    assert.equal(await futures[2], 1);
    openGate(gate);
    await Promise.all(futures);
    await pool.shutdown();
  });
});
