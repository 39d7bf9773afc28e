/**
 * Whole blocking waits, from the lock down to the bell: SharedLock, waiting, pump,
 * wait set and the search for deadlocks, on a program of its own with four slots.
 */
import assert from "node:assert/strict";
import { DeadlockError } from "heddle";
import { type Body, type Outcome, type Scenario, scenario, type Shared } from "heddle/testing";

import { adoptProgram, program } from "../../dist/program/program.js";
import { LOCK, RLOCK } from "../../dist/program/kinds.js";
import { SharedBlock } from "../../dist/program/shared-object.js";
import { AgentTable } from "../../dist/memory/agent-table.js";
import { Heap } from "../../dist/memory/heap.js";
import { NEVER } from "../../dist/memory/deadline.js";
import { SharedLock } from "../../dist/waiting/shared-lock.js";

/** The slots of the program, here and in {@link SETTINGS}. */
const SLOTS = 4;
const HEAP_AT = AgentTable.words(SLOTS);
const BLOCK_WORDS = 32;
const FIRST_BLOCK = HEAP_AT + Heap.words(SLOTS) + 1;

/** Words before an object's own: references, kind, serial, one word of agents, one to be even. */
const CONTENTS = 3 + 1 + 2;

const memory = { program: FIRST_BLOCK + 4 * BLOCK_WORDS, guarded: 1 };

type Names = keyof typeof memory;

/** Index of a block's words, by the number of the object in a scenario. */
const addressOf = (object: number): number => FIRST_BLOCK + object * BLOCK_WORDS;

/** Makes so many objects of one kind, known to all agents. */
const setup =
  (kind: number, objects: number, agents: number) =>
  ({ program: words }: Shared<Names>): void => {
    const table = new AgentTable(words, 0, SLOTS);
    for (let agent = 0; agent < agents; agent++) table.claim(-1);
    for (let object = 0; object < objects; object++) {
      words[addressOf(object)] = agents; // REFS
      words[addressOf(object) + 1] = kind;
      words[addressOf(object) + 3] = 2 ** agents - 1; // KNOWN
    }
  };

/** Everything that a worker has for itself, made anew for each run. */
function begin({ program: words }: Shared<Names>, slot: number): void {
  const registry = (globalThis as { [key: symbol]: Map<string, unknown> })[Symbol.for("heddle")];
  for (const name of ["program@1", "pump@1", "waits@1", "shared objects@1"]) registry?.delete(name);
  adoptProgram({ memory: words.buffer as SharedArrayBuffer, slot });
}

function open(object: number, isOwned: boolean): SharedLock {
  const block = new SharedBlock(program(), addressOf(object), false);
  return new SharedLock(block, block.at, isOwned);
}

/** An agent that works alone for a while, and notes what was there before. */
const working =
  (isOwned: boolean, times = 1): Body<Names> =>
  (shared, { agent, note }) => {
    begin(shared, agent);
    const lock = open(0, isOwned);
    for (let time = 0; time < times; time++) {
      if (!lock.tryAcquire()) lock.acquireSync(NEVER);
      const before = shared.guarded[0] as number;
      shared.guarded[0] = agent + 1;
      note(before);
      shared.guarded[0] = 0;
      lock.release();
    }
  };

const alone = (_: Shared<Names>, { notes, dead }: Outcome): void => {
  // Who dies in the middle leaves its mark; everybody else finds none.
  const marks = notes.map(({ value }) => value).filter((value) => value !== 0);
  assert.ok(
    marks.every((mark) => dead.includes(mark - 1)),
    `an agent found the mark of ${marks.join()}`,
  );
};

/** Whoever learns of a death: here, an agent that does nothing else. */
const burying = (shared: Shared<Names>, dead: number): void => {
  begin(shared, SLOTS - 1);
  program().bury(dead);
};

