import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  emptyLike,
  isContainer,
  partsOf,
  pathOf,
  replaceParts,
  someObject,
} from "../../../build/src/wire/parts.js";

function paths(whole: object): string[] {
  return [...partsOf(whole)].map((part) => pathOf(whole, part));
}

describe("parts of a value", () => {
  it("each has a path that leads to it", () => {
    assert.deepEqual(paths({ name: 1, "two words": 2 }), [".name", '["two words"]']);
    assert.deepEqual(paths(["a", "b"]), ["[0]", "[1]"]);
    assert.deepEqual(paths(new Map([["key", 1]])), [".keys()[0]", '.get("key")']);
    assert.deepEqual(paths(new Set(["a", "b"])), [".values()[0]", ".values()[1]"]);
    assert.deepEqual(paths(new Uint8Array(3)), []);
  });

  it("someObject meets each object once, in cycles and however deep", () => {
    const cycle: { self?: object; shared: object[] } = { shared: [] };
    cycle.self = cycle;
    const shared = {};
    cycle.shared.push(shared, shared);
    const met: object[] = [];
    const isMet = (object: object): boolean => {
      met.push(object);
      return false;
    };
    assert.equal(someObject(cycle, isMet), false);
    assert.equal(met.length, 3);

    const bottom = {};
    let deep: object = bottom;
    for (let i = 0; i < 100_000; i++) deep = { deep };
    assert.equal(
      someObject(deep, (object) => object === bottom),
      true,
    );
  });

  it("replaceParts writes into a container of the same kind", () => {
    const twice = (part: unknown): unknown => (part as number) * 2;
    const sparse: number[] = [];
    sparse[0] = 1;
    sparse[2] = 3;
    for (const [from, expected] of [
      [sparse, Object.assign([2, 4, 6], { 1: undefined })],
      [new Map([[1, 2]]), new Map([[2, 4]])],
      [new Set([1, 2]), new Set([2, 4])],
      [{ a: 1 }, { a: 2 }],
    ] as const) {
      assert.ok(isContainer(from));
      const into = emptyLike(from);
      replaceParts(from, into, twice);
      if (from === sparse) {
        assert.equal(1 in into, false);
        assert.equal((into as number[])[2], 6);
      } else assert.deepEqual(into, expected);
    }
  });

  it("replaceParts takes __proto__ for a name like any other", () => {
    const from = JSON.parse('{ "__proto__": 1 }') as object;
    const into = emptyLike(from);
    replaceParts(from, into, () => 2);
    assert.deepEqual(Object.entries(into), [["__proto__", 2]]);
    assert.equal(Object.getPrototypeOf(into), Object.prototype);
  });
});
