/** The three orders of items, in one agent, against lists. Who waits, and who dies, is in test/model. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { FifoSlots } from "../../../build/src/memory/queues/fifo-slots.js";
import { LifoSlots } from "../../../build/src/memory/queues/lifo-slots.js";
import {
  BY_NUMBER,
  PrioritySlots,
  RANK,
  RANK_KIND,
} from "../../../build/src/memory/queues/priority-slots.js";
import {
  MUST_WAIT,
  SHUT,
  SLOT_WORDS,
  SlotQueue,
  TAKEN,
} from "../../../build/src/memory/queues/slot-queue.js";

type Kind = "fifo" | "lifo" | "priority";

const KINDS: readonly Kind[] = ["fifo", "lifo", "priority"];
const CLASSES = { fifo: FifoSlots, lifo: LifoSlots, priority: PrioritySlots };

/** The queue's words have others on both sides. */
const AT = 64;
const BLOCKS_AT = 64 + SlotQueue.WORDS + 64;

class World {
  readonly words = new Int32Array(BLOCKS_AT + 60_000);
  readonly wakes = { notEmpty: 0, notFull: 0, allDone: 0 };
  readonly queue: SlotQueue;
  /** Blocks that are in use, with their sizes. */
  readonly blocks = new Map<number, number>();
  readonly #kind: Kind;
  #next = BLOCKS_AT + 1;

  constructor(kind: Kind, maxsize = 0) {
    this.#kind = kind;
    this.queue = new CLASSES[kind](this.words, AT, {
      owner: 1,
      owners: { isGone: () => false, stopIfGone: () => undefined },
      canBlock: false,
      blocks: {
        allocate: (size: number) => {
          const block = this.#next | 1; // a double of a priority lies at an even word
          this.#next = block + size + 1;
          this.blocks.set(block, size);
          return block;
        },
        free: (block: number) => {
          this.words.fill(0x7f7f7f7f, block, block + (this.blocks.get(block) as number));
          assert.ok(this.blocks.delete(block), "freed once");
        },
        wordsFor: () => this.words,
      },
      notEmpty: this.#waiters("notEmpty"),
      notFull: this.#waiters("notFull"),
      allDone: this.#waiters("allDone"),
      compare: () => assert.fail("numbers are compared without asking"),
    } as never);
    this.queue.initialize(maxsize);
  }

  #waiters(name: keyof World["wakes"]): object {
    const count = (): void => void this.wakes[name]++;
    return { wakeOne: count, wakeAll: count };
  }

  put(value: number): number {
    return this.queue.tryPut(this.#slotOf(value));
  }

  putBack(value: number): boolean {
    return this.queue.putBack(this.#slotOf(value));
  }

  #slotOf(value: number): Int32Array {
    const slot = new Int32Array(SLOT_WORDS).fill(value);
    slot[RANK_KIND] = BY_NUMBER;
    slot.set(new Int32Array(new Float64Array([value]).buffer), RANK);
    return slot;
  }

  /** The item, or what else came of it: {@link MUST_WAIT}, {@link SHUT} as text. */
  get(): number | string {
    const slot = new Int32Array(SLOT_WORDS);
    const outcome = this.queue.tryGet(slot);
    if (outcome !== TAKEN) return outcome === SHUT ? "shut" : "must wait";
    return this.valueOf(slot);
  }

  valueOf(slot: Int32Array): number {
    const [, value] = slot;
    const written = this.#slotOf(value as number);
    // A priority has no use for the last word.
    const whole = this.#kind === "priority" ? SLOT_WORDS - 1 : SLOT_WORDS;
    assert.deepEqual([...slot.subarray(0, whole)], [...written.subarray(0, whole)]);
    return value as number;
  }

  /** Nothing was written beside the queue. */
  check(): void {
    for (const [from, to] of [
      [0, AT],
      [AT + SlotQueue.WORDS, BLOCKS_AT],
    ])
      assert.ok(this.words.subarray(from, to).every((word) => word === 0));
    assert.ok(this.blocks.size <= 1);
  }
}

/** Numbers that look random, and are the same each time. */
function* numbers(): Generator<number> {
  for (let state = 12_345; ; yield state >>> 8)
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
}

/** Where the next item of a list is. */
function nextOf(kind: Kind, items: readonly number[]): number {
  if (kind === "fifo") return 0;
  return kind === "lifo" ? items.length - 1 : items.indexOf(Math.min(...items));
}

