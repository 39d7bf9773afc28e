import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Context, ContextVar } from "heddle/contextvars";
import { applyNamedEntries, namedEntries } from "../../../build/src/contextvars/entries.js";

describe("a context's entries by name", () => {
  it("are listed, and applied to the variables of those names", () => {
    const user = new ContextVar<string>("entries: user");
    const depth = new ContextVar("entries: depth", { default: 0 });
    const unset = new ContextVar("entries: unset", { default: 1 });
    const context = new Context();
    context.run(() => {
      user.set("ada");
      depth.set(2);
    });
    const entries = namedEntries(context);
    assert.deepEqual(entries, [
      ["entries: user", "ada"],
      ["entries: depth", 2],
    ]);

    const arrived = new Context();
    assert.deepEqual(applyNamedEntries(arrived, structuredClone(entries)), []);
    assert.ok(arrived.equals(context));
    assert.ok(!arrived.has(unset));
  });

  it("that no variable bears, or more than one, are left over", () => {
    const twins = [new ContextVar("entries: twin"), new ContextVar("entries: twin")];
    const known = new ContextVar<number>("entries: known");
    const entries = [
      ["entries: twin", 1],
      ["entries: nobody's", 2],
      ["entries: known", 3],
    ] as const;
    const context = new Context();
    assert.deepEqual(applyNamedEntries(context, entries), entries.slice(0, 2));
    assert.deepEqual([...context.entries()], [[known, 3]]);
    assert.ok(twins.every((twin) => !context.has(twin)));
  });

  it("are not listed when another variable of the thread bears the name", () => {
    const twins = [
      new ContextVar<number>("entries: pair"),
      new ContextVar<number>("entries: pair"),
    ];
    const context = new Context();
    context.run(() => twins[0]?.set(1));
    assert.deepEqual(namedEntries(context), []);
    assert.equal(twins.length, 2);
  });

  it("show what the context holds when they are listed", () => {
    const variable = new ContextVar<number>("entries: later");
    const context = new Context();
    context.run(() => variable.set(1));
    const entries = namedEntries(context);
    context.run(() => variable.set(2));
    assert.deepEqual(entries, [["entries: later", 1]]);
  });
});
