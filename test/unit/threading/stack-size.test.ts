import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { stackSize, Thread, ThreadError } from "heddle/threading";
import * as targets from "../../support/threads/thread-targets.ts";

const isNode = process.versions["bun"] === undefined && process.versions["deno"] === undefined;

const MIB = 1024 * 1024;

describe("Thread", () => {
  it("stackSize(n) lets threads on Node go deeper, and is refused elsewhere", async () => {
    if (!isNode) {
      assert.throws(() => stackSize(16 * MIB), ThreadError);
      return;
    }
    const depths: number[] = [];
    for (const size of [MIB, 16 * MIB]) {
      stackSize(size);
      const thread = new Thread({ target: targets.measureStack });
      thread.start();
      depths.push(await thread);
    }
    stackSize(0);
    const [small = 0, large = 0] = depths;
    assert.ok(large > 4 * small, `${small}, ${large}`);
  });
});
