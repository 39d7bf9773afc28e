/** Promises that wait for what only the thread itself could do. In programs of their own: the test runner's handles keep an event loop from running dry. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";
import { alone } from "./programs/silent-waits.ts";

describe("a promise that nothing can settle is rejected, where the thread is the only one", () => {
  for (const name of Object.keys(alone)) {
    it(name, () => {
      const program = new URL("./programs/silent-waits.ts", import.meta.url);
      const { stdout, stderr } = runProgram(program, "alone", name);
      assert.equal(stderr, "");
      assert.equal(stdout, "DeadlockError\n");
    });
  }
});
