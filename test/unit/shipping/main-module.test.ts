import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { isSuppressed, runInsideCall } from "../../../build/src/shipping/main-module.js";
import { isMainThread } from "../../../build/src/shipping/main-thread.js";
import { runProgram } from "./run-program.ts";

describe("suppression", () => {
  it("suppresses nothing in the main thread", () => {
    assert.equal(isMainThread, true);
    assert.equal(isSuppressed(), false);
    assert.equal(runInsideCall(isSuppressed), false);
  });

  it("suppresses what a re-imported entry submits, and nothing that a task or another module does", async () => {
    const { printed } = await runProgram("suppression");
    const { main, referred, imported, quiet } = printed as Record<string, unknown>;
    assert.deepEqual(main, { "top level": false, isMain: true, "top level, later": false });
    const inWorker = {
      "before, outside": false,
      "loading, outside": false,
      "loading, inside": false,
      "loaded, outside": false,
      "top level": true,
      isMain: false,
      outside: true,
      inside: false,
      "top level, later": true,
      "inside, after an await": false,
      "outside, later": true,
    };
    assert.deepEqual(referred, inWorker);
    assert.deepEqual(imported, inWorker, "an entry that another import loaded");
    const { "top level": _, "top level, later": __, ...others } = inWorker;
    assert.deepEqual(quiet, others, "an entry that submits nothing at first");
  });
});
