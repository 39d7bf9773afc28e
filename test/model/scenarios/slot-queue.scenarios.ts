/** Agents that put items into queues and get them, wait for each other, shut down, and die. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import type { AgentTable } from "../../../build/src/memory/agent-table.js";
import { FifoSlots } from "../../../build/src/memory/queues/fifo-slots.js";
import { LifoSlots } from "../../../build/src/memory/queues/lifo-slots.js";
import {
  BY_NUMBER,
  PrioritySlots,
  RANK,
  RANK_KIND,
} from "../../../build/src/memory/queues/priority-slots.js";
import {
  type Blocks,
  MUST_WAIT,
  type Outcome as Result,
  SHUT,
  SLOT_WORDS,
  SlotQueue,
  TAKEN,
} from "../../../build/src/memory/queues/slot-queue.js";
import { WaitSet } from "../../../build/src/memory/wait-set.js";
import {
  AGENTS,
  reportDeath,
  claimSlots,
  ownersIn,
  tableOf,
  waitFor,
  WAITERS,
} from "../blocking.ts";

const BLOCKS = 1024;

const memory = {
  agents: AGENTS,
  notEmpty: WAITERS,
  notFull: WAITERS,
  allDone: WAITERS,
  queue: SlotQueue.WORDS,
  blocks: BLOCKS,
};

type Names = keyof typeof memory;
type Memory = Shared<Names>;
type Kind = "fifo" | "lifo" | "priority";

/** The slot of who looks at the end. */
const CHECKER = 3;
const FREED = 0x7fffffff;

/** Blocks that are never used again: who still reads one that has been freed finds nonsense. */
function blocksIn(words: Int32Array): Blocks {
  return {
    // Plain accesses: whoever dies takes the block with it.
    allocate: (size) => {
      const block = ((words[0] as number) + 3) | 1;
      words[block - 1] = size;
      words[0] = block + size;
      return block;
    },
    free: (block) => {
      words.fill(FREED, block, block + (words[block - 1] as number));
    },
    wordsFor: () => words,
  };
}

class Agent {
  readonly table: AgentTable;
  readonly notEmpty: WaitSet;
  readonly notFull: WaitSet;
  readonly allDone: WaitSet;
  readonly queue: SlotQueue;
  readonly slot = new Int32Array(SLOT_WORDS);
  readonly #agent: number;

  constructor(shared: Memory, agent: number, kind: Kind, canBlock = false) {
    this.#agent = agent;
    this.table = tableOf(shared);
    this.notEmpty = new WaitSet(shared.notEmpty, 0, this.table);
    this.notFull = new WaitSet(shared.notFull, 0, this.table);
    this.allDone = new WaitSet(shared.allDone, 0, this.table);
    const options = {
      owner: this.table.agentAt(agent),
      owners: ownersIn(this.table),
      canBlock,
      blocks: blocksIn(shared.blocks),
      notEmpty: this.notEmpty,
      notFull: this.notFull,
      allDone: this.allDone,
      compare: () => assert.fail("numbers are compared without asking"),
    };
    const Class = { fifo: FifoSlots, lifo: LifoSlots, priority: PrioritySlots }[kind];
    this.queue = new Class(shared.queue, 0, options);
  }

  put(value: number): Result {
    this.slot.fill(0);
    this.slot[1] = value;
    this.slot[RANK_KIND] = BY_NUMBER;
    const rank = new Int32Array(new Float64Array([value]).buffer);
    this.slot.set(rank, RANK);
    let result = MUST_WAIT as Result;
    let isFirst = true;
    waitFor(this.table, this.notFull, this.#agent, () => {
      if (isFirst) isFirst = false;
      else if (this.queue.looksFull()) return false;
      return (result = this.queue.tryPut(this.slot)) !== MUST_WAIT;
    });
    return result;
  }

  /** The item; undefined once the queue has been shut down. */
  get(): number | undefined {
    let result = MUST_WAIT as Result;
    let isFirst = true;
    waitFor(this.table, this.notEmpty, this.#agent, () => {
      if (isFirst) isFirst = false;
      else if (this.queue.looksEmpty()) return false;
      return (result = this.queue.tryGet(this.slot)) !== MUST_WAIT;
    });
    return result === TAKEN ? this.value : undefined;
  }

  get value(): number {
    return this.slot[1] as number;
  }

  join(): void {
    waitFor(this.table, this.allDone, this.#agent, () => this.queue.unfinished === 0);
  }

  /** All items that are left, in their order. */
  drain(): number[] {
    const left: number[] = [];
    while (this.queue.tryGet(this.slot) === TAKEN) left.push(this.value);
    return left;
  }
}

