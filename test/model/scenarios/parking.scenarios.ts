/**
 * Workers that take values from a ring, spin a little and park, as those of a
 * pool do, and producers that push and wake.
 */
import assert from "node:assert/strict";
import {
  type AgentContext,
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { load, notify, pause, store, wait } from "../../../build/src/memory/atomics.js";
import { Doorbell } from "../../../build/src/memory/doorbell.js";
import { Parking } from "../../../build/src/memory/parking.js";
import { NOTHING, Ring } from "../../../build/src/memory/ring.js";

const SLOTS = 4;
const VALUES = 4;
const WORKERS = 2;
/** A worker that has died before. */
const DEAD = 2;
const memory = {
  ring: Ring.words(SLOTS),
  parking: Parking.words(WORKERS + 1),
  begun: VALUES,
  closing: 1,
  retiring: WORKERS,
  bells: WORKERS,
};

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const ringOf = ({ ring }: Memory): Ring => new Ring(ring, SLOTS, VALUES);
const bellOf = ({ bells }: Memory, agent: number): Doorbell => new Doorbell(bells, agent);
const parkingOf = (shared: Memory): Parking =>
  new Parking(shared.parking, WORKERS, (agent) => bellOf(shared, agent).ring());

interface WorkerOptions {
  /** How often it looks before it parks. */
  readonly spins?: number;
  /** Whether it sleeps in `waitAsync`. */
  readonly isAsync?: boolean;
  /** Whether it sleeps on its agent's bell. */
  readonly isOnBell?: boolean;
  /** Whether it is at work with its first value until another worker has begun the other one. */
  readonly meets?: boolean;
}

/** A worker, which is the agent of the same number. */
function worker(options: WorkerOptions = {}): Body<Names> {
  const { spins = 0, isAsync = false, isOnBell = false, meets = false } = options;
  return (shared, context) => {
    const me = context.agent;
    const ring = ringOf(shared);
    const parking = parkingOf(shared);
    for (;;) {
      let value = ring.take();
      if (value === NOTHING && spins > 0) value = spin(shared, me, spins);
      if (value !== NOTHING) {
        if (!ring.isEmpty()) parking.wakeOne();
        context.note(value);
        if (meets) return meet(shared, value);
        continue;
      }
      parking.preparePark(me);
      const isRetiring = load(shared.closing, 0) === 1 || load(shared.retiring, me) === 1;
      if (!ring.isEmpty()) {
        parking.cancelPark(me);
      } else if (isRetiring) {
        if (parking.cancelPark(me)) return;
      } else if (isOnBell) {
        sleepOnBell(parking, me, bellOf(shared, me));
      } else {
        sleep(parking, isAsync, context);
      }
    }
  };
}

/** Blocks with 1 until 2 has been begun, and the other way round. */
function meet({ begun }: Memory, value: number): void {
  store(begun, value, 1);
  notify(begun, value);
  while (load(begun, 3 - value) === 0) wait(begun, 3 - value, 0);
}

function spin(shared: Memory, me: number, spins: number): number {
  const ring = ringOf(shared);
  const parking = parkingOf(shared);
  let value = NOTHING;
  parking.startSpinning(me);
  for (let spun = 0; spun < spins && value === NOTHING; spun++) {
    if (ring.isEmpty()) pause();
    else value = ring.take();
  }
  parking.stopSpinning(me);
  return value;
}

function sleep(parking: Parking, isAsync: boolean, { agent, idle }: AgentContext): void {
  if (!isAsync) parking.park(agent);
  else if (parking.parkAsync(agent) !== undefined) {
    idle();
    parking.cancelPark(agent);
  }
}

function sleepOnBell(parking: Parking, me: number, bell: Doorbell): void {
  parking.parkOnBell(me, me);
  for (;;) {
    bell.arm();
    if (!parking.isParked(me)) break;
    bell.sleep(Infinity);
  }
  bell.disarm();
}

/** Pushes the values and wakes a worker after each. */
function producer(...values: number[]): Body<Names> {
  return (shared) => {
    for (const value of values) {
      ringOf(shared).push(value);
      parkingOf(shared).wakeOne();
    }
  };
}

/** Pushes the values and wakes one worker, which wakes the next. */
function batchProducer(...values: number[]): Body<Names> {
  return (shared) => {
    for (const value of values) ringOf(shared).push(value);
    parkingOf(shared).wakeOne();
  };
}

/** Pushes the values, then has the workers end. */
function closer(...values: number[]): Body<Names> {
  return (shared) => {
    for (const value of values) {
      ringOf(shared).push(value);
      parkingOf(shared).wakeOne();
    }
    store(shared.closing, 0, 1);
    parkingOf(shared).wakeAll();
  };
}

/** Whoever reports a death. */
function reportDeath(shared: Memory, dead: number): void {
  parkingOf(shared).removeDead(dead);
  if (!ringOf(shared).isEmpty()) parkingOf(shared).wakeOne();
}

/** Says that nobody sleeps while there is work, and that all values were taken once. */
function allTaken(...values: number[]): (shared: Memory, outcome: Outcome) => void {
  return (shared, { notes, dead }) => {
    const taken = notes.map(({ value }) => value).sort((a, b) => a - b);
    assert.equal(new Set(taken).size, taken.length, "a value was taken twice");
    if (dead.length < WORKERS)
      assert.ok(ringOf(shared).isEmpty(), "a worker sleeps while the ring holds a value");
    // A dead worker may have taken one value and not said so.
    if (dead.length === 0) assert.deepEqual(taken, values);
    else if (dead.length < WORKERS)
      assert.ok(taken.length >= values.length - dead.length, "a value is lost");
  };
}

const pool = { memory, mortal: [0, 1], afterDeath: reportDeath, mayEndParked: true };

export const parkers: Scenario<Names> = scenario(import.meta.url, "parkers", {
  ...pool,
  agents: [worker(), worker(), producer(1, 2)],
  check: allTaken(1, 2),
});

export const asyncParkers: Scenario<Names> = scenario(import.meta.url, "asyncParkers", {
  ...pool,
  agents: [worker({ isAsync: true }), worker(), producer(1, 2)],
  check: allTaken(1, 2),
});

/** Sleepers are notified, though there is nothing for them yet. */
export const deathBefore: Scenario<Names> = scenario(import.meta.url, "deathBefore", {
  ...pool,
  agents: [
    worker({ isAsync: true, meets: true }),
    worker({ spins: 1, meets: true }),
    (shared, context) => {
      new Parking(shared.parking, WORKERS + 1, () => undefined).removeDead(DEAD);
      producer(1, 2)(shared, context);
    },
  ],
  check: allTaken(1, 2),
});

export const bellParkers: Scenario<Names> = scenario(import.meta.url, "bellParkers", {
  ...pool,
  agents: [worker({ isOnBell: true }), worker(), producer(1, 2)],
  check: allTaken(1, 2),
});

export const closingOnBell: Scenario<Names> = scenario(import.meta.url, "closingOnBell", {
  ...pool,
  mayEndParked: false,
  agents: [worker({ isOnBell: true }), worker(), closer(1)],
  check: allTaken(1),
});

export const batch: Scenario<Names> = scenario(import.meta.url, "batch", {
  ...pool,
  agents: [worker(), worker(), batchProducer(1, 2)],
  check: allTaken(1, 2),
});

export const spinners: Scenario<Names> = scenario(import.meta.url, "spinners", {
  ...pool,
  agents: [worker({ spins: 2 }), worker({ spins: 1 }), batchProducer(1, 2)],
  check: allTaken(1, 2),
});

export const twoProducers: Scenario<Names> = scenario(import.meta.url, "twoProducers", {
  ...pool,
  agents: [worker(), worker({ spins: 1 }), producer(1), producer(2)],
  check: allTaken(1, 2),
});

export const oneValue: Scenario<Names> = scenario(import.meta.url, "oneValue", {
  ...pool,
  agents: [worker({ spins: 1 }), worker(), producer(1)],
  check: allTaken(1),
});

export const oneValueOnBell: Scenario<Names> = scenario(import.meta.url, "oneValueOnBell", {
  ...pool,
  agents: [worker({ isOnBell: true }), worker(), producer(1)],
  check: allTaken(1),
});

/** The workers end; nobody is left asleep. */
export const closing: Scenario<Names> = scenario(import.meta.url, "closing", {
  ...pool,
  mayEndParked: false,
  agents: [worker(), worker({ isAsync: true }), closer(1)],
  check: allTaken(1),
});

export const closingSpinners: Scenario<Names> = scenario(import.meta.url, "closingSpinners", {
  ...pool,
  mayEndParked: false,
  agents: [worker({ spins: 1 }), worker(), closer(1)],
  check: allTaken(1),
});

/** One worker is told to end; the other goes on. */
export const retiring: Scenario<Names> = scenario(import.meta.url, "retiring", {
  ...pool,
  agents: [
    worker(),
    worker(),
    (shared, context) => {
      store(shared.retiring, 0, 1);
      parkingOf(shared).wake(0);
      producer(1)(shared, context);
    },
  ],
  check: allTaken(1),
});
