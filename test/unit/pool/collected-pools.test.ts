/** A pool that is over is held by nothing of heddle's: neither by timers nor by tables. */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { runProgram } from "../../support/program.ts";

describe("a pool that was shut down, or broke", () => {
  it("can be collected at once", () => {
    process.env["DENO_V8_FLAGS"] = "--expose-gc";
    const url = new URL("./programs/collected-pools.ts", import.meta.url);
    const { status, stdout, stderr } = runProgram(url);
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), "0 24");
  });
});
