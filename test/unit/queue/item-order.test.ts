import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Ordered, PriorityQueue } from "heddle/queue";
import { Lock } from "heddle/threading";

/** The items as a priority queue gives them back. */
function inOrder(...items: readonly unknown[]): unknown[] {
  const queue = new PriorityQueue();
  for (const item of items) queue.putNowait(item as Ordered);
  return Array.from(items, () => queue.getNowait());
}

function refuses(first: unknown, second: unknown, message: RegExp): void {
  const queue = new PriorityQueue();
  queue.putNowait(first as Ordered);
  const isRight = (error: unknown): boolean => {
    assert.ok(error instanceof TypeError, String(error));
    assert.match(error.message, message);
    return true;
  };
  assert.throws(() => queue.putNowait(second as Ordered), isRight);
  assert.equal(queue.qsize(), 1);
  assert.deepEqual(queue.getNowait(), first);
}

describe("the order of a PriorityQueue", () => {
  it("puts numbers, bigints and booleans by value", () => {
    assert.deepEqual(inOrder(3, 1n, true, -2.5, false, 10n ** 30n, Infinity).slice(0, 2), [
      -2.5,
      false,
    ]);
    assert.deepEqual(inOrder(5, 2n, 3.5), [2n, 3.5, 5]);
    assert.deepEqual(inOrder(2 ** 53, 2 ** 31, -(2 ** 31), 0), [-(2 ** 31), 0, 2 ** 31, 2 ** 53]);
  });

  it("puts strings by code units", () => {
    assert.deepEqual(inOrder("b", "a", "", "ab", "B"), ["", "B", "a", "ab", "b"]);
  });

  it("puts arrays as Python puts tuples", () => {
    assert.deepEqual(inOrder([2], [1, 5], [1], [1, 4, 9], [1, 4]), [
      [1],
      [1, 4],
      [1, 4, 9],
      [1, 5],
      [2],
    ]);
    assert.deepEqual(inOrder(["b", 1], ["a", 2], ["a", 1]), [
      ["a", 1],
      ["a", 2],
      ["b", 1],
    ]);
    assert.deepEqual(inOrder([[2], 1], [[1, "x"], 2]), [
      [[1, "x"], 2],
      [[2], 1],
    ]);
  });

  it("compares what lies behind the first difference with nothing", () => {
    const [lock, map] = [new Lock(), new Map([[1, 2]])];
    const got = inOrder([2, { b: 1 }], [1, lock], [3, map]);
    assert.deepEqual(got[1], [2, { b: 1 }]);
    assert.equal((got[0] as [number, Lock])[1], lock);
    assert.deepEqual(got[2], [3, map]);
  });

  it("takes null and undefined for equal to themselves", () => {
    assert.deepEqual(inOrder([1, null, 2], [1, undefined, 1]), [
      [1, undefined, 1],
      [1, null, 2],
    ]);
  });

  it("keeps hundreds of items in order, large ones too", () => {
    const items = Array.from({ length: 500 }, (_, n) => [(n * 173) % 500, "x".repeat(n)]);
    const got = inOrder(...items) as [number, string][];
    assert.deepEqual(
      got.map(([priority]) => priority),
      Array.from({ length: 500 }, (_, n) => n),
    );
    for (const [priority, text] of got) assert.equal((text.length * 173) % 500, priority);
  });

  it("refuses what cannot be compared, and does not put it", () => {
    refuses(1, "1", /Cannot compare a string to a number/);
    refuses(1, [1], /Cannot compare an array to a number/);
    refuses([1, { a: 1 }], [1, { b: 1 }], /Cannot compare an object to an object/);
    refuses([1, null], [1, 2], /Cannot compare a number to null/);
    refuses([1, new Lock()].slice(0, 1), ["a"], /Cannot compare a string to a number/);
  });

  it("refuses what has no order at all", () => {
    const queue = new PriorityQueue();
    for (const item of [{}, null, undefined, new Date(), new Map(), () => 1]) {
      assert.throws(() => queue.putNowait(item as never), /it has no order.*\[priority, item\]/);
    }
    assert.equal(queue.qsize(), 0);
  });
});
