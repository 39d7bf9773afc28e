import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Heap } from "../../../build/src/memory/heap.js";

const AT = 7;
const SLOTS = 40;

interface World {
  /** The heap as the agent in a slot has it. */
  open(slot: number): Heap;
  /** How often an agent has made the memory longer. */
  readonly growths: number;
}

function makeWorld(firstWords: number): World {
  const memory = new SharedArrayBuffer(4 * firstWords, { maxByteLength: 2 ** 20 });
  let growths = 0;
  const view = (): Int32Array => new Int32Array(memory, 0, memory.byteLength >> 2);
  const grow = (words: number): Int32Array => {
    if (memory.byteLength < 4 * words) {
      memory.grow(4 * words);
      growths++;
    }
    return view();
  };
  return {
    open: (slot) => new Heap(view(), { at: AT, capacity: SLOTS, slot, grow }),
    get growths() {
      return growths;
    },
  };
}

const EMPTY = AT + Heap.words(SLOTS);

describe("Heap, one step after the other", () => {
  it("keeps whole lines for what it knows of all agents", () => {
    assert.equal(Heap.words(1), 64);
    assert.equal(Heap.words(32), 64);
    assert.equal(Heap.words(33), 96);
  });

  it("gives blocks that do not overlap, of 15 words or of the next power of two less one", () => {
    const heap = makeWorld(4096).open(3);
    const first = heap.allocate(1);
    assert.equal(first, EMPTY + 1);
    const second = heap.allocate(15);
    assert.equal(second - first, 16);
    const third = heap.allocate(16);
    assert.equal(third - second, 16);
    const fourth = heap.allocate(31);
    assert.equal(fourth - third, 32);
    assert.equal(heap.allocate(1) - fourth, 32);
  });

  it("uses a block again that it has freed, last first, for the same size", () => {
    const heap = makeWorld(4096).open(3);
    const [small, other, large] = [heap.allocate(3), heap.allocate(3), heap.allocate(20)];
    for (const block of [small, other, large]) heap.free(block);
    assert.equal(heap.allocate(20), large);
    assert.equal(heap.allocate(15), other);
    assert.equal(heap.allocate(1), small);
    assert.ok(heap.allocate(1) > large);
  });

  it("clears a block that it uses again, and no word beside it", () => {
    const heap = makeWorld(4096).open(3);
    const [block, next] = [heap.allocate(15), heap.allocate(15)];
    const words = heap.wordsFor(next);
    words.fill(9, block, block + 15);
    const head = words[next - 1];
    heap.free(block);
    assert.equal(heap.allocate(15), block);
    assert.deepEqual([...words.subarray(block, block + 15)], Array(15).fill(0));
    assert.equal(words[next - 1], head);
  });

  it("gives a block back to the agent that it belongs to, whichever frees it", () => {
    const world = makeWorld(4096);
    const [mine, yours] = [world.open(3), world.open(39)];
    const blocks = [mine.allocate(3), mine.allocate(20), mine.allocate(3)];
    for (const block of blocks) yours.free(block);
    assert.ok(!blocks.includes(yours.allocate(3)), "it is not the other one's");
    // The whole stack is taken, whatever the size that is asked for.
    assert.equal(mine.allocate(20), blocks[1]);
    assert.deepEqual([mine.allocate(3), mine.allocate(3)].sort(byNumber), [blocks[0], blocks[2]]);
    assert.ok(!blocks.includes(mine.allocate(3)));
  });

  it("leaves what is free to the next agent in the slot", () => {
    const world = makeWorld(4096);
    const first = world.open(3);
    const blocks = [first.allocate(3), first.allocate(20), first.allocate(3)];
    for (const block of blocks) first.free(block);
    first.handBack();
    first.handBack(); // has nothing any more
    const next = world.open(3);
    const again = [next.allocate(3), next.allocate(3), next.allocate(20)];
    assert.deepEqual(again.sort(byNumber), blocks.sort(byNumber));
  });

  it("makes the memory longer when it has to, to the word", () => {
    const world = makeWorld(EMPTY + 16);
    const heap = world.open(0);
    heap.allocate(15);
    assert.equal(world.growths, 0);
    const block = heap.allocate(15);
    assert.equal(world.growths, 1);
    assert.equal(heap.wordsFor(block).length, EMPTY + 32);
  });

  it("sees a block that another agent made beyond the memory that it knew", () => {
    const world = makeWorld(EMPTY + 16);
    const [mine, yours] = [world.open(0), world.open(1)];
    const near = mine.allocate(15);
    const far = mine.allocate(1000);
    mine.wordsFor(far)[far + 999] = 5;
    assert.equal(yours.wordsFor(far)[far + 999], 5);
    assert.equal(yours.wordsFor(near), yours.wordsFor(far), "one view is enough");
    yours.free(far);
    assert.equal(mine.allocate(1000), far);
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}
