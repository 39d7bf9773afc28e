import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AdaptiveSpin } from "../../../build/src/memory/adaptive-spin.js";

const LENGTH_MS = 0.2;

/** Waits until a budget is given out again, without a hit, and says how many waits had none. */
function waitsWithout(spin: AdaptiveSpin): number {
  for (let count = 0; ; count++) if (spin.budget() > 0) return count;
}

/** Reports so many misses. */
function miss(spin: AdaptiveSpin, times: number): void {
  for (let count = 0; count < times; count++) spin.record(false);
}

describe("AdaptiveSpin", () => {
  it("spins at first, and as long as it hits", () => {
    const spin = new AdaptiveSpin(LENGTH_MS);
    for (let count = 0; count < 10; count++) {
      assert.equal(spin.budget(), LENGTH_MS);
      spin.record(true);
    }
  });

  it("bears three misses in a row", () => {
    const spin = new AdaptiveSpin(LENGTH_MS);
    miss(spin, 3);
    assert.equal(spin.budget(), LENGTH_MS);
  });

  it("counts only misses in a row", () => {
    const spin = new AdaptiveSpin(LENGTH_MS);
    miss(spin, 3);
    spin.record(true);
    miss(spin, 3);
    assert.equal(spin.budget(), LENGTH_MS);
  });

  it("stops at the fourth, and tries again after 2 waits, 4, 8, and at most 64", () => {
    const spin = new AdaptiveSpin(LENGTH_MS);
    miss(spin, 4);
    const pauses = Array.from({ length: 8 }, () => {
      const count = waitsWithout(spin);
      miss(spin, 1);
      return count;
    });
    assert.deepEqual(pauses, [2, 4, 8, 16, 32, 64, 64, 64]);
  });

  it("forgets all that with a hit, also in the middle of a pause", () => {
    const spin = new AdaptiveSpin(LENGTH_MS);
    miss(spin, 4);
    assert.equal(waitsWithout(spin), 2);
    miss(spin, 1);
    assert.equal(spin.budget(), 0);
    spin.record(true);
    assert.equal(spin.budget(), LENGTH_MS);
    miss(spin, 4);
    assert.equal(waitsWithout(spin), 2);
  });

  it("gives a very short spin where it would give none", () => {
    const spin = new AdaptiveSpin(LENGTH_MS);
    assert.equal(spin.shortBudget(), LENGTH_MS);
    miss(spin, 4);
    assert.equal(spin.shortBudget(), 0.003);
    assert.equal(spin.shortBudget(), 0.003);
    assert.equal(spin.shortBudget(), LENGTH_MS);
  });

  it("takes the miss of a very short spin for nothing", () => {
    const spin = new AdaptiveSpin(LENGTH_MS);
    miss(spin, 4);
    assert.equal(spin.shortBudget(), 0.003);
    spin.record(false);
    assert.equal(spin.shortBudget(), 0.003);
    spin.record(false);
    assert.equal(spin.shortBudget(), LENGTH_MS);
    spin.record(false);
    assert.equal(waitsWithout(spin), 4);
  });

  it("never spins on a single processor", () => {
    const spin = new AdaptiveSpin(0);
    assert.equal(spin.budget(), 0);
    assert.equal(spin.shortBudget(), 0);
  });
});
