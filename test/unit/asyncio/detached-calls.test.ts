import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram } from "../../support/program.ts";

const PROGRAM = new URL("programs/detached-calls.ts", import.meta.url);

const LOG = `locked
of a cancelled task over
of an ended block over
of an ended block slept
of an expired block over
still limited: TimeoutError
`;

describe("calls that are not awaited", () => {
  it("are cancelled with their task or block without an error, and go on after these", () => {
    const { status, stdout, stderr } = runProgram(PROGRAM);
    assert.equal(stderr, "");
    assert.equal(stdout, LOG);
    assert.equal(status, 0);
  });

  it("leave it to the runtime what becomes of other rejections", () => {
    const { status, stdout, stderr } = runProgram(PROGRAM, "reject");
    assert.equal(stdout, LOG);
    assert.match(stderr, /RangeError: by the program itself/);
    assert.notEqual(status, 0);
  });

  it("leave it to the run that a task is cancelled whose error is not handled", () => {
    const { status, stderr } = runProgram(PROGRAM, "cancel the run");
    assert.match(stderr, /CancelledError/);
    assert.notEqual(status, 0);
  });
});
