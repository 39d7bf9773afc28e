import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { runWith } from "../../support/program.ts";

const isNode = process.versions["deno"] === undefined && process.versions["bun"] === undefined;
const preload = new URL("../../support/without-wait-async.ts", import.meta.url);

/** What waits for other agents in all the ways there are. */
const FILES = [
  "python/threading/locks",
  "python/threading/conditions",
  "unit/asyncio/thread-waits",
  "unit/pool/worker-loop",
  "unit/threading/dump",
];

// Deno and Bun preload nothing into workers, and need not.
if (!isNode) {
  it("Deno and Bun have Atomics.waitAsync", () => {
    assert.equal(typeof Atomics.waitAsync, "function");
  });
} else {
  describe("on a runtime without Atomics.waitAsync", () => {
    for (const file of FILES) {
      it(`passes: the tests in ${file}.test.ts`, () => {
        const url = new URL(`../../${file}.test.ts`, import.meta.url);
        const { status, stdout, stderr } = runWith(preload, url);
        assert.equal(status, 0, `${stdout}\n${stderr}`);
      });
    }

    it("a thread that sleeps in the place of another is replaced when it dies", () => {
      const url = new URL("./programs/helper-dies.ts", import.meta.url);
      const { status, stdout, stderr } = runWith(preload, url);
      assert.deepEqual([status, stdout], [0, "false true true\n"], stderr);
    });

    it("awaiting fails, rather than hang, when that thread cannot be started", () => {
      const url = new URL("./programs/helper-dies.ts", import.meta.url);
      const { status, stderr } = runWith(preload, url, "at start");
      assert.equal(status, 1);
      assert.match(
        stderr,
        /RuntimeError: Cannot wait for other threads: this runtime has no Atomics/,
      );
    });
  });
}
