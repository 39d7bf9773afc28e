import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MOST_PERMITS, SharedSemaphore } from "../../../build/src/memory/semaphore.js";

/** The semaphore's words have others on both sides. */
const AT = 2;

function makeSemaphore(permits: number, waiting = 0) {
  const words = new Int32Array(new SharedArrayBuffer(4 * 6));
  let left = waiting;
  const waiters = {
    wakeOne: () => {
      if (left === 0) return false;
      left -= 1;
      return true;
    },
  };
  const semaphore = new SharedSemaphore(words, AT, waiters as never);
  semaphore.initialize(permits);
  return { semaphore, words, stillWaiting: () => left };
}

describe("SharedSemaphore", () => {
  it("gives as many permits as it has", () => {
    const { semaphore, words } = makeSemaphore(2);
    assert.deepEqual(
      [1, 2, 3].map(() => semaphore.tryAcquire()),
      [true, true, false],
    );
    assert.equal(semaphore.count, 0);
    assert.equal(semaphore.initial, 2);
    assert.deepEqual([...words], [0, 0, 0, 2, 0, 0]);
  });

  it("takes permits back, up to the most that there may be", () => {
    const { semaphore } = makeSemaphore(1);
    assert.equal(semaphore.release(2, 3), true);
    assert.equal(semaphore.count, 3);
    assert.equal(semaphore.release(1, 3), false);
    assert.equal(semaphore.count, 3);
    assert.equal(semaphore.release(MOST_PERMITS - 3), true);
    assert.equal(semaphore.release(1), false);
    assert.equal(semaphore.count, 2_147_483_647);
    assert.equal(semaphore.initial, 1);
  });

  it("wakes one who waits for each permit, and no more", () => {
    const { semaphore, stillWaiting } = makeSemaphore(0, 5);
    semaphore.release(1);
    assert.equal(stillWaiting(), 4);
    semaphore.release(2);
    assert.equal(stillWaiting(), 2);
    semaphore.release(3);
    assert.equal(stillWaiting(), 0);
    assert.equal(semaphore.count, 6); // who is woken takes one itself
  });
});
