/** Agents that meet at a barrier, again and again, and what may come between. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import {
  ABORTED,
  ACTING,
  FILLING,
  PASSED,
  SharedBarrier,
  TIMEOUT,
} from "../../../build/src/memory/barrier.js";
import {
  AGENTS,
  reportDeath,
  CAPACITY,
  claimSlots,
  PATIENT,
  setOf,
  tableOf,
  waitFor,
  WAITERS,
} from "../blocking.ts";

const memory = { agents: AGENTS, waiters: WAITERS, barrier: SharedBarrier.words(CAPACITY) };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

/** Notes: a hundred times the round, plus what became of it; or plus the index with which the agent passed. */
const ARRIVED = 10;
const BROKEN = 20;
const ACTS = 30;

const barrierOf = (shared: Memory, agent: number): SharedBarrier =>
  new SharedBarrier(shared.barrier, 0, setOf(shared), tableOf(shared), agent);

interface PartyOptions {
  readonly rounds?: number;
  readonly hasAction?: boolean;
  readonly timeoutMs?: number;
}

/** As threading/barrier.ts does it. */
const party =
  ({ rounds = 1, hasAction = false, timeoutMs = Infinity }: PartyOptions = {}): Body<Names> =>
  (shared, { agent, note }) => {
    const table = tableOf(shared);
    const set = setOf(shared);
    const barrier = barrierOf(shared, agent);
    for (let passed = 0; passed < rounds; passed++) {
      const { phase, round, index, isLast } = barrier.arrive(table.identOf(agent), hasAction);
      if (phase !== FILLING) return note(100 * round + BROKEN + phase);
      note(100 * round + ARRIVED);
      if (isLast && hasAction) {
        note(100 * round + ACTS);
        barrier.finish(round);
      } else if (!isLast) {
        const isOver = (): boolean => {
          barrier.noticeDeaths();
          const outcome = barrier.outcomeOf(round);
          return outcome !== FILLING && outcome !== ACTING;
        };
        const isInTime = waitFor(table, set, agent, isOver, timeoutMs);
        if (!isInTime && !barrier.breakFilling(round, TIMEOUT)) waitFor(table, set, agent, isOver);
      }
      const outcome = barrier.outcomeOf(round);
      if (outcome !== PASSED) return note(100 * round + BROKEN + outcome);
      note(100 * round + index);
    }
  };

const aborter: Body<Names> = (shared, { agent }) => barrierOf(shared, agent).abort();

const resetter =
  (times = 1): Body<Names> =>
  (shared, { agent }) => {
    for (let time = 0; time < times; time++) barrierOf(shared, agent).reset();
  };

const parties =
  (count: number) =>
  (shared: Memory): void => {
    claimSlots(shared);
    barrierOf(shared, 0).initialize(count);
  };

const world = {
  memory,
  setup: parties(2),
  afterDeath: (shared: Memory, dead: number): void =>
    reportDeath(tableOf(shared), dead, setOf(shared)),
};

/** What agents noted about a round. */
const inRound = ({ notes }: Outcome, round: number): readonly number[] =>
  notes.filter(({ value }) => Math.floor(value / 100) === round).map(({ value }) => value % 100);

const indices = (noted: readonly number[]): readonly number[] =>
  noted.filter((value) => value < ARRIVED).sort((a, b) => a - b);

/** In each round all of them pass, each with its own index, once all have arrived and one has acted. */
const lockstep =
  (count: number, rounds: number, hasAction = false) =>
  (_: Memory, outcome: Outcome): void => {
    const all = Array.from({ length: count }, (_each, index) => index);
    for (let round = 0; round < rounds; round++) {
      const noted = inRound(outcome, round);
      assert.deepEqual(indices(noted), all);
      const firstPass = noted.findIndex((value) => value < ARRIVED);
      const before = noted.slice(0, firstPass);
      // The last one may say that it has arrived after another has passed.
      assert.ok(before.filter((value) => value === ARRIVED).length >= count - 1);
      const acts = noted.filter((value) => value === ACTS).length;
      assert.equal(acts, hasAction ? 1 : 0);
      if (hasAction) assert.ok(before.includes(ACTS), "one passed before the action was done");
    }
  };

