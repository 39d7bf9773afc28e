import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Sequencer } from "heddle/testing";

import { runProgram } from "../../support/program.ts";
import { takeStep } from "./fixtures/take-step.ts";

/** Long enough for any machine. */
const LONG_MS = 30_000;

describe("Sequencer", () => {
  it("gives steps to the threads in order, whoever asks first", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
    const order = new Sequencer();
    const log = new Int32Array(new SharedArrayBuffer(16));
    const calls = [3, 1].map((step) => pool.submit(takeStep, order.words, step, log));
    for (const number of [0, 2]) {
      const step = await order.step(number, { timeout: LONG_MS });
      log[number] = 10 + number;
      step.end();
    }
    await Promise.all(calls);
    assert.deepEqual([...log], [10, 11, 12, 13]);
    assert.equal(order.current, 4);
    await pool.shutdown();
  });

  it("blocks for a step of another thread", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const order = new Sequencer();
    const log = new Int32Array(new SharedArrayBuffer(16));
    const call = pool.submit(takeStep, order.words, 1, log);
    // The pool's worker starts only when this thread's event loop turns.
    await order.step(0).then((step) => step.end());
    order.stepSync(2, { timeout: LONG_MS }).end();
    assert.equal(log[1], 11);
    await call;
    await pool.shutdown();
  });

  it("keeps the program running while it waits", () => {
    const { status, stdout } = runProgram(new URL("programs/keeps-running.ts", import.meta.url));
    assert.equal(stdout, "Timed out after 100 ms waiting to begin step 1: step 0 has not begun\n");
    assert.equal(status, 0);
  });

  it("wakes for steps of its own thread", async () => {
    const order = new Sequencer();
    const second = order.step(1);
    const first = await order.step(0);
    let isSecond = false;
    void second.then(() => (isSecond = true));
    await Promise.resolve();
    assert.equal(isSecond, false);
    first.end();
    (await second).end();
    assert.equal(order.current, 2);
  });

  it("says which step was awaited and which is current when time is up", async () => {
    const order = new Sequencer();
    const startMs = performance.now();
    assert.throws(() => order.stepSync(2, { timeout: 20 }), {
      name: "TimeoutError",
      message: "Timed out after 20 ms waiting to begin step 2: step 0 has not begun",
    });
    assert.ok(performance.now() - startMs >= 19);
    const step = order.stepSync(0);
    await assert.rejects(order.step(1, { timeout: 20 }), {
      name: "TimeoutError",
      message: "Timed out after 20 ms waiting to begin step 1: step 0 has not ended",
    });
    assert.throws(
      () => order.stepSync(1, { timeout: 0 }),
      /^TimeoutError: Timed out after 0 ms .*: step 0 has not ended$/,
    );
    step.end();
    order.stepSync(1, { timeout: 0 }).end();
  });

  it("gives each step once", async () => {
    const order = new Sequencer();
    const step = order.stepSync(0);
    assert.throws(() => order.stepSync(0), {
      name: "RuntimeError",
      message: "Cannot begin step 0: it is under way, and each step happens once",
    });
    step.end();
    await assert.rejects(order.step(0), /Cannot begin step 0: it has ended, and each/);
    const next = order.stepSync(1);
    step.end();
    assert.throws(() => order.stepSync(2, { timeout: 0 }), /step 1 has not ended$/);
    next.end();
  });

  it("ends a step at the end of its using block", () => {
    const order = new Sequencer();
    order.stepSync(0)[Symbol.dispose]();
    assert.equal(order.current, 1);
  });

  it("works over words that it is given, and refuses others", () => {
    const words = new Int32Array(new SharedArrayBuffer(8), 4, 1);
    new Sequencer(words).stepSync(0).end();
    assert.equal(new Sequencer(words).current, 1);
    assert.equal(new Sequencer(words.buffer).current, 0);
    for (const wrong of [new Int32Array(1), new Uint8Array(4), {}, 1]) {
      assert.throws(() => new Sequencer(wrong as Int32Array), {
        name: "TypeError",
        message: "Sequencer: words must be a SharedArrayBuffer or an Int32Array on one",
      });
    }
  });

  it("refuses what is no step and no timeout", async () => {
    const order = new Sequencer();
    for (const step of [-1, 0.5, NaN, 2 ** 30]) {
      assert.throws(() => order.stepSync(step), RangeError);
      await assert.rejects(order.step(step), RangeError);
    }
    assert.throws(() => order.stepSync(0, { timeout: -1 }), RangeError);
    assert.throws(() => order.stepSync(0, { timeOut: 1 } as object), TypeError);
  });
});
