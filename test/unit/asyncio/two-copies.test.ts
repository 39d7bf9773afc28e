/** Two copies of heddle in one thread, as when a dependency has bundled one. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { RuntimeError } from "heddle";
import * as own from "heddle/asyncio";
import { ContextVar } from "heddle/contextvars";
import { RLock } from "heddle/threading";

import { secondCopy } from "../../support/second-copy.ts";

describe("two copies of heddle in one thread", () => {
  const copy = secondCopy("asyncio");
  let other: typeof own;

  before(async () => {
    other = (await copy.load("asyncio")) as typeof own;
    assert.notEqual(other.Task, own.Task);
  });
  after(copy.remove);

  it("each know their own tasks only, and agree on contexts", async () => {
    const variable = new ContextVar("variable", { default: "none" });
    await own.run(async () => {
      variable.set("set");
      assert.notEqual(own.currentTask(), null);
      assert.equal(other.currentTask(), null);
      assert.equal(await other.run(async () => variable.get()), "set");
      assert.equal(await other.sleep(1, "slept"), "slept");
      assert.notEqual(own.currentTask(), null);
    });
  });

  it("a generator that waits for what is the other's is told why it cannot", async () => {
    await assert.rejects(
      own.run(function* () {
        return yield* new other.Future({ loop: new other.Loop() });
      }),
      RuntimeError,
    );
  });

  it("what belongs to tasks tells those of both apart", async () => {
    const lock = new RLock();
    const [taken, looked] = [new own.Event(), new own.Event()];
    const holder = own.run(async () => {
      lock.acquireSync();
      taken.set();
      await looked.wait();
      lock.release();
    });
    const looker = own.run(async () => taken.wait());
    await looker;
    await other.run(async () => {
      assert.equal(lock.acquireSync({ timeout: 0 }), false);
    });
    looked.set();
    await holder;
  });
});
