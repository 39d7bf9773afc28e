import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Deque } from "../../../build/src/base/deque.js";

describe("Deque", () => {
  it("gives what was put in, in order, also while it grows and wraps around", () => {
    const queue = new Deque<object>();
    const items = Array.from({ length: 5000 }, () => ({ run: () => {} }));
    let [put, taken] = [0, 0];
    // Puts more than it takes, then the other way round.
    while (taken < items.length) {
      for (let i = 0; i < 7 && put < items.length; i++) queue.push(items[put++]!);
      for (let i = 0; i < 3 && queue.length > 0; i++) assert.equal(queue.shift(), items[taken++]);
      assert.equal(queue.length, put - taken);
    }
    assert.equal(queue.length, 0);
  });
});
