import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  deadlineAfter,
  NEVER,
  remaining,
  TIMEOUT_MAX,
} from "../../../build/src/memory/deadline.js";

describe("deadlineAfter", () => {
  it("takes undefined, null and Infinity for no limit", () => {
    for (const timeout of [undefined, null, Infinity])
      assert.equal(deadlineAfter(timeout, "Lock.acquire"), NEVER);
  });

  it("adds milliseconds to the clock of performance.now()", () => {
    for (const timeout of [0, 0.5, 1000, TIMEOUT_MAX]) {
      const before = performance.now();
      const deadlineMs = deadlineAfter(timeout, "Lock.acquire");
      const after = performance.now();
      assert.ok(deadlineMs >= before + timeout && deadlineMs <= after + timeout);
    }
  });

  it("refuses what is not a number, naming the method and the type", () => {
    assert.throws(() => deadlineAfter("5" as never, "Lock.acquire"), {
      name: "TypeError",
      message: 'Lock.acquire: "timeout" must be a number of milliseconds, got string',
    });
  });

  it("refuses what is negative, too long, or not a length", () => {
    for (const timeout of [-1, -Infinity, TIMEOUT_MAX + 1, NaN]) {
      assert.throws(() => deadlineAfter(timeout, "Lock.acquire"), {
        name: "RangeError",
        message: `Lock.acquire: "timeout" must be between 0 and 2147483647 milliseconds, got ${timeout}`,
      });
    }
  });
});

describe("remaining", () => {
  it("is what is left until the deadline", () => {
    const before = performance.now();
    const left = remaining(before + 60_000);
    const after = performance.now();
    assert.ok(left <= 60_000 && left >= 60_000 - (after - before));
  });

  it("is never negative", () => {
    assert.equal(remaining(performance.now() - 1), 0);
  });

  it("is Infinity where there is no limit", () => {
    assert.equal(remaining(NEVER), Infinity);
  });
});
