import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram } from "../../support/program.ts";

describe("a loop whose clock fails", () => {
  it("ends the program as an error that nothing catches, not as a rejection", () => {
    const outcome = runProgram(new URL("programs/failing-clock.ts", import.meta.url));
    assert.deepEqual(outcome, { status: 3, stdout: "uncaught no more alarms\n", stderr: "" });
  });
});
