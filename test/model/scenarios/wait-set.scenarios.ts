/** Agents that wait for tokens, and others that bring some and wake them. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { add, compareExchange, load } from "../../../build/src/memory/atomics.js";
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

const memory = { agents: AGENTS, waiters: WAITERS, tokens: 1 };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const TOOK = 1;
const GAVE_UP = 2;

function takeToken({ tokens }: Memory): boolean {
  for (;;) {
    const there = load(tokens, 0);
    if (there === 0) return false;
    if (compareExchange(tokens, 0, there, there - 1) === there) return true;
  }
}

const taker =
  (times = 1, timeoutMs = Infinity): Body<Names> =>
  (shared, { agent, note }) => {
    const [table, set] = [tableOf(shared), setOf(shared)];
    for (let time = 0; time < times; time++) {
      note(waitFor(table, set, agent, () => takeToken(shared), timeoutMs) ? TOOK : GAVE_UP);
    }
  };

/** Brings tokens one by one, and wakes one agent for each. */
const giver =
  (tokens: number): Body<Names> =>
  (shared) => {
    for (let given = 0; given < tokens; given++) {
      add(shared.tokens, 0, 1);
      setOf(shared).wakeOne();
    }
  };

/** Brings them all, and wakes everybody. */
const giverOfAll =
  (tokens: number): Body<Names> =>
  (shared) => {
    add(shared.tokens, 0, tokens);
    setOf(shared).wakeAll();
  };

const report = (shared: Memory, dead: number): void =>
  reportDeath(tableOf(shared), dead, setOf(shared));

const world = { memory, setup: claimSlots, afterDeath: report };

/** Everybody has taken what there was. */
const allTaken =
  (tokens: number) =>
  (shared: Memory, { notes }: Outcome): void => {
    assert.equal(shared.tokens[0], 0);
    assert.equal(notes.filter(({ value }) => value === TOOK).length, tokens);
    assert.ok((shared.waiters[0] as number) === 0, "somebody is still counted as waiting");
  };

/** Nobody sleeps while there is a token. */
const noneLeftBeside = (shared: Memory, { parked }: Outcome): void => {
  assert.ok(shared.tokens[0] === 0 || parked.length === 0, "one sleeps beside a token");
};

export const oneEach: Scenario<Names> = scenario(import.meta.url, "oneEach", {
  ...world,
  agents: [taker(), taker(), giver(2)],
  check: allTaken(2),
});

export const allAtOnce: Scenario<Names> = scenario(import.meta.url, "allAtOnce", {
  ...world,
  agents: [taker(), taker(), giverOfAll(2)],
  check: allTaken(2),
});

export const twoGivers: Scenario<Names> = scenario(import.meta.url, "twoGivers", {
  ...world,
  agents: [taker(), taker(), giver(1), giver(1)],
  check: allTaken(2),
});

/** One takes again and again, and may overtake the one that was woken. */
export const overtaking: Scenario<Names> = scenario(import.meta.url, "overtaking", {
  ...world,
  agents: [taker(2), taker(), giver(3)],
  check: allTaken(3),
});

/** One token, and one of two waiters may give up. */
export const givingUp: Scenario<Names> = scenario(import.meta.url, "givingUp", {
  ...world,
  mayEndParked: true,
  agents: [taker(), taker(1, PATIENT), giver(1)],
  check: noneLeftBeside,
});

/** One token, and the one that is woken for it may die. */
export const dying: Scenario<Names> = scenario(import.meta.url, "dying", {
  ...world,
  mayEndParked: true,
  agents: [taker(), taker(), giver(1)],
  check: noneLeftBeside,
});
