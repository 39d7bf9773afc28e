/** Agents that acquire permits, and others that release them, several at once. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { SharedSemaphore } from "../../../build/src/memory/semaphore.js";
import {
  AGENTS,
  reportDeath,
  claimSlots,
  PATIENT,
  setOf,
  tableOf,
  waitFor,
  WAITERS,
} from "../blocking.ts";

const memory = { agents: AGENTS, waiters: WAITERS, semaphore: SharedSemaphore.WORDS };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const TOOK = 1;
const GAVE_UP = 2;
const RELEASED = 10;
const REFUSED = 20;

const semaphoreOf = (shared: Memory): SharedSemaphore =>
  new SharedSemaphore(shared.semaphore, 0, setOf(shared));

const taker =
  (times = 1, timeoutMs = Infinity): Body<Names> =>
  (shared, { agent, note }) => {
    const semaphore = semaphoreOf(shared);
    const [table, set] = [tableOf(shared), setOf(shared)];
    for (let time = 0; time < times; time++) {
      const hasTaken = waitFor(table, set, agent, () => semaphore.tryAcquire(), timeoutMs);
      note(hasTaken ? TOOK : GAVE_UP);
    }
  };

/** Releases so many permits at once, and notes whether that was allowed. */
const giver =
  (permits: number, most?: number): Body<Names> =>
  (shared, { note }) => {
    note((semaphoreOf(shared).release(permits, most) ? RELEASED : REFUSED) + permits);
  };

const setup =
  (permits: number) =>
  (shared: Memory): void => {
    claimSlots(shared);
    semaphoreOf(shared).initialize(permits);
  };

const world = {
  memory,
  setup: setup(0),
  afterDeath: (shared: Memory, dead: number): void =>
    reportDeath(tableOf(shared), dead, setOf(shared)),
};

const took = ({ notes }: Outcome): number => notes.filter(({ value }) => value === TOOK).length;

const allTaken =
  (permits: number) =>
  (shared: Memory, outcome: Outcome): void => {
    assert.equal(took(outcome), permits);
    assert.equal(shared.semaphore[0], 0);
  };

/** Nobody sleeps while there is a permit, and none was taken twice. */
const noneLeftBeside =
  (permits: number) =>
  (shared: Memory, outcome: Outcome): void => {
    const left = shared.semaphore[0] as number;
    assert.ok(left === 0 || outcome.parked.length === 0, "one sleeps beside a permit");
    assert.ok(took(outcome) + left <= permits, "a permit was taken twice");
  };

export const two: Scenario<Names> = scenario(import.meta.url, "two", {
  ...world,
  agents: [taker(), taker(), giver(2)],
  check: allTaken(2),
});

export const overtaking: Scenario<Names> = scenario(import.meta.url, "overtaking", {
  ...world,
  agents: [taker(2), taker(), giver(3)],
  check: allTaken(3),
});

export const givingUp: Scenario<Names> = scenario(import.meta.url, "givingUp", {
  ...world,
  mayEndParked: true,
  agents: [taker(), taker(1, PATIENT), giver(1)],
  check: noneLeftBeside(1),
});

export const dying: Scenario<Names> = scenario(import.meta.url, "dying", {
  ...world,
  mayEndParked: true,
  agents: [taker(), taker(), giver(2)],
  check: noneLeftBeside(2),
});

/** A semaphore of three, one of which is held, and two that release two each: one too many. */
export const bounded: Scenario<Names> = scenario(import.meta.url, "bounded", {
  ...world,
  setup: setup(1),
  agents: [giver(2, 3), giver(2, 3), taker(1)],
  check: (shared, outcome) => {
    const released = outcome.notes.filter(({ value }) => value === RELEASED + 2).length;
    assert.ok(released >= 1);
    assert.equal(shared.semaphore[0], 1 + 2 * released - 1);
    assert.ok((shared.semaphore[0] ?? 0) <= 3, "more permits than allowed");
    if (released === 2) {
      // Then the taker has come between them.
      const order = outcome.notes.map(({ value }) => value);
      assert.notEqual(order.at(-1), TOOK, String(order));
    }
  },
});
