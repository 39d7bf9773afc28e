import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { ContextVar } from "heddle/contextvars";
import { isVariable, onlyVariableNamed } from "../../../build/src/contextvars/variables.js";
import { threadRegistry } from "../../../build/src/base/registry.js";

/** How long the collector is given. */
const DEADLINE_MS = 30_000;

describe("the variables of a thread", () => {
  it("are found by name, where just one bears it", () => {
    const variable = new ContextVar("variables: one");
    assert.equal(onlyVariableNamed("variables: one"), variable);
    assert.equal(onlyVariableNamed("variables: none"), undefined);
    const twin = new ContextVar("variables: one");
    assert.equal(onlyVariableNamed("variables: one"), undefined);
    assert.deepEqual([variable, twin].map(isVariable), [true, true]);
    assert.equal(isVariable({ name: "variables: one" }), false);
  });

  it("are forgotten when they are collected, with their names", async () => {
    const { byName } = threadRegistry<{ byName: Map<string, unknown> }>("contextvars@1", () =>
      assert.fail("there are no variables"),
    );
    const before = byName.size;
    for (let i = 0; i < 1000; i += 1) void new ContextVar(`variables: dropped ${i}`);
    assert.equal(byName.size, before + 1000);
    const deadline = performance.now() + DEADLINE_MS;
    let ballast: unknown[] = [];
    while (byName.size > before + 100 && performance.now() < deadline) {
      ballast = Array.from({ length: 100_000 }, () => ({}));
      await turn();
    }
    assert.equal(ballast.length, 100_000);
    assert.ok(byName.size <= before + 100, `${byName.size - before} names are left`);
  });
});
