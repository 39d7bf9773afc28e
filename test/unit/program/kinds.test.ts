/** What a thread receives of classes that it has not loaded. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram } from "../../support/program.ts";

function outputOf(name: string): string[] {
  const { status, stdout, stderr } = runProgram(new URL(`./kinds/${name}.ts`, import.meta.url));
  assert.equal(status, 0, stderr);
  return stdout.trim().split("\n");
}

describe("a thread that has not loaded the class of a shared object", () => {
  it("loads it for a result that it awaits, and is told what to do if it blocks", () => {
    assert.deepEqual(outputOf("bare-result"), [
      "SendError: Cannot receive a Lock: this thread has not loaded the class, and cannot do so while " +
        'it blocks. Import "heddle/threading" in it, or await instead of blocking; in a bundle, make ' +
        "one of its class first",
      "Lock false",
      "PriorityQueue true",
      "Lock",
    ]);
  });

  it("loads it for an item of a queue likewise", () => {
    assert.deepEqual(outputOf("bare-item"), ["SendError", "Event false", "Event"]);
  });

  it("loads it for the arguments of a call, in a pool and in a thread", () => {
    assert.deepEqual(outputOf("argument"), [
      "Object false",
      "Lock true",
      "Queue false",
      "Lock",
      "Thread false",
    ]);
  });
});
