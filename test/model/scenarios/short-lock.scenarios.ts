/** Agents that work alone, one after the other, under a short lock. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { load } from "../../../build/src/memory/atomics.js";
import { ShortLock } from "../../../build/src/memory/short-lock.js";
import { AGENTS, reportDeath, claimSlots, ownersIn, tableOf } from "../blocking.ts";

const memory = { agents: AGENTS, lock: 1, guarded: 1 };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const working =
  (times = 1): Body<Names> =>
  (shared, { agent, note }) => {
    const table = tableOf(shared);
    const owner = table.agentAt(agent);
    const options = { owner, owners: ownersIn(table), canBlock: true };
    const lock = new ShortLock(shared.lock, 0, options);
    for (let time = 0; time < times; time++) {
      lock.acquire();
      // Plain accesses: who is here alone finds no other's mark, except that of the dead.
      const before = shared.guarded[0] as number;
      assert.ok(before === 0 || !table.isLive(before - 1), `agent ${before - 1} is here too`);
      shared.guarded[0] = agent + 1;
      note(load(shared.lock, 0)); // a step, in which another could come
      shared.guarded[0] = 0;
      lock.release();
    }
  };

const allWorked =
  (wanted: number) =>
  (shared: Memory, { notes, dead, parked }: Outcome): void => {
    // After a death sleeps may have to end by themselves, as they soon do.
    assert.ok(parked.length === 0 || dead.length > 0, "somebody sleeps, and nobody will wake it");
    const atWork = dead.length + parked.length;
    assert.ok(notes.length >= wanted - atWork, "somebody did not get the lock");
    if (dead.length === 0) assert.deepEqual([shared.lock[0], notes.length], [0, wanted]);
  };

const world = {
  memory,
  setup: claimSlots,
  mayEndParked: true,
  afterDeath: (shared: Memory, dead: number): void => reportDeath(tableOf(shared), dead),
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