export const twoTakeTurns: Scenario<Names> = scenario(import.meta.url, "twoTakeTurns", {
  memory,
  setup: setup(LOCK, 1, 2),
  agents: [working(false), working(false)],
  check: (shared, outcome) => {
    alone(shared, outcome);
    assert.equal(outcome.notes.length, 2);
  },
});

/** One comes back, and may overtake the other, which it has just woken. */
export const oneComesTwice: Scenario<Names> = scenario(import.meta.url, "oneComesTwice", {
  memory,
  setup: setup(LOCK, 1, 2),
  agents: [working(false), working(false, 2)],
  check: (shared, outcome) => {
    alone(shared, outcome);
    assert.equal(outcome.notes.length, 3);
  },
});

export const oneMayDie: Scenario<Names> = scenario(import.meta.url, "oneMayDie", {
  memory,
  setup: setup(RLOCK, 1, 2),
  agents: [working(true), working(true)],
  mortal: [0],
  afterDeath: burying,
  check: (shared, outcome) => {
    alone(shared, outcome);
    assert.ok(outcome.notes.some(({ agent }) => agent === 1));
  },
});

const REFUSED = 1;
const DONE = 2;

/** An agent that takes one lock and then another, and gives up the first if it must. */
const taking =
  (first: number, second: number, isOwned: boolean): Body<Names> =>
  (shared, { agent, note }) => {
    begin(shared, agent);
    const [outer, inner] = [open(first, isOwned), open(second, isOwned)];
    if (!outer.tryAcquire()) outer.acquireSync(NEVER);
    try {
      if (!inner.tryAcquire()) inner.acquireSync(NEVER);
      inner.release();
      note(DONE);
    } catch (error) {
      assert.ok(error instanceof DeadlockError, String(error));
      note(REFUSED);
    }
    outer.release();
  };

const count = ({ notes }: Outcome, wanted: number): number =>
  notes.filter(({ value }) => value === wanted).length;

/** Locks that only their owner releases, and locks that anybody may: a circle of two ends by one refusal. */
export const circleOfOwned: Scenario<Names> = scenario(import.meta.url, "circleOfOwned", {
  memory,
  setup: setup(RLOCK, 2, 2),
  agents: [taking(0, 1, true), taking(1, 0, true)],
  check: (_, outcome) => {
    assert.equal(outcome.notes.length, 2);
    assert.ok(count(outcome, REFUSED) <= 1);
  },
});

export const circleOfLocks: Scenario<Names> = scenario(import.meta.url, "circleOfLocks", {
  memory,
  setup: setup(LOCK, 2, 2),
  agents: [taking(0, 1, false), taking(1, 0, false)],
  check: (_, outcome) => {
    assert.equal(outcome.notes.length, 2);
    assert.ok(count(outcome, REFUSED) <= 1);
  },
});

/** In this order there is no circle: nobody is ever refused. */
export const sameOrder: Scenario<Names> = scenario(import.meta.url, "sameOrder", {
  memory,
  setup: setup(LOCK, 2, 2),
  agents: [taking(0, 1, false), taking(0, 1, false)],
  check: (_, outcome) => assert.equal(count(outcome, DONE), 2),
});

/**
 * A lock as a signal: the first agent waits for what the second releases, which
 * then waits for what the first releases. Never a deadlock, though both may look asleep.
 */
export const handshake: Scenario<Names> = scenario(import.meta.url, "handshake", {
  memory,
  setup: (shared) => {
    setup(LOCK, 2, 2)(shared);
    // Both are held, by the first agent's thread.
    for (const object of [0, 1]) shared.program[addressOf(object) + CONTENTS] = 1;
  },
  agents: [
    (shared, { agent, note }) => {
      begin(shared, agent);
      open(0, false).acquireSync(NEVER);
      open(1, false).release();
      note(DONE);
    },
    (shared, { agent, note }) => {
      begin(shared, agent);
      open(0, false).release();
      open(1, false).acquireSync(NEVER);
      note(DONE);
    },
  ],
  check: (_, outcome) => assert.equal(count(outcome, DONE), 2),
});