describe("queues of slots", () => {
  for (const kind of KINDS) {
    it(`${kind}: gives items in its order, while it grows and shrinks`, () => {
      const world = new World(kind);
      const { queue } = world;
      const items: number[] = [];
      const random = numbers();
      let [puts, gets] = [0, 0];
      for (let step = 0; step < 6000; step++) {
        // Up to some hundred items, and down to none, several times.
        const isFilling = Math.floor(step / 600) % 2 === 0;
        const choice = (random.next().value as number) % 10;
        if (choice < (isFilling ? 8 : 2)) {
          // Unlike all others, since the order of equal ones is any.
          const value = ((random.next().value as number) % 5000) * 6000 + step;
          assert.equal(world.put(value), TAKEN);
          items.push(value);
          puts += 1;
        } else if (items.length === 0) {
          assert.equal(world.get(), "must wait");
        } else {
          const [value] = items.splice(nextOf(kind, items), 1);
          assert.equal(world.get(), value);
          gets += 1;
          if (choice === 9) {
            assert.equal(world.putBack(value as number), true);
            assert.equal(queue.size, items.length + 1);
            assert.equal(world.get(), value); // it is the next again
          }
        }
        assert.equal(queue.size, items.length);
        assert.equal(queue.looksEmpty(), items.length === 0);
        assert.equal(queue.unfinished, puts);
        world.check();
      }
      assert.ok(puts > 2000 && gets > 2000);
      for (const value of [...items].map(() => items.splice(nextOf(kind, items), 1)[0]))
        assert.equal(world.get(), value);
      // What was large is small again: a ring, after a round.
      for (let value = 0; value < 1100; value++) {
        world.put(value);
        assert.equal(world.get(), value);
      }
      const [size] = world.blocks.values();
      assert.ok((size as number) < 16 * 20, `${size} words`);
      queue.dispose(() => undefined);
      assert.equal(world.blocks.size, 0);
    });

    it(`${kind}: is full at its limit, which can change`, () => {
      const world = new World(kind, 2);
      const { queue } = world;
      assert.equal(queue.maxsize, 2);
      assert.deepEqual(
        [1, 2, 3].map((value) => world.put(value)),
        [TAKEN, TAKEN, MUST_WAIT],
      );
      assert.deepEqual([queue.isFull, queue.looksFull(), queue.size], [true, true, 2]);
      assert.deepEqual(world.wakes, { notEmpty: 2, notFull: 0, allDone: 0 });
      const taken = world.get() as number;
      assert.deepEqual(world.wakes, { notEmpty: 2, notFull: 1, allDone: 0 });
      assert.equal(queue.isFull, false);
      assert.equal(world.put(4), TAKEN);
      assert.equal(world.putBack(taken), true); // beyond the limit
      assert.deepEqual([queue.isFull, queue.size], [true, 3]);
      queue.maxsize = 4;
      assert.deepEqual([queue.isFull, world.wakes.notFull], [false, 2]);
      assert.equal(world.put(5), TAKEN);
      assert.equal(world.put(6), MUST_WAIT);
      queue.maxsize = 0;
      assert.deepEqual([queue.isFull, queue.looksFull()], [false, false]);
      assert.equal(world.put(6), TAKEN);
      world.check();
    });

    it(`${kind}: counts what is not reported done`, () => {
      const world = new World(kind);
      const { queue } = world;
      assert.equal(queue.taskDone(), false);
      for (const value of [1, 2]) world.put(value);
      world.get();
      assert.equal(queue.unfinished, 2);
      assert.equal(queue.taskDone(), true);
      assert.equal(world.wakes.allDone, 0);
      assert.equal(queue.taskDone(), true);
      assert.equal(world.wakes.allDone, 1);
      assert.equal(queue.taskDone(), false);
      assert.equal(queue.unfinished, 0);
    });

    it(`${kind}: gives what it has once it is shut down, and drops that if at once`, () => {
      for (const isImmediate of [false, true]) {
        const world = new World(kind);
        const { queue } = world;
        for (let value = 1; value <= 20; value++) world.put(value);
        const first = world.get();
        assert.equal(queue.isShutDown, false);
        const dropped: number[] = [];
        queue.shutdown(isImmediate, (slot) => dropped.push(world.valueOf(slot)));
        assert.equal(queue.isShutDown, true);
        assert.deepEqual([queue.looksEmpty(), queue.looksFull()], [false, false]);
        assert.equal(world.put(3), SHUT);
        assert.equal(world.wakes.allDone, 1);
        assert.equal(queue.unfinished, isImmediate ? 1 : 20);
        if (isImmediate) {
          const rest = Array.from({ length: 20 }, (_, i) => i + 1).filter((i) => i !== first);
          assert.deepEqual(
            dropped.sort((a, b) => a - b),
            rest,
          );
          assert.equal(world.putBack(first as number), false);
          assert.deepEqual([queue.size, world.get()], [0, "shut"]);
          queue.shutdown(true, () => assert.fail("dropped before"));
        } else {
          assert.deepEqual(dropped, []);
          assert.equal(world.putBack(first as number), true);
          assert.equal(world.get(), first);
          for (let left = 19; left > 0; left--) {
            assert.equal(queue.size, left);
            assert.equal(typeof world.get(), "number");
          }
          assert.equal(world.get(), "shut");
        }
        queue.dispose(() => assert.fail("nothing is left"));
        assert.equal(world.blocks.size, 0);
        world.check();
      }
    });

    it(`${kind}: drops what is left when no agent has it any more`, () => {
      const world = new World(kind);
      for (const value of [5, 6, 7]) world.put(value);
      const dropped: number[] = [];
      world.queue.dispose((slot) => dropped.push(world.valueOf(slot)));
      assert.deepEqual(
        dropped.sort((a, b) => a - b),
        [5, 6, 7],
      );
      assert.equal(world.blocks.size, 0);
    });
  }
});
