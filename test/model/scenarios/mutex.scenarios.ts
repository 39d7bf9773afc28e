/** Agents that work alone, one after the other, under a mutex. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { CRASHED_THREAD } from "../../../build/src/memory/agent-table.js";
import { Mutex } from "../../../build/src/memory/mutex.js";
import { AGENTS, reportDeath, claimSlots, setOf, tableOf, waitFor, WAITERS } from "../blocking.ts";

const memory = { agents: AGENTS, waiters: WAITERS, mutex: Mutex.WORDS, guarded: 1 };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const working =
  (times = 1): Body<Names> =>
  (shared, { agent, note }) => {
    const [table, set] = [tableOf(shared), setOf(shared)];
    const mutex = new Mutex(shared.mutex, 0, set);
    const ident = table.identOf(agent);
    const isLost = (owner: number): boolean => table.fateOf(owner) === CRASHED_THREAD;
    for (let time = 0; time < times; time++) {
      waitFor(
        table,
        set,
        agent,
        () => mutex.spinAcquire(ident) || mutex.tryTakeOver(ident, isLost),
      );
      // Plain accesses: who is here alone finds no other's mark, except that of the dead.
      const before = shared.guarded[0] as number;
      assert.ok(before === 0 || mutex.isAbandoned, `agent ${before - 1} is here too`);
      shared.guarded[0] = agent + 1;
      note(mutex.owner);
      shared.guarded[0] = 0;
      assert.equal(mutex.release(), ident);
    }
  };

const allWorked =
  (wanted: number) =>
  (shared: Memory, { notes, dead }: Outcome): void => {
    assert.ok(notes.length >= wanted - dead.length, "somebody did not get the lock");
    if (dead.length === 0) assert.deepEqual([shared.mutex[0], notes.length], [0, wanted]);
  };

const world = {
  memory,
  setup: claimSlots,
  afterDeath: (shared: Memory, dead: number): void =>
    reportDeath(tableOf(shared), dead, setOf(shared)),
};

export const two: Scenario<Names> = scenario(import.meta.url, "two", {
  ...world,
  agents: [working(), working()],
  check: allWorked(2),
});

export const twoTwice: Scenario<Names> = scenario(import.meta.url, "twoTwice", {
  ...world,
  agents: [working(2), working(2)],
  check: allWorked(4),
});

export const three: Scenario<Names> = scenario(import.meta.url, "three", {
  ...world,
  agents: [working(), working(), working()],
  check: allWorked(3),
});
