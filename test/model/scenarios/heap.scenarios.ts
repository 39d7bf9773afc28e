/** Agents that allocate, hand blocks to each other, and free them: no word ever belongs to two blocks. */
import assert from "node:assert/strict";
import {
  type Body,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { exchange } from "../../../build/src/memory/atomics.js";
import { Heap } from "../../../build/src/memory/heap.js";

const CAPACITY = 2;
const SMALL = 15;
const LARGE = 31;

const memory = { heap: Heap.words(CAPACITY) + 512, mailbox: 2 };

type Names = keyof typeof memory;

function heapOf({ heap }: Shared<Names>, slot: number): Heap {
  const grow = (): Int32Array => {
    throw new RangeError("the scenario needs more memory than it has");
  };
  return new Heap(heap, { at: 0, capacity: CAPACITY, slot, grow });
}

/** Writes the agent's mark into every word, and finds it there later. */
function mark(words: Int32Array, block: number, size: number, value: number): void {
  assert.ok(words.subarray(block, block + size).every((word) => word === 0));
  words.fill(value, block, block + size);
}

function isMarked(words: Int32Array, block: number, size: number, value: number): boolean {
  return words.subarray(block, block + size).every((word) => word === value);
}

/** Two blocks of its own; the first goes to the other agent, which frees it. Then a third. */
const allocating: Body<Names> = (shared, { agent, note }) => {
  const heap = heapOf(shared, agent);
  const words = shared.heap;
  const first = heap.allocate(SMALL);
  mark(words, first, SMALL, agent + 1);
  const second = heap.allocate(LARGE);
  mark(words, second, LARGE, agent + 11);
  assert.ok(isMarked(words, first, SMALL, agent + 1));
  exchange(shared.mailbox, 1 - agent, first);
  const received = exchange(shared.mailbox, agent, 0);
  if (received !== 0) {
    assert.ok(isMarked(words, received, SMALL, 2 - agent), "what was handed over is whole");
    heap.free(received);
  }
  const third = heap.allocate(SMALL);
  mark(words, third, SMALL, agent + 21);
  assert.ok(isMarked(words, second, LARGE, agent + 11));
  assert.notEqual(third, second);
  note(third);
};

export const twoAllocate: Scenario<Names> = scenario(import.meta.url, "twoAllocate", {
  memory,
  agents: [allocating, allocating],
  check: (_, { notes, dead }) => {
    const blocks = notes.map(({ value }) => value);
    assert.equal(new Set(blocks).size, blocks.length, "two agents have the same block");
    if (dead.length === 0) assert.equal(blocks.length, 2);
  },
});

/** One agent frees what the other has allocated, while that one allocates again. */
export const oneReturns: Scenario<Names> = scenario(import.meta.url, "oneReturns", {
  memory,
  setup: (shared) => {
    const heap = heapOf(shared, 0);
    shared.mailbox[0] = heap.allocate(SMALL);
    shared.mailbox[1] = heap.allocate(SMALL);
  },
  agents: [
    (shared, { note }) => {
      const heap = heapOf(shared, 0);
      for (let i = 0; i < 3; i++) {
        const block = heap.allocate(SMALL);
        mark(shared.heap, block, SMALL, i + 1);
        note(block);
      }
    },
    (shared) => {
      const heap = heapOf(shared, 1);
      for (const at of [0, 1]) heap.free(exchange(shared.mailbox, at, 0));
    },
  ],
  check: (_, { notes }) => {
    const blocks = notes.map(({ value }) => value);
    assert.equal(new Set(blocks).size, blocks.length, "a block was handed out twice");
  },
});
