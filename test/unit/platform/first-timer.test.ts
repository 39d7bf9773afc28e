import assert from "node:assert/strict";
import { it } from "node:test";
import { runProgram } from "../../support/program.ts";

it("a program ends with its run, though its first timer was cancelled while Deno loaded timers", () => {
  const program = new URL("./programs/first-timer.ts", import.meta.url);
  assert.deepEqual(runProgram(program), { status: 0, stdout: "the run has ended\n", stderr: "" });
});
