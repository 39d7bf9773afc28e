import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { after, describe, it } from "node:test";
import { SendError } from "heddle";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { Thread } from "heddle/threading";
import {
  exit,
  identity,
  makeGate,
  openGate,
  passGate,
  spinUntilAborted,
  throwIfAborted,
  untilAborted,
  ValidationError,
} from "../../support/tasks.ts";

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

for (const [name, sharedMemory] of [
  ["ThreadPoolExecutor", true],
  ["ThreadPoolExecutor without shared memory", false],
] as const) {
  describe(`AbortSignals in arguments: ${name}`, () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1, sharedMemory });
    after(async () => pool.shutdown());

    it("a call is told, with the reason", async () => {
      const controller = new AbortController();
      const call = pool.submit(untilAborted, controller.signal);
      const reason = new ValidationError("enough", "E1");
      setTimeout(() => controller.abort(reason), 20);
      const arrived = await call;
      assert.ok(arrived instanceof ValidationError);
      assert.deepEqual([arrived.message, arrived.code], ["enough", "E1"]);
      assert.equal(listenersOf(controller.signal), 0);
    });

    it("one that has aborted, or aborts while the call is queued, arrives so", async () => {
      const aborted = AbortSignal.abort(new RangeError("before"));
      await assert.rejects(Promise.resolve(pool.submit(throwIfAborted, { signal: aborted })), {
        name: "RangeError",
        message: "before",
      });
      const controller = new AbortController();
      const call = pool.submit(throwIfAborted, { signal: controller.signal });
      controller.abort();
      await assert.rejects(Promise.resolve(call), { name: "AbortError" });
    });

    it("the signal is let go when the call ends, however it does", async () => {
      const { signal } = new AbortController();
      assert.equal(await pool.submit(throwIfAborted, { signal }), "not aborted");
      assert.equal(listenersOf(signal), 0);
      const refused = await pool.submit(identity, [signal, () => 1]).exception();
      assert.ok(refused instanceof SendError);
      const many = Array.from({ length: 50 }, () => pool.submit(throwIfAborted, { signal }));
      assert.ok(listenersOf(signal) <= 1);
      await Promise.all(many);
      const dying = new ThreadPoolExecutor({ maxWorkers: 1, sharedMemory });
      await assert.rejects(
        Promise.resolve(
          dying.submit(exit as (code: number, signal: AbortSignal) => never, 3, signal),
        ),
        /died/,
      );
      await dying.shutdown();
      assert.equal(listenersOf(signal), 0);
    });

    it("one is an argument, and neither a result nor in an error", async () => {
      const result = await pool.submit(() => [new AbortController().signal]).exception();
      assert.ok(result instanceof SendError);
      assert.equal(result.path, "result[0]");
      assert.match(result.message, /an AbortSignal, which only an argument of a call can be$/);
    });
  });
}

describe("AbortSignals", () => {
  it("a call that never lets its event loop turn sees the abort", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const gate = makeGate();
    const controller = new AbortController();
    const call = pool.submit(spinUntilAborted, gate, controller.signal);
    while (Atomics.load(gate, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort(new TypeError("stop"));
    assert.equal(await call, "TypeError: stop, event true");
    await pool.shutdown();
  });

  it("so does the target of a thread", async () => {
    const gate = makeGate();
    const controller = new AbortController();
    const thread = new Thread({ target: spinUntilAborted, args: [gate, controller.signal] });
    thread.start();
    while (Atomics.load(gate, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    controller.abort(new TypeError("stop"));
    assert.equal(await thread, "TypeError: stop, event true");
    assert.equal(listenersOf(controller.signal), 0);
  });

  it("a call that is cancelled before it starts lets go", async () => {
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    const gate = makeGate();
    const first = pool.submit(passGate, gate, 1);
    const { signal } = new AbortController();
    const second = pool.submit(throwIfAborted, { signal });
    assert.equal(listenersOf(signal), 1);
    assert.ok(second.cancel());
    assert.equal(listenersOf(signal), 0);
    openGate(gate);
    await first;
    await pool.shutdown();
  });

  it("an item of a queue, and an argument for a process, cannot be one that may abort", async () => {
    const { signal } = new AbortController();
    assert.throws(() => new Queue().putNowait({ signal }), {
      name: "SendError",
      path: "item.signal",
      message: /an AbortSignal; pass it as an argument of the thread instead$/,
    });
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const refused = await pool.submit(throwIfAborted, { signal }).exception();
    assert.ok(refused instanceof SendError);
    assert.equal(refused.path, "args[0].signal");
    await pool.shutdown();
  });
});
