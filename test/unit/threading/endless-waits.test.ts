/** Waits for threads that wait for ever, in every way of waiting. In programs of their own: the test runner's handles keep an event loop from running dry. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";
import { endless } from "./programs/silent-waits.ts";

describe("a wait for a thread that waits for ever throws", () => {
  for (const name of Object.keys(endless)) {
    it(name, () => {
      const program = new URL("./programs/silent-waits.ts", import.meta.url);
      const { stdout, stderr } = runProgram(program, "endless", name);
      assert.equal(stderr, "");
      assert.equal(stdout, "DeadlockError\n");
    });
  }
});