// What agents note: items as they are, everything else beyond them.
const PUT = 100;
const REFUSED = 200;
const SAW_END = 300;
const DROPPED = 400;
const JOINED = 500;

interface Settings {
  readonly kind?: Kind;
  readonly maxsize?: number;
  /** Items that are in from the beginning. */
  readonly first?: readonly number[];
  /** Whether agents sleep for the lock. Not where some die: such a sleep may have to end by itself. */
  readonly sleep?: boolean;
}

function world({ kind = "fifo", maxsize = 0, first = [], sleep = true }: Settings) {
  const agentOf = (shared: Memory, agent: number): Agent => new Agent(shared, agent, kind, sleep);
  const putting =
    (...values: number[]): Body<Names> =>
    (shared, { agent, note }) => {
      const own = agentOf(shared, agent);
      for (const value of values) note((own.put(value) === TAKEN ? PUT : REFUSED) + value);
    };
  const getting =
    (times: number): Body<Names> =>
    (shared, { agent, note }) => {
      const own = agentOf(shared, agent);
      for (let time = 0; time < times; time++) note(own.get() ?? SAW_END);
    };
  /** Gets as often as is said, gets another item, if there is one, and puts it back, where the queue still keeps items, then gets again. */
  const puttingBack =
    (before: number, after: number): Body<Names> =>
    (shared, { agent, note }) => {
      const own = agentOf(shared, agent);
      for (let time = 0; time < before; time++) note(own.get() ?? SAW_END);
      if (own.queue.tryGet(own.slot) === TAKEN && !own.queue.putBack(own.slot)) note(own.value);
      for (let time = 0; time < after; time++) note(own.get() ?? SAW_END);
    };
  /** Gets until the end, and reports each done. */
  const consuming: Body<Names> = (shared, { agent, note }) => {
    const own = agentOf(shared, agent);
    for (let item = own.get(); item !== undefined; item = own.get()) {
      note(item);
      assert.ok(own.queue.taskDone(), "what was got cannot be reported done");
    }
    note(SAW_END);
  };
  const joining: Body<Names> = (shared, { agent, note }) => {
    agentOf(shared, agent).join();
    note(JOINED);
  };
  const shuttingDown =
    (immediate: boolean): Body<Names> =>
    (shared, { agent, note }) => {
      const own = agentOf(shared, agent);
      own.queue.shutdown(immediate, (slot) => note(DROPPED + (slot[1] as number)));
    };
  const limiting =
    (most: number): Body<Names> =>
    (shared, { agent }) => {
      agentOf(shared, agent).queue.maxsize = most;
    };
  return {
    parts: {
      memory,
      setup: (shared: Memory): void => {
        claimSlots(shared);
        const own = new Agent(shared, CHECKER, kind);
        own.queue.initialize(maxsize);
        for (const value of first) own.put(value);
      },
      afterDeath: (shared: Memory, dead: number): void => {
        const { table, notEmpty, notFull, allDone } = new Agent(shared, CHECKER, kind);
        reportDeath(table, dead, notEmpty, notFull, allDone);
      },
    },
    kind,
    first,
    putting,
    getting,
    puttingBack,
    consuming,
    joining,
    shuttingDown,
    limiting,
  };
}

const valuesOf = ({ notes }: Outcome, from: number): number[] =>
  notes
    .filter(({ value }) => value >= from && value < from + 100)
    .map(({ value }) => value - from)
    .sort((a, b) => a - b);

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Says that all these items were put, and each of them was got or is still inside. */
function conserved(
  kind: Kind,
  first: readonly number[],
  shared: Memory,
  outcome: Outcome,
): number[] {
  const { queue } = new Agent(shared, CHECKER, kind);
  const size = queue.size;
  const left = new Agent(shared, CHECKER, kind).drain();
  assert.equal(left.length, size, "the size is wrong");
  if (kind === "priority") assert.deepEqual(left, sorted(left), "the heap is none");
  const out = sorted([...valuesOf(outcome, 0), ...valuesOf(outcome, DROPPED), ...left]);
  const put = sorted([...first, ...valuesOf(outcome, PUT)]);
  if (outcome.dead.length === 0) assert.deepEqual(out, put);
  assert.equal(new Set(out).size, out.length, "an item came out twice");
  assert.ok(
    out.every((value) => value < 100),
    "an item is none that was put",
  );
  return left;
}

