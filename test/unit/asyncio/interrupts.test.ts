/** What Ctrl-C does with a program that waits in a run; the rules of tasks are in test/python. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { interruptProgram } from "../../support/program.ts";

const program = new URL("./programs/interrupted.ts", import.meta.url);

describe("a program that Ctrl-C interrupts", () => {
  it("ends with the exit code 130, and without a word of tasks if that is soon", async () => {
    const { status, stderr } = await interruptProgram(program, "ready", "quick");
    assert.equal(status, 130);
    assert.match(stderr, /KeyboardInterrupt/);
    assert.doesNotMatch(stderr, /The run ends once/);
  });

  it("says which tasks it waits for, and ends when it is interrupted again", async () => {
    const { status, stderr } = await interruptProgram(program, "ready", "slow");
    assert.equal(status, 130);
    assert.match(
      stderr,
      /^Interrupted\. The run ends once these are over; Ctrl-C again ends the program at once:\n {2}<Task cancelling name="slow cleaner"/m,
    );
  });

  it("says that it waits for threads", async () => {
    const { status, stderr } = await interruptProgram(program, "ready", "thread");
    assert.equal(status, 130);
    assert.match(stderr, /^Interrupted\..*:\n {2}calls of toThread\(\) and runInExecutor\(\)/m);
  });
});
