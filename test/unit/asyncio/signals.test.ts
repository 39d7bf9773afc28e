import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { Future, getRunningLoop, Loop, run } from "heddle/asyncio";
import { ContextVar } from "heddle/contextvars";

/** Sends this process a signal, and keeps it alive until that has arrived. */
async function send<T>(signal: string, arrived: PromiseLike<T>): Promise<T> {
  const alive = setTimeout(() => {}, 30_000);
  process.kill(process.pid, signal);
  const result = await arrived;
  clearTimeout(alive);
  return result;
}

describe("Loop.addSignalHandler", () => {
  it("calls the function with its arguments, in the caller's context, each time", async () => {
    const variable = new ContextVar("variable", { default: "none" });
    await run(async () => {
      const loop = getRunningLoop();
      variable.set("the task's");
      let arrived = new Future<string>();
      loop.addSignalHandler("SIGUSR2", () => arrived.setResult("replaced"));
      loop.addSignalHandler("SIGUSR2", (word) => arrived.setResult(word + variable.get()), "in ");
      assert.equal(await send("SIGUSR2", arrived), "in the task's");
      arrived = new Future<string>();
      assert.equal(await send("SIGUSR2", arrived), "in the task's");
      assert.equal(loop.removeSignalHandler("SIGUSR2"), true);
      assert.equal(loop.removeSignalHandler("SIGUSR2"), false);
      assert.equal(process.listenerCount("SIGUSR2"), 0);
    });
  });

  it("refuses unknown signals, those that nobody can handle, and what is no function", () => {
    const loop = new Loop();
    assert.throws(() => loop.addSignalHandler("SIGNONE", () => {}), TypeError);
    assert.throws(() => loop.addSignalHandler("SIGKILL", () => {}), TypeError);
    assert.throws(() => loop.addSignalHandler("SIGUSR2", 42 as never), TypeError);
  });

  it("is over when the loop is closed", () => {
    const loop = new Loop();
    loop.addSignalHandler("SIGUSR2", () => {});
    assert.equal(process.listenerCount("SIGUSR2"), 1);
    loop.close();
    assert.equal(process.listenerCount("SIGUSR2"), 0);
  });
});