/** Of those who live, one got every item, and in the order in which it was put. */
const inOrder = (outcome: Outcome): void => {
  const got = outcome.notes.map(({ value }) => value).filter((value) => value < PUT);
  assert.deepEqual(got, sorted(got), "items changed places");
};

// One consumer, and a store that must grow or may shrink on the way: at first it is full.

const FULL: readonly number[] = Array.from({ length: 16 }, (_, n) => n + 1);

const grown = world({ first: FULL });
export const growing: Scenario<Names> = scenario(import.meta.url, "growing", {
  ...grown.parts,
  agents: [grown.putting(17, 18), grown.getting(3)],
  check: (shared, outcome) => {
    assert.equal(conserved("fifo", FULL, shared, outcome).length, 15);
    inOrder(outcome);
  },
});

const shrunk = world({ first: FULL });
export const shrinking: Scenario<Names> = scenario(import.meta.url, "shrinking", {
  ...shrunk.parts,
  agents: [shrunk.getting(16), shrunk.putting(17, 18)],
  check: (shared, outcome) => {
    conserved("fifo", shrunk.first, shared, outcome);
    inOrder(outcome);
  },
});

function twoPutters(name: string, kind: Kind): Scenario<Names> {
  const { parts, putting, getting } = world({ kind });
  return scenario(import.meta.url, name, {
    ...parts,
    agents: [putting(2), putting(1), getting(2)],
    check: (shared, outcome) => assert.deepEqual(conserved(kind, [], shared, outcome), []),
  });
}
export const twoPut: Scenario<Names> = twoPutters("twoPut", "fifo");
export const twoPutLifo: Scenario<Names> = twoPutters("twoPutLifo", "lifo");
export const twoPutPriority: Scenario<Names> = twoPutters("twoPutPriority", "priority");

function twoGetters(name: string, kind: Kind): Scenario<Names> {
  const { parts, putting, getting } = world({ kind });
  return scenario(import.meta.url, name, {
    ...parts,
    agents: [putting(1, 2), getting(1), getting(1)],
    check: (shared, outcome) => assert.deepEqual(conserved(kind, [], shared, outcome), []),
  });
}
export const twoGet: Scenario<Names> = twoGetters("twoGet", "fifo");
export const twoGetLifo: Scenario<Names> = twoGetters("twoGetLifo", "lifo");

// Items that are put back.

function puttersBack(name: string, kind: Kind, first: readonly number[]): Scenario<Names> {
  const { parts, putting, getting, puttingBack } = world({ kind, first });
  return scenario(import.meta.url, name, {
    ...parts,
    agents: [putting(20), puttingBack(0, 0), getting(1)],
    check: (shared, outcome) => {
      assert.equal(conserved(kind, first, shared, outcome).length, first.length);
    },
  });
}
export const putBack: Scenario<Names> = puttersBack("putBack", "fifo", []);
export const putBackLifo: Scenario<Names> = puttersBack("putBackLifo", "lifo", []);
export const putBackPriority: Scenario<Names> = puttersBack("putBackPriority", "priority", [7, 9]);

const filled = world({ first: FULL });
/** What is put back is the next to be taken, also into a store that putters have filled meanwhile. */
export const putBackFull: Scenario<Names> = scenario(import.meta.url, "putBackFull", {
  ...filled.parts,
  agents: [filled.puttingBack(1, 0), filled.putting(17, 18)],
  check: (shared, outcome) => {
    assert.deepEqual(
      conserved("fifo", FULL, shared, outcome),
      Array.from({ length: 17 }, (_, n) => n + 2),
    );
    inOrder(outcome);
  },
});

const atLimit = world({ maxsize: 2, first: [1, 2] });
/** Likewise where the limit has been reached meanwhile. */
export const putBackOver: Scenario<Names> = scenario(import.meta.url, "putBackOver", {
  ...atLimit.parts,
  agents: [atLimit.putting(3), atLimit.puttingBack(0, 1)],
  check: (shared, outcome) => {
    assert.deepEqual(conserved("fifo", [1, 2], shared, outcome), [2, 3]);
  },
});

