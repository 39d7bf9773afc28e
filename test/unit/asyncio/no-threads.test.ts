/** asyncio where nothing provides threads, as in a bundle that leaves them out. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { coreOf, Loop } from "../../../build/src/asyncio/engine/classes.js";

describe("a loop without threads", () => {
  it("runs tasks, and says what is missing when a call needs a thread", async () => {
    const loop = new Loop();
    const task = loop.createTask(async () => {
      assert.throws(() => loop.runInExecutor(null, () => 1), /the bundle does not contain/);
      return await loop.runInExecutor({ submit: () => called, shutdown: async () => {} }, () => 1);
    });
    assert.equal(coreOf(task).isPending, true);
    assert.equal(await loop.runUntilComplete(task), 1);
    loop.close();
  });
});

/** A call of some executor, done. */
const called = {
  addDoneCallback: (callback: () => void): void => callback(),
  cancel: (): boolean => false,
  cancelled: (): boolean => false,
  done: (): boolean => true,
  exceptionSync: (): unknown => undefined,
  resultSync: (): unknown => 1,
};
