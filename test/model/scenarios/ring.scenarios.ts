/**
 * Two to four agents on a ring of two slots, which is at once full, empty and in
 * its next lap. Every history must be one of a queue; see linearizable.ts.
 */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { compareExchange, load } from "../../../build/src/memory/atomics.js";
import { NOTHING, Ring } from "../../../build/src/memory/ring.js";
import { assertLinearizable, type Queue, recorded } from "../linearizable.ts";

const CAPACITY = 2;
const VALUES = 4;
const memory = { ring: Ring.words(CAPACITY) };

type RingOnly = Shared<"ring">;

function ringOf({ ring }: RingOnly): Ring {
  return new Ring(ring, CAPACITY, VALUES);
}

/** An agent that uses the queue, and notes what it does. */
function user(use: (queue: Queue) => void): Body<"ring"> {
  return (shared, context) => use(recorded(ringOf(shared), context));
}

/** An agent that pushes these values. */
function producer(...values: number[]): Body<"ring"> {
  return user((queue) => {
    for (const value of values) queue.push(value);
  });
}

/** An agent that takes so many times. */
function consumer(times: number): Body<"ring"> {
  return user((queue) => {
    for (let time = 0; time < times; time++) queue.take();
  });
}

/** Says that the history was a queue's, and that the ring still works. */
function isQueue(initial: readonly number[] = []): (shared: RingOnly, outcome: Outcome) => void {
  return (shared, { notes }) => {
    const ring = ringOf(shared);
    const remaining: number[] = [];
    while (!ring.isEmpty() && remaining.length <= CAPACITY) remaining.push(ring.take());
    assertLinearizable({ notes, capacity: CAPACITY, initial, remaining });
    assert.deepEqual(
      [ring.isEmpty(), ring.push(3), ring.push(2), ring.push(1)],
      [true, true, true, false],
    );
    assert.deepEqual(
      [ring.isEmpty(), ring.take(), ring.take(), ring.take()],
      [false, 3, 2, NOTHING],
    );
  };
}

function ringScenario(
  name: string,
  agents: readonly Body<"ring">[],
  initial: readonly number[] = [],
): Scenario<"ring"> {
  return scenario(import.meta.url, name, {
    memory,
    setup: (shared) => {
      for (const value of initial) ringOf(shared).push(value);
    },
    agents,
    check: isQueue(initial),
  });
}

export const twoProducersOneConsumer: Scenario<"ring"> = ringScenario("twoProducersOneConsumer", [
  producer(0, 1),
  producer(2),
  consumer(2),
]);
export const oneProducerTwoConsumers: Scenario<"ring"> = ringScenario("oneProducerTwoConsumers", [
  producer(0, 1),
  consumer(1),
  consumer(2),
]);
export const twoProducersTwoConsumers: Scenario<"ring"> = ringScenario("twoProducersTwoConsumers", [
  producer(0),
  producer(1),
  consumer(1),
  consumer(1),
]);
export const producersAtAFullRing: Scenario<"ring"> = ringScenario(
  "producersAtAFullRing",
  [producer(2), producer(3), consumer(1)],
  [0, 1],
);
export const consumersAtAnEmptyRing: Scenario<"ring"> = ringScenario("consumersAtAnEmptyRing", [
  producer(2),
  consumer(1),
  consumer(1),
]);
export const severalLaps: Scenario<"ring"> = ringScenario(
  "severalLaps",
  [producer(1, 2, 3), user((queue) => [queue.take(), queue.push(0), queue.take(), queue.take()])],
  [0],
);

/** The only producer may rely on there being room, if there was. */
export const producerAsksForRoom: Scenario<"ring"> = ringScenario(
  "producerAsksForRoom",
  [
    (shared, context) => {
      const queue = recorded(ringOf(shared), context);
      for (const value of [1, 2, 3]) {
        if (!ringOf(shared).isFull()) assert.ok(queue.push(value), "there was room");
      }
    },
    consumer(1),
    consumer(1),
  ],
  [0],
);

/** For the deaths, which multiply the schedules. */
export const oneProducerOneConsumer: Scenario<"ring"> = ringScenario(
  "oneProducerOneConsumer",
  [producer(1, 2), consumer(2)],
  [0],
);

/** The words of an empty ring that has had `position` pushes and takes. */
function startAt(position: number): (shared: RingOnly) => void {
  return ({ ring }) => {
    const [head, tail, slots] = [0, 32, 64];
    ring[head] = position;
    ring[tail] = position;
    for (let at = position; at < position + CAPACITY; at++) {
      ring[slots + (at & (CAPACITY - 1))] = (at >>> Math.log2(CAPACITY)) << (Math.log2(VALUES) + 1);
    }
  };
}

function wrapping(name: string, position: number): Scenario<"ring"> {
  return scenario(import.meta.url, name, {
    memory,
    setup: startAt(position),
    agents: [producer(0, 1), producer(2), consumer(2)],
    check: isQueue(),
  });
}

/** The lap has 29 bits here: its next is 0. */
export const lapWrapsAround: Scenario<"ring"> = wrapping("lapWrapsAround", 2 ** 30 - 1);
/** HEAD and TAIL become negative. */
export const countersChangeSign: Scenario<"ring"> = wrapping("countersChangeSign", 2 ** 31 - 1);
/** HEAD and TAIL return to 0. */
export const countersWrapAround: Scenario<"ring"> = wrapping("countersWrapAround", -1);

type RingAndClaims = Shared<"ring" | "claims">;

/** An agent that takes with a claim until nothing is left. */
function claimant(shared: RingAndClaims, agent: number): number[] {
  const taken: number[] = [];
  const claim = (value: number): boolean =>
    compareExchange(shared.claims, value, 0, agent + 1) === 0;
  for (
    let value = ringOf(shared).take(claim);
    value !== NOTHING;
    value = ringOf(shared).take(claim)
  )
    taken.push(value);
  return taken;
}

const claiming: Body<"ring" | "claims"> = (shared, { agent, note }) =>
  claimant(shared, agent).forEach(note);

/** A value belongs to whoever's claim succeeded, be it dead. */
export const takersWithClaims: Scenario<"ring" | "claims"> = scenario(
  import.meta.url,
  "takersWithClaims",
  {
    memory: { ...memory, claims: VALUES },
    setup: (shared) => ringOf(shared).push(1),
    agents: [(shared) => ringOf(shared).push(2), claiming, claiming],
    check: (shared, { notes, dead }) => {
      const left = claimant(shared, 9);
      const taken = [...notes, ...left.map((value) => ({ agent: 9, value }))];
      for (const value of [1, 2]) {
        const claimedBy = load(shared.claims, value) - 1;
        const takers = taken.filter((note) => note.value === value).map(({ agent }) => agent);
        if (claimedBy < 0 && value === 2 && dead.includes(0)) continue; // never pushed
        assert.ok(claimedBy >= 0, `${value} is lost`);
        // A dead agent may have claimed it and said nothing.
        if (takers.length > 0 || !dead.includes(claimedBy)) assert.deepEqual(takers, [claimedBy]);
      }
      assert.ok(ringOf(shared).isEmpty());
    },
  },
);
