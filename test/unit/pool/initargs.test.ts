/** Shared objects in the arguments of initializers. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Lock } from "heddle/threading";
import { isKeptLocked, keepLock } from "../../support/locks.ts";

describe("initargs", () => {
  it("share locks with every worker, also with one that starts later", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({
      maxWorkers: 2,
      initializer: keepLock,
      initargs: [{ lock }],
    });
    assert.equal(await pool.submit(isKeptLocked), false);
    await lock.acquire();
    const both = [pool.submit(isKeptLocked), pool.submit(isKeptLocked)];
    assert.deepEqual(await Promise.all(both), [true, true]);
    lock.release();
    await pool.shutdown();
  });

  it("are refused by their path where nothing is shared", () => {
    const options = {
      sharedMemory: false,
      initializer: keepLock,
      initargs: [{ lock: new Lock() }] as [{ lock: Lock }],
    };
    assert.throws(() => new ThreadPoolExecutor(options), {
      name: "SendError",
      path: "initargs[0].lock",
    });
  });
});