/** A round ends the same way for everybody who had arrived in it, and whoever sleeps is alone in its round. */
const sameForAll =
  (count: number) =>
  (_: Memory, outcome: Outcome): void => {
    const rounds = new Set(outcome.notes.map(({ value }) => Math.floor(value / 100)));
    for (const round of rounds) {
      const noted = inRound(outcome, round);
      const passed = indices(noted).length;
      const broken = noted.filter((value) => value >= BROKEN && value < ACTS).length;
      assert.ok(passed === 0 || broken === 0, `${passed} passed and ${broken} found it broken`);
      if (outcome.dead.length === 0 && passed > 0) assert.equal(passed, count);
    }
  };

export const twoParties: Scenario<Names> = scenario(import.meta.url, "twoParties", {
  ...world,
  agents: [party({ rounds: 2 }), party({ rounds: 2 })],
  check: lockstep(2, 2),
});

export const threeParties: Scenario<Names> = scenario(import.meta.url, "threeParties", {
  ...world,
  setup: parties(3),
  agents: [party(), party(), party()],
  check: lockstep(3, 1),
});

export const action: Scenario<Names> = scenario(import.meta.url, "action", {
  ...world,
  agents: [party({ rounds: 2, hasAction: true }), party({ rounds: 2, hasAction: true })],
  check: lockstep(2, 2, true),
});

export const abort: Scenario<Names> = scenario(import.meta.url, "abort", {
  ...world,
  agents: [party({ hasAction: true }), party({ hasAction: true }), aborter],
  check: (shared, outcome) => {
    sameForAll(2)(shared, outcome);
    const later = barrierOf(shared, 0).outcomeOf(outcome.notes.length > 0 ? 1 : 0);
    assert.ok(later === ABORTED || later === PASSED || barrierOf(shared, 0).isBroken);
  },
});

export const reset: Scenario<Names> = scenario(import.meta.url, "reset", {
  ...world,
  mayEndParked: true,
  agents: [party(), party(), resetter(2)],
  check: (shared, outcome) => {
    sameForAll(2)(shared, outcome);
    assert.equal(barrierOf(shared, 0).isBroken, false);
    assert.ok(outcome.parked.length <= 1, "both sleep");
  },
});

export const givingUp: Scenario<Names> = scenario(import.meta.url, "givingUp", {
  ...world,
  agents: [party({ timeoutMs: PATIENT, hasAction: true }), party({ hasAction: true })],
  check: sameForAll(2),
});

/** Three parties, of which only two exist: when one of them dies that has arrived, the other is told. */
export const dying: Scenario<Names> = scenario(import.meta.url, "dying", {
  ...world,
  setup: parties(3),
  mayEndParked: true,
  agents: [party(), party()],
  check: (_, { notes, dead, parked }) => {
    const hasArrived = notes.some(
      ({ agent, value }) => agent === dead[0] && value % 100 === ARRIVED,
    );
    if (hasArrived) assert.deepEqual(parked, [], "one waits for the dead");
  },
});

/** The one that acts dies: the other is told. */
export const dyingActor: Scenario<Names> = scenario(import.meta.url, "dyingActor", {
  ...world,
  mayEndParked: true,
  agents: [party({ hasAction: true }), party({ hasAction: true })],
  check: (shared, outcome) => {
    sameForAll(2)(shared, outcome);
    const { notes, dead, parked } = outcome;
    const hasArrived = notes.some(
      ({ agent, value }) => agent === dead[0] && value % 100 === ARRIVED,
    );
    if (hasArrived) assert.deepEqual(parked, [], "one waits for the dead");
  },
});
