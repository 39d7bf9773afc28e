import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { registered, threadRegistry } from "../../../build/src/base/registry.js";

describe("The thread's registry", () => {
  it("makes a value on first use, once", () => {
    let made = 0;
    const make = (): number => ++made;
    assert.equal(threadRegistry("test of the registry@1", make), 1);
    assert.equal(threadRegistry("test of the registry@1", make), 1);
    assert.equal(made, 1);
  });

  it("registered() makes none", () => {
    assert.equal(registered("test of registered@1"), undefined);
    threadRegistry("test of registered@1", () => "made");
    assert.equal(registered("test of registered@1"), "made");
  });
});
