import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { compute, pid } from "../../support/processes.ts";
import {
  arrivals,
  block,
  type Gate,
  makeGate,
  openGate,
  passGate,
  square,
} from "../../support/tasks.ts";

/** Resolves once so many have come to the gate. The calls are not sent before this thread's event loop turns. */
async function untilThere(gate: Gate, count: number): Promise<void> {
  while (arrivals(gate) < count) await new Promise((resolve) => setTimeout(resolve, 1));
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
    await untilThere(gate, 1);
    assert.deepEqual(await Promise.all([...quick, ...behind]), [...items, ...items].map(square));
    assert.equal(long.done(), false);
    openGate(gate);
    assert.equal(await long, "passed");
    await pool.shutdown();
  });

  it("do not wait behind one that never ends, in processes", async () => {
    const pool = new ProcessPoolExecutor({ maxWorkers: 2 });
    const endlessPid = pool.submit(pid);
    await endlessPid;
    const endless = pool.submit(compute);
    const pids = new Set<number>();
    for (let n = 0; n < 20; n++) pids.add(await pool.submit(pid));
    assert.equal(pids.size, 1);
    process.kill(await endlessPid, "SIGKILL");
    assert.ok((await endless.exception()) instanceof Error);
    await pool.shutdown();
  });

  it("go to a worker one at a time again, once a call of their function has taken long", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2, sharedMemory: false });
    const open = makeGate();
    openGate(open);
    await Promise.all(Array.from({ length: 200 }, (_, n) => pool.submit(passGate, open, n)));
    const slow = makeGate();
    const slowed = [pool.submit(passGate, slow, 1), pool.submit(passGate, slow, 2)];
    await untilThere(slow, 2);
    block(10);
    openGate(slow);
    await Promise.all(slowed);

    const closed = makeGate();
    const long = pool.submit(passGate, closed, "long");
    const others = [1, 2, 3].map((n) => pool.submit(passGate, open, n));
    assert.deepEqual(await Promise.all(others), [1, 2, 3]);
    assert.equal(long.done(), false);
    openGate(closed);
    assert.equal(await long, "long");
    await pool.shutdown();
  });
});
