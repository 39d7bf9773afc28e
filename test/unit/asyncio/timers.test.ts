import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type HeapTimer, TimerHeap } from "../../../build/src/asyncio/engine/timers.js";
import { Dice } from "../../support/dice.ts";

type Timer = HeapTimer & { isCancelled: boolean };

/** Takes all that is left. */
function drain(heap: TimerHeap<Timer>): Timer[] {
  const timers: Timer[] = [];
  for (let next = heap.takeDue(Infinity); next !== undefined; next = heap.takeDue(Infinity))
    timers.push(next);
  return timers;
}

function inOrder(timers: readonly Timer[]): Timer[] {
  return timers
    .filter((timer) => !timer.isCancelled)
    .sort((a, b) => a.whenMs - b.whenMs || a.sequence - b.sequence);
}

describe("TimerHeap", () => {
  it("gives timers by time, those of the same time in the order in which they were added", () => {
    for (let seed = 1; seed <= 50; seed++) {
      const dice = new Dice(seed);
      const heap = new TimerHeap<Timer>();
      const timers = Array.from({ length: dice.roll(400) }, (_, sequence) => ({
        whenMs: dice.roll(20),
        sequence,
        isCancelled: false,
      }));
      for (const timer of timers) heap.add(timer);
      for (const timer of timers) {
        if (dice.roll(3) === 0) continue;
        timer.isCancelled = true;
        heap.noteCancelled();
      }
      assert.equal(heap.earliest(), inOrder(timers)[0], `seed ${seed}`);
      assert.deepEqual(drain(heap), inOrder(timers), `seed ${seed}`);
    }
  });

  it("gives only what is due", () => {
    const heap = new TimerHeap<Timer>();
    heap.add({ whenMs: 10, sequence: 0, isCancelled: false });
    assert.equal(heap.takeDue(9.9), undefined);
    assert.equal(heap.takeDue(10)?.whenMs, 10);
  });

  it("drops cancelled timers once they are many and more than half", () => {
    const heap = new TimerHeap<Timer>();
    const timers = Array.from({ length: 300 }, (_, sequence) => ({
      whenMs: sequence,
      sequence,
      isCancelled: false,
    }));
    for (const timer of timers) heap.add(timer);
    for (const timer of timers.slice(0, 149)) {
      timer.isCancelled = true;
      heap.noteCancelled();
    }
    assert.equal(heap.size, 300);
    (timers[149] as Timer).isCancelled = true;
    heap.noteCancelled();
    assert.equal(heap.size, 150);
  });
});
