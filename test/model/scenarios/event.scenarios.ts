/** Agents that wait for an event, and others that set and clear it. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { SharedEvent } from "../../../build/src/memory/event.js";
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

const memory = { agents: AGENTS, waiters: WAITERS, event: SharedEvent.WORDS };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const CAME = 1;
const WENT_ON = 2;
const SETS = 3;

const eventOf = (shared: Memory): SharedEvent => new SharedEvent(shared.event, 0, setOf(shared));

const waiter =
  (timeoutMs = Infinity): Body<Names> =>
  (shared, { agent, note }) => {
    const event = eventOf(shared);
    const noted = event.state;
    note(CAME);
    const isInTime = waitFor(
      tableOf(shared),
      setOf(shared),
      agent,
      () => event.wasSetSince(noted),
      timeoutMs,
    );
    if (isInTime) note(WENT_ON);
  };

const setter =
  (times: number, isCleared: boolean): Body<Names> =>
  (shared, { note }) => {
    const event = eventOf(shared);
    for (let time = 0; time < times; time++) {
      note(SETS);
      event.set();
      if (isCleared) event.clear();
    }
  };

const world = {
  memory,
  setup: claimSlots,
  mayEndParked: true,
  afterDeath: (shared: Memory, dead: number): void =>
    reportDeath(tableOf(shared), dead, setOf(shared)),
};

/** Whoever had come before the event was set has gone on, unless dead; and nobody sleeps while it is set. */
const noneLeft = (shared: Memory, { notes, parked, dead }: Outcome): void => {
  const isSet = (shared.event[0] as number) % 2 !== 0;
  assert.ok(!isSet || parked.length === 0, "one sleeps although the event is set");
  if (dead.length > 0) return;
  const firstSet = notes.findIndex(({ value }) => value === SETS);
  for (const [index, { agent, value }] of notes.entries()) {
    if (value === CAME && index < firstSet) assert.ok(!parked.includes(agent), `agent ${agent}`);
  }
};

export const set: Scenario<Names> = scenario(import.meta.url, "set", {
  ...world,
  mayEndParked: false,
  agents: [waiter(), waiter(), setter(1, false)],
  check: noneLeft,
});

export const setAndClear: Scenario<Names> = scenario(import.meta.url, "setAndClear", {
  ...world,
  agents: [waiter(), waiter(), setter(1, true)],
  check: (shared: Memory, outcome: Outcome): void => {
    noneLeft(shared, outcome);
    assert.equal(eventOf(shared).isSet, false, "the event is set although it was cleared last");
  },
});

export const twoSetters: Scenario<Names> = scenario(import.meta.url, "twoSetters", {
  ...world,
  agents: [waiter(), setter(1, true), setter(1, false)],
  check: noneLeft,
});

export const givingUp: Scenario<Names> = scenario(import.meta.url, "givingUp", {
  ...world,
  agents: [waiter(PATIENT), waiter(), setter(1, true)],
  check: noneLeft,
});

export const dying: Scenario<Names> = scenario(import.meta.url, "dying", {
  ...world,
  agents: [waiter(), waiter(), setter(1, false)],
  check: noneLeft,
});