const putBackAtEnd = world({ first: [1, 2] });
export const puttingBackCut: Scenario<Names> = scenario(import.meta.url, "puttingBackCut", {
  ...putBackAtEnd.parts,
  agents: [putBackAtEnd.puttingBack(0, 0), putBackAtEnd.shuttingDown(true)],
  check: (shared, outcome) => {
    const { queue } = new Agent(shared, CHECKER, "fifo");
    assert.equal(queue.size, 0);
    const out = sorted([...valuesOf(outcome, 0), ...valuesOf(outcome, DROPPED)]);
    assert.deepEqual(out, [1, 2]);
  },
});

// Room for one.

function narrowQueue(name: string, kind: Kind): Scenario<Names> {
  const { parts, putting, getting } = world({ kind, maxsize: 1 });
  return scenario(import.meta.url, name, {
    ...parts,
    agents: [putting(1), putting(2), getting(2)],
    check: (shared, outcome) => assert.deepEqual(conserved(kind, [], shared, outcome), []),
  });
}
export const narrow: Scenario<Names> = narrowQueue("narrow", "fifo");
export const narrowLifo: Scenario<Names> = narrowQueue("narrowLifo", "lifo");

const widened = world({ maxsize: 1, first: [1] });
export const widening: Scenario<Names> = scenario(import.meta.url, "widening", {
  ...widened.parts,
  agents: [widened.putting(2), widened.putting(3), widened.limiting(3)],
  check: (shared, outcome) => {
    assert.equal(conserved("fifo", widened.first, shared, outcome).length, 3);
  },
});

// The end.

function closingQueue(name: string, kind: Kind): Scenario<Names> {
  const { parts, putting, consuming, shuttingDown } = world({ kind, first: [1] });
  return scenario(import.meta.url, name, {
    ...parts,
    agents: [putting(2), consuming, shuttingDown(false)],
    check: (shared, outcome) => {
      const left = conserved(kind, [1], shared, outcome);
      assert.deepEqual(left, [], "an item was put, and the getter told that none is left");
      assert.equal(new Agent(shared, CHECKER, kind).queue.unfinished, 0);
    },
  });
}
export const closing: Scenario<Names> = closingQueue("closing", "fifo");
export const closingLifo: Scenario<Names> = closingQueue("closingLifo", "lifo");
export const closingPriority: Scenario<Names> = closingQueue("closingPriority", "priority");

const cut = world({ first: [1, 2] });
export const cutting: Scenario<Names> = scenario(import.meta.url, "cutting", {
  ...cut.parts,
  agents: [cut.joining, cut.consuming, cut.shuttingDown(true)],
  check: (shared, outcome) => {
    const { queue, slot } = new Agent(shared, CHECKER, "fifo");
    assert.equal(queue.tryGet(slot), SHUT);
    assert.deepEqual([queue.size, queue.unfinished, queue.taskDone()], [0, 0, false]);
    const out = sorted([...valuesOf(outcome, 0), ...valuesOf(outcome, DROPPED)]);
    assert.deepEqual(out, [1, 2]);
  },
});

const cutFull = world({ maxsize: 1, first: [1] });
export const cuttingFull: Scenario<Names> = scenario(import.meta.url, "cuttingFull", {
  ...cutFull.parts,
  agents: [cutFull.putting(2), cutFull.joining, cutFull.shuttingDown(true)],
  check: (_, outcome) => {
    assert.deepEqual(valuesOf(outcome, REFUSED), [2]);
    assert.deepEqual(valuesOf(outcome, DROPPED), [1]);
  },
});

const done = world({ first: [1, 2] });
const finishing: Body<Names> = (shared, { agent }) => {
  const { queue, slot } = new Agent(shared, agent, "fifo");
  queue.tryGet(slot);
  queue.taskDone();
};
export const joined: Scenario<Names> = scenario(import.meta.url, "joined", {
  ...done.parts,
  agents: [done.joining, finishing, finishing],
  check: (shared, { notes }) => {
    assert.deepEqual(
      notes.map(({ value }) => value),
      [JOINED],
    );
    assert.equal(new Agent(shared, CHECKER, "fifo").queue.unfinished, 0);
  },
});

/** Two report one item done: one of them is told that there is none. */
export const doneTwice: Scenario<Names> = scenario(import.meta.url, "doneTwice", {
  ...world({}).parts,
  setup: (shared) => {
    world({ first: [1] }).parts.setup(shared);
  },
  agents: [0, 1].map(() => (shared, { agent, note }) => {
    note(new Agent(shared, agent, "fifo").queue.taskDone() ? 1 : 0);
  }),
  check: (_, { notes }) => {
    assert.deepEqual(sorted(notes.map(({ value }) => value)), [0, 1]);
  },
});

