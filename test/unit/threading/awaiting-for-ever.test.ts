/** Promises that wait for threads that wait for ever. In programs of their own: the test runner's handles keep an event loop from running dry. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";
import { awaiting } from "./programs/silent-waits.ts";

describe("a promise that waits for a thread that waits for ever is rejected", () => {
  for (const name of Object.keys(awaiting)) {
    it(name, () => {
      const program = new URL("./programs/silent-waits.ts", import.meta.url);
      const { stdout, stderr } = runProgram(program, "awaiting", name);
      assert.equal(stderr, "");
      assert.equal(stdout, "DeadlockError\n");
    });
  }
});
