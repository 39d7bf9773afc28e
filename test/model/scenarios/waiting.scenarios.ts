/**
 * Whole blocking waits, from the lock down to the bell: SharedLock, waiting, pump,
 * wait set and the search for deadlocks, on a program of its own with four slots.
 */
import assert from "node:assert/strict";
import { DeadlockError } from "../../../build/src/errors.js";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { NEVER } from "../../../build/src/memory/deadline.js";
import { LOCK, RLOCK } from "../../../build/src/program/kinds.js";
import { receiveBlock, sendBlock } from "../../../build/src/program/shared-object.js";
import {
  addressOf,
  alone,
  begin,
  burying,
  CONTENTS,
  memory,
  type Names,
  open,
  setup,
  working,
} from "../whole-program.ts";

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

/** Objects that some agents know, and locked, by the first agent's thread: to acquire one is to wait for a signal. */
const signals =
  (agents: number, known: readonly (readonly number[])[], onTheirWay: readonly number[] = []) =>
  (shared: Shared<Names>): void => {
    setup(LOCK, known.length, agents)(shared);
    for (const [object, slots] of known.entries()) {
      const at = addressOf(object);
      shared.program[at] = slots.length + (onTheirWay.includes(object) ? 1 : 0); // REFS
      shared.program[at + 3] = slots.reduce((bits, slot) => bits | (1 << slot), 0); // KNOWN
      shared.program[at + CONTENTS] = 1;
    }
  };

const wait = (object: number): boolean => open(object, false).acquireSync(NEVER);
const signal = (object: number): number => open(object, false).release();
const receive = (object: number): object => receiveBlock(addressOf(object), () => ({}));

/** A handle is on its way, but no agent is left that could receive it: one of two is refused. */
export const handleForNoOne: Scenario<Names> = scenario(import.meta.url, "handleForNoOne", {
  memory,
  setup: signals(2, [[0, 1]], [0]),
  agents: [0, 1].map(() => (shared: Shared<Names>, { agent, note }): void => {
    begin(shared, agent);
    try {
      wait(0);
      note(DONE);
    } catch (error) {
      assert.ok(error instanceof DeadlockError, String(error));
      signal(0);
      note(REFUSED);
    }
  }),
  check: (_, outcome) => {
    assert.equal(count(outcome, REFUSED), 1);
    assert.equal(count(outcome, DONE), 1);
  },
});

/**
 * A handle is on its way to an agent that waits for something else first, from one that waits
 * for that one by then. All three may look asleep; none is ever refused.
 */
export const handleOnItsWay: Scenario<Names> = scenario(import.meta.url, "handleOnItsWay", {
  memory,
  setup: signals(3, [[0], [1, 2], [1, 2]], [0]),
  agents: [
    (shared, { agent, note }) => {
      begin(shared, agent);
      wait(0);
      note(DONE);
    },
    (shared, { agent, note }) => {
      begin(shared, agent);
      wait(1);
      receive(0);
      signal(0);
      signal(2);
      note(DONE);
    },
    (shared, { agent, note }) => {
      begin(shared, agent);
      signal(1);
      wait(2);
      note(DONE);
    },
  ],
  check: (_, outcome) => assert.equal(count(outcome, DONE), 3),
});

/**
 * The first agent waits for what the second, which knows it, hands on to the third before it
 * waits for the first. None is ever refused, whatever the first had read of it before that.
 */
export const handedOn: Scenario<Names> = scenario(import.meta.url, "handedOn", {
  memory,
  setup: signals(3, [
    [0, 1],
    [0, 1],
    [1, 2],
  ]),
  agents: [
    (shared, { agent, note }) => {
      begin(shared, agent);
      wait(0);
      signal(1);
      note(DONE);
    },
    (shared, { agent, note }) => {
      begin(shared, agent);
      sendBlock(addressOf(0));
      signal(2);
      wait(1);
      note(DONE);
    },
    (shared, { agent, note }) => {
      begin(shared, agent);
      wait(2);
      receive(0);
      signal(0);
      note(DONE);
    },
  ],
  check: (_, outcome) => assert.equal(count(outcome, DONE), 3),
});
