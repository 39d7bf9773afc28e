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
    const others = process.listenerCount("SIGWINCH");
    await run(async () => {
      const loop = getRunningLoop();
      variable.set("the task's");
      let arrived = new Future<string>();
      loop.addSignalHandler("SIGWINCH", () => arrived.setResult("replaced"));
      loop.addSignalHandler("SIGWINCH", (word) => arrived.setResult(word + variable.get()), "in ");
      assert.equal(await send("SIGWINCH", arrived), "in the task's");
      arrived = new Future<string>();
      assert.equal(await send("SIGWINCH", arrived), "in the task's");
      assert.equal(loop.removeSignalHandler("SIGWINCH"), true);
      assert.equal(loop.removeSignalHandler("SIGWINCH"), false);
      assert.equal(process.listenerCount("SIGWINCH"), others);
    });
  });

  it("refuses unknown signals, those that nobody can handle, and what is no function", () => {
    const loop = new Loop();
    assert.throws(() => loop.addSignalHandler("SIGNONE", () => {}), TypeError);
    assert.throws(() => loop.addSignalHandler("SIGKILL", () => {}), TypeError);
    assert.throws(() => loop.addSignalHandler("SIGWINCH", 42 as never), TypeError);
  });

  it("is over when the run ends that it was called in", async () => {
    const others = process.listenerCount("SIGWINCH");
    await run(async () => {
      getRunningLoop().addSignalHandler("SIGWINCH", () => {});
      assert.equal(process.listenerCount("SIGWINCH"), others + 1);
    });
    assert.equal(process.listenerCount("SIGWINCH"), others);
  });

  it("is over when the loop is closed", () => {
    const others = process.listenerCount("SIGWINCH");
    const loop = new Loop();
    loop.addSignalHandler("SIGWINCH", () => {});
    assert.equal(process.listenerCount("SIGWINCH"), others + 1);
    loop.close();
    assert.equal(process.listenerCount("SIGWINCH"), others);
  });
});
