import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { runProgram } from "../support/program.ts";

const example = new URL("../../examples/chat-server/main.ts", import.meta.url);

describe("the chat server", () => {
  it("serves hundreds of clients, and each hears every line", () => {
    const { status, stdout, stderr } = runProgram(example);
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trim().split("\n"), [
      "200 visitors have come",
      "each has heard 400 lines, its own among them",
      "0 visitors are left",
    ]);
    assert.equal(status, 0);
  });
});
