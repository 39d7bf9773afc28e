/**
 * Whole blocking waits, from the lock down to the bell: SharedLock, waiting, pump,
 * wait set and the search for deadlocks, on a program of its own with four slots.
 */
import assert from "node:assert/strict";
import { DeadlockError } from "heddle";
import { type Body, type Outcome, type Scenario, scenario } from "heddle/testing";

import { NEVER } from "../../build/src/memory/deadline.js";
import { LOCK, RLOCK } from "../../build/src/program/kinds.js";
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
} from "./whole-program.ts";

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
