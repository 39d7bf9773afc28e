/** Agents that wait for a condition, and others that notify some of them. */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { CRASHED_THREAD } from "../../../build/src/memory/agent-table.js";
import { SharedCondition } from "../../../build/src/memory/condition.js";
import { Mutex } from "../../../build/src/memory/mutex.js";
import { WaitSet } from "../../../build/src/memory/wait-set.js";
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

const memory = {
  agents: AGENTS,
  waiters: WAITERS,
  condition: SharedCondition.words(CAPACITY),
  mutex: Mutex.WORDS,
  mutexWaiters: WAITERS,
};

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const BEGAN = 1;
/** Has the lock again, and has been notified; is about to say so. */
const NOTIFIED = 2;
const GAVE_UP = 3;
/** Notifiers note ten times their number, plus this. */
const NOTIFIES = 5;

interface Parts {
  readonly condition: SharedCondition;
  lock(): void;
  unlock(): void;
  wait(tryTake: () => boolean, timeoutMs?: number): boolean;
}

function partsOf(shared: Memory, agent: number): Parts {
  const table = tableOf(shared);
  const waiters = setOf(shared);
  const mutexWaiters = new WaitSet(shared.mutexWaiters, 0, table);
  const mutex = new Mutex(shared.mutex, 0, mutexWaiters);
  const ident = table.identOf(agent);
  const isLost = (owner: number): boolean => table.fateOf(owner) === CRASHED_THREAD;
  const tryLock = (): boolean => mutex.spinAcquire(ident) || mutex.tryTakeOver(ident, isLost);
  return {
    condition: new SharedCondition(shared.condition, 0, waiters, table, agent),
    lock: () => void waitFor(table, mutexWaiters, agent, tryLock),
    unlock: () => void mutex.release(),
    wait: (tryTake, timeoutMs) => waitFor(table, waiters, agent, tryTake, timeoutMs),
  };
}

/** As threading/condition.ts does it, for an agent with one waiter. */
const waiter =
  (timeoutMs = Infinity, times = 1): Body<Names> =>
  (shared, { agent, note }) => {
    const { condition, lock, unlock, wait } = partsOf(shared, agent);
    const ident = tableOf(shared).identOf(agent);
    const mayGoOn = (): boolean => condition.granted > 0 || condition.hasOrphanedGrants;
    lock();
    for (let time = 0; time < times; time++) {
      condition.begin(ident, true);
      note(BEGAN);
      unlock();
      while (wait(mayGoOn, timeoutMs) && condition.granted === 0) {
        lock();
        condition.passOn();
        unlock();
      }
      lock();
      const isNotified = condition.granted > 0;
      note(isNotified ? NOTIFIED : GAVE_UP);
      condition.end(isNotified);
    }
    unlock();
  };

const notifier =
  (count: number): Body<Names> =>
  (shared, { agent, note }) => {
    const { condition, lock, unlock } = partsOf(shared, agent);
    lock();
    note(NOTIFIES + 10 * count);
    condition.notify(count);
    unlock();
  };

const world = {
  memory,
  setup: claimSlots,
  mayEndParked: true,
  afterDeath: (shared: Memory, dead: number): void => {
    const table = tableOf(shared);
    reportDeath(table, dead, setOf(shared), new WaitSet(shared.mutexWaiters, 0, table));
  },
};

/** Each notification has woken as many as it could, none that came later, and nobody else goes on. */
const exact = (_: Memory, { notes }: Outcome): void => {
  let waiting = 0;
  let granted = 0;
  let notified = 0;
  for (const { value } of notes) {
    if (value === BEGAN) waiting++;
    if (value === GAVE_UP) waiting--;
    if (value === NOTIFIED) notified++;
    if (value < NOTIFIES) continue;
    const more = Math.min(waiting, (value - NOTIFIES) / 10);
    waiting -= more;
    granted += more;
  }
  assert.ok(waiting >= 0, "a waiter gave up that was notified");
  assert.equal(notified, granted);
};

/** What a waiter had been granted that died is not lost: some other one that waited goes on. */
const passedOn = (_: Memory, { notes, dead, parked }: Outcome): void => {
  const values = (wanted: number): readonly number[] =>
    notes.filter(({ value }) => value === wanted).map(({ agent }) => agent);
  const notifies = notes.findIndex(({ value }) => value > NOTIFIES);
  const began = notes.slice(0, Math.max(0, notifies)).filter(({ value }) => value === BEGAN).length;
  if (notifies === -1 || began < 2) return;
  if (dead.includes(notes[notifies]?.agent as number)) return; // before it had notified, or after
  if (parked.length > 0) assert.notDeepEqual(values(NOTIFIED), [], "nobody was notified");
};

export const notifyOne: Scenario<Names> = scenario(import.meta.url, "notifyOne", {
  ...world,
  agents: [waiter(), waiter(), notifier(1)],
  check: exact,
});

export const notifyAll: Scenario<Names> = scenario(import.meta.url, "notifyAll", {
  ...world,
  agents: [waiter(), waiter(), notifier(9)],
  check: exact,
});

export const twoNotifiers: Scenario<Names> = scenario(import.meta.url, "twoNotifiers", {
  ...world,
  agents: [waiter(Infinity, 2), waiter(), notifier(1), notifier(1)],
  check: exact,
});

export const givingUp: Scenario<Names> = scenario(import.meta.url, "givingUp", {
  ...world,
  agents: [waiter(), waiter(PATIENT), notifier(1)],
  check: exact,
});

export const dying: Scenario<Names> = scenario(import.meta.url, "dying", {
  ...world,
  agents: [waiter(), waiter(), notifier(1)],
  check: passedOn,
});
