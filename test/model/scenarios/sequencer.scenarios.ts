/** Agents that take steps in turn, and in each do something that only works one at a time. */
import assert from "node:assert/strict";
import { RuntimeError, TimeoutError } from "heddle";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  Sequencer,
  type Shared,
} from "heddle/testing";

import { load, store } from "../../../build/src/memory/atomics.js";

const memory = { order: 1, log: 1 };

type Names = keyof typeof memory;

/** An agent that takes these steps, each of which leaves its mark on the one before. */
const taking =
  (...steps: number[]): Body<Names> =>
  ({ order, log }, { note }) => {
    const sequencer = new Sequencer(order);
    for (const number of steps) {
      const step = sequencer.stepSync(number);
      const before = load(log, 0);
      store(log, 0, before + 1);
      note(before);
      step.end();
    }
  };

/** Says that so many steps happened, one after the other. */
const inTurn =
  (steps: number): ((shared: Shared<Names>, outcome: Outcome) => void) =>
  ({ order }, { notes }) => {
    assert.deepEqual(
      notes.map(({ value }) => value),
      Array.from({ length: steps }, (_, step) => step),
    );
    assert.equal(new Sequencer(order).current, steps);
  };

export const threeInTurn: Scenario<Names> = scenario(import.meta.url, "threeInTurn", {
  memory,
  agents: [taking(0, 3), taking(1), taking(2)],
  check: inTurn(4),
});

export const twoAlternate: Scenario<Names> = scenario(import.meta.url, "twoAlternate", {
  memory,
  agents: [taking(0, 2, 4), taking(1, 3)],
  check: inTurn(5),
});

const MISTAKEN = -1;

/** An agent that may find its step taken. */
const claiming: Body<Names> = (shared, context) => {
  try {
    taking(0)(shared, context);
  } catch (error) {
    assert.ok(error instanceof RuntimeError);
    context.note(MISTAKEN);
  }
};

export const oneStepForTwo: Scenario<Names> = scenario(import.meta.url, "oneStepForTwo", {
  memory,
  agents: [claiming, claiming, taking(1)],
  check: (_, { notes }) => {
    const values = notes.map(({ value }) => value).sort((a, b) => a - b);
    assert.deepEqual(values, [MISTAKEN, 0, 1]);
  },
});

const LATE = -1;

/** The second agent may give up, and then another takes its step in time. */
export const oneGivesUp: Scenario<Names> = scenario(import.meta.url, "oneGivesUp", {
  memory,
  agents: [
    taking(0, 2),
    ({ order }, { note }) => {
      try {
        new Sequencer(order).stepSync(1, { timeout: 60_000 }).end();
        note(1);
      } catch (error) {
        assert.ok(error instanceof TimeoutError);
        note(LATE);
        new Sequencer(order).stepSync(1).end();
      }
    },
  ],
  check: ({ order }) => assert.equal(new Sequencer(order).current, 3),
});
