import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTask, Loop, run, sleep } from "heddle/asyncio";
import { VirtualClock } from "heddle/testing";

describe("VirtualClock", () => {
  it("jumps to the next timer when nothing is to be done", async () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    await run(
      async () => {
        for (const ms of [1000, 60_000]) {
          await sleep(ms);
          times.push(clock.time());
        }
      },
      { loopFactory: () => new Loop({ clock }) },
    );
    assert.deepEqual(times, [1000, 61_000]);
  });

  it("stands still without autojump, until it is advanced", async () => {
    const clock = new VirtualClock({ autojump: false });
    const loop = new Loop({ clock });
    const task = loop.createTask(sleep(100));
    const waiting = loop.runUntilComplete(task);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(task.done(), false);
    clock.advance(99);
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(task.done(), false);
    clock.advance(1);
    await waiting;
    assert.equal(clock.time(), 100);
    loop.close();
  });

  it("serves several loops", async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const runs = [30, 10, 20].map((ms) => {
      const main = async (): Promise<void> => {
        await createTask(sleep(ms));
        order.push(`${ms}`);
      };
      return run(main, { loopFactory: () => new Loop({ clock }) });
    });
    await Promise.all(runs);
    assert.deepEqual(order, ["10", "20", "30"]);
  });

  it("stands still while any of its loops has something to run", async () => {
    const clock = new VirtualClock();
    const runsOn = (main: () => Promise<void>): Promise<void> =>
      run(main, { loopFactory: () => new Loop({ clock }) });
    const times: number[] = [];
    const works = runsOn(async () => {
      await sleep(10);
      for (let step = 0; step < 3; step++) {
        // Longer than a loop runs before the host has its turn.
        for (const endMs = performance.now() + 5; performance.now() < endMs;);
        await sleep(0);
        times.push(clock.time());
      }
    });
    await Promise.all([runsOn(async () => await sleep(20)), works]);
    assert.deepEqual(times, [10, 10, 10]);
    assert.equal(clock.time(), 20);
  });

  it("refuses wrong times and options", () => {
    assert.throws(() => new VirtualClock().advance(-1), RangeError);
    assert.throws(() => new VirtualClock().advance(Infinity), RangeError);
    assert.throws(() => new VirtualClock({ jump: true } as never), TypeError);
  });
});