// Deaths: what one leaves is whole, and nobody sleeps beside it.

function dyingIn(name: string, kind: Kind, first: readonly number[]): Scenario<Names> {
  const { parts, putting, getting } = world({ kind, first, sleep: false });
  return scenario(import.meta.url, name, {
    ...parts,
    mayEndParked: true,
    agents: [putting(20, 0), getting(2)],
    check: (shared, outcome) => {
      const { parked } = outcome;
      const left = conserved(kind, first, shared, outcome);
      assert.ok(parked.length === 0 || left.length === 0, "one sleeps beside an item");
      const lost = first.length + valuesOf(outcome, PUT).length - left.length;
      // Who dies may have taken one item, or put one, and not said so.
      assert.ok(lost - valuesOf(outcome, 0).length <= outcome.dead.length, "an item is lost");
    },
  });
}
export const dying: Scenario<Names> = dyingIn("dying", "fifo", [1]);

function dyingPuttingBack(name: string, kind: Kind, first: readonly number[]): Scenario<Names> {
  const { parts, putting, puttingBack } = world({ kind, first, sleep: false });
  return scenario(import.meta.url, name, {
    ...parts,
    mayEndParked: true,
    agents: [puttingBack(0, 0), putting(20)],
    check: (shared, outcome) => {
      const left = conserved(kind, first, shared, outcome);
      const lost = first.length + valuesOf(outcome, PUT).length - left.length;
      assert.ok(lost <= outcome.dead.length, "an item is lost");
    },
  });
}
export const dyingBack: Scenario<Names> = dyingPuttingBack("dyingBack", "fifo", FULL);
export const dyingBackLifo: Scenario<Names> = dyingPuttingBack("dyingBackLifo", "lifo", FULL);
export const dyingBackPriority: Scenario<Names> = dyingPuttingBack(
  "dyingBackPriority",
  "priority",
  [1, 2, 3],
);

export const dyingFull: Scenario<Names> = dyingIn("dyingFull", "fifo", FULL);
export const dyingFullLifo: Scenario<Names> = dyingIn("dyingFullLifo", "lifo", FULL);
export const dyingFullPriority: Scenario<Names> = dyingIn("dyingFullPriority", "priority", FULL);
export const dyingLifo: Scenario<Names> = dyingIn("dyingLifo", "lifo", [1, 3]);
export const dyingPriority: Scenario<Names> = dyingIn("dyingPriority", "priority", [6, 1, 4, 3]);

/** An agent puts the smallest and dies on the way; another puts one more. */
const sifted = world({ kind: "priority", first: [8, 4, 6, 3], sleep: false });
export const dyingSift: Scenario<Names> = scenario(import.meta.url, "dyingSift", {
  ...sifted.parts,
  agents: [sifted.putting(1), sifted.putting(2)],
  check: (shared, outcome) => {
    const left = conserved("priority", sifted.first, shared, outcome);
    for (const value of sifted.first) assert.ok(left.includes(value), `${value} is lost`);
  },
});

const limited = world({ maxsize: 1, first: [1], sleep: false });
export const dyingNarrow: Scenario<Names> = scenario(import.meta.url, "dyingNarrow", {
  ...limited.parts,
  mayEndParked: true,
  agents: [limited.putting(2), limited.putting(3), limited.getting(1)],
  check: (shared, outcome) => {
    const { queue } = new Agent(shared, CHECKER, "fifo");
    const room = 1 - queue.size;
    conserved("fifo", limited.first, shared, outcome);
    assert.ok(room === 0 || outcome.parked.length === 0, "one sleeps beside room");
  },
});

const dyingEnd = world({ first: [1], sleep: false });
export const dyingClosing: Scenario<Names> = scenario(import.meta.url, "dyingClosing", {
  ...dyingEnd.parts,
  mayEndParked: true,
  mortal: [1],
  agents: [dyingEnd.consuming, dyingEnd.shuttingDown(true)],
  check: (shared, outcome) => {
    const { queue } = new Agent(shared, CHECKER, "fifo");
    const isOver = queue.isShutDown;
    assert.ok(!isOver || outcome.parked.length === 0, "one sleeps beside the end");
    if (isOver) assert.deepEqual([queue.size, queue.unfinished], [0, 0]);
    else conserved("fifo", dyingEnd.first, shared, outcome);
  },
});
