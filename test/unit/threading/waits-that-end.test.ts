/** Waits that look as if nothing could end them. In programs of their own: the test runner's handles keep an event loop from running dry. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../../support/program.ts";
import { ended } from "./programs/silent-waits.ts";

describe("a wait that something will end goes on", () => {
  for (const name of Object.keys(ended)) {
    it(name, () => {
      const program = new URL("./programs/silent-waits.ts", import.meta.url);
      const { stdout, stderr } = runProgram(program, "ended", name);
      assert.equal(stderr, "");
      assert.equal(stdout, "went on\n");
    });
  }
});
