import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CannotBlockError } from "../../../build/src/errors.js";
import { executorContract } from "../../contract/executor-contract.ts";
import { valueAfter } from "../../support/tasks.ts";
import { InlineExecutor } from "../../support/inline-executor.ts";

executorContract("an executor without workers", () => new InlineExecutor(), {
  sharedMemory: true,
  sharedObjects: true,
  transfer: true,
  blocking: CannotBlockError,
  isolated: false,
});

describe("an executor without workers", () => {
  it("cannot ask a call that runs to stop", async () => {
    const pool = new InlineExecutor();
    const future = pool.submit(valueAfter, 3, 10);
    while (!future.running()) await Promise.resolve();
    assert.equal(future.cancel({ running: true, grace: 0 }), false);
    assert.equal(await future, 3);
    const queued = [pool.submit(Math.abs, -1), pool.submit(Math.abs, -2)];
    assert.equal(queued[1]?.cancel({ running: true }), true);
    await pool.shutdown();
  });
});
