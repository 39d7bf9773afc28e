/** What items leave behind in the shared memory: nothing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { LifoQueue, PriorityQueue, Queue } from "heddle/queue";
import { Lock } from "heddle/threading";
import { program } from "../../../build/src/program/program.js";
import { SharedBlock } from "../../../build/src/program/shared-object.js";
import { FifoSlots } from "../../../build/src/memory/queues/fifo-slots.js";
import { LifoSlots } from "../../../build/src/memory/queues/lifo-slots.js";
import { SLOT_WORDS } from "../../../build/src/memory/queues/slot-queue.js";
import { WaitSet } from "../../../build/src/memory/wait-set.js";
import { addressOf } from "../../../build/src/wire/handles.js";
import { leaveInQueue } from "../../support/queues.ts";

/** How many handles of an object are on their way. */
function inFlight(object: object): number {
  return new SharedBlock(program(), addressOf(object) as number, false).inFlight;
}

/** A wait set that nobody enters. */
function nobody(): WaitSet {
  const agents = { capacity: 1, isLive: () => false, ring: () => undefined };
  return new WaitSet(new Int32Array(new SharedArrayBuffer(64)), 0, agents);
}

/** Items with a lock in them, as they are written: in the slot, in a block, by the engine. */
const WITH_LOCK: readonly (readonly [how: string, item: (lock: Lock) => readonly unknown[]])[] = [
  ["in the slot", (lock) => [1, lock]],
  ["in a block", (lock) => [1, lock, "x".repeat(500)]],
  ["by the engine", (lock) => [1, new Map([["lock", lock]])]],
];

const make: readonly (() => Queue)[] = [
  () => new Queue(2),
  () => new LifoQueue(2),
  () => new PriorityQueue(2),
];

for (const makeQueue of make) {
  const { name } = makeQueue().constructor;
  describe(`${name}: the shared objects in its items`, () => {
    for (const [how, itemWith] of WITH_LOCK) {
      it(`are counted while they are inside, and no longer; ${how}`, async () => {
        const [queue, lock] = [makeQueue(), new Lock()];
        queue.putNowait(itemWith(lock));
        assert.equal(inFlight(lock), 1);
        queue.getNowait();
        assert.equal(inFlight(lock), 0);
        queue.putNowait(itemWith(lock));
        queue.putNowait([2, ...itemWith(lock)]);
        assert.throws(() => queue.putNowait([3, ...itemWith(lock)]), { name: "Full" });
        assert.throws(() => queue.putSync([3, ...itemWith(lock)], { timeout: 1 }), {
          name: "Full",
        });
        await assert.rejects(queue.put([3, ...itemWith(lock)], { timeout: 1 }), { name: "Full" });
        assert.equal(inFlight(lock), 2);
        queue.shutdown({ immediate: true });
        assert.equal(inFlight(lock), 0);
        assert.throws(() => queue.putNowait(itemWith(lock)), { name: "ShutDown" });
        assert.equal(inFlight(lock), 0);
      });
    }

    it("are not counted by an item that cannot be sent", () => {
      const [queue, lock] = [makeQueue(), new Lock()];
      assert.throws(() => queue.putNowait([1, lock, Symbol("s")]), { name: "SendError" });
      assert.throws(() => queue.putNowait([1, new Map([[lock, Symbol("s")]])]), {
        name: "SendError",
      });
      assert.equal(inFlight(lock), 0);
    });
  });
}

describe("the memory of queues", () => {
  it("does not grow with the number of items that have been through", () => {
    const queue = new Queue();
    const pass = (times: number): void => {
      for (let n = 0; n < times; n++) {
        queue.putNowait({ n, text: "x".repeat(n % 2000) });
        queue.putNowait(new Map([[n, n]]));
        queue.getNowait();
        queue.getNowait();
      }
    };
    pass(4000);
    const before = program().memory.byteLength;
    pass(20_000);
    assert.equal(program().memory.byteLength, before);
  });

  it("shrinks again when a queue has been long", () => {
    const sizes = new Map<number, number>();
    const blocks = new Int32Array(new SharedArrayBuffer(2 ** 20));
    let top = 1;
    const options = {
      owner: 1,
      owners: { isGone: () => false, stopIfGone: () => undefined },
      canBlock: true,
      blocks: {
        allocate: (size: number): number => {
          sizes.set(top, size);
          return (top += size + 1) - size - 1;
        },
        free: (block: number) => sizes.delete(block),
        wordsFor: () => blocks,
      },
      notEmpty: nobody(),
      notFull: nobody(),
      allDone: nobody(),
    };
    for (const Slots of [FifoSlots, LifoSlots]) {
      sizes.clear();
      const slots = new Slots(new Int32Array(new SharedArrayBuffer(1024)), 0, options);
      slots.initialize(0);
      const [smallest] = sizes.values();
      const slot = new Int32Array(SLOT_WORDS);
      for (let n = 0; n < 1000; n++) slots.tryPut(slot);
      const [longest, ...none] = sizes.values();
      assert.ok(longest! >= 1000 * SLOT_WORDS && none.length === 0);
      for (let n = 0; n < 1000; n++) slots.tryGet(slot);
      for (let n = 0; n < 1000; n++) {
        slots.tryPut(slot);
        slots.tryGet(slot);
      }
      assert.deepEqual([...sizes.values()], [smallest]);
    }
  });

  it("comes back, with what is in its items, once nobody has the queue any more", async () => {
    const lock = new Lock();
    const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
    // The worker may have collected the queue before its result is read here.
    assert.equal(await pool.submit(leaveInQueue, lock), 4);
    await pool.shutdown();
    assert.equal(inFlight(lock), 0);
  });

  it("keeps apart what a getter of an item puts", () => {
    const queue = new Queue();
    const item = {
      first: "of the outer item",
      get second() {
        queue.putNowait({ inner: "y".repeat(100) });
        return "also of the outer item";
      },
    };
    queue.putNowait(item);
    assert.deepEqual(queue.getNowait(), { inner: "y".repeat(100) });
    assert.deepEqual(queue.getNowait(), {
      first: "of the outer item",
      second: "also of the outer item",
    });
  });
});
