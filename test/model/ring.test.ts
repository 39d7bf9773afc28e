import { describe, test } from "node:test";

import * as bugs from "./bugs/ring.ts";
import * as scenarios from "./scenarios/ring.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const preemptions = 3;
describe("Ring: in no schedule is a value lost, doubled or out of order, a push refused with room, a take with values", () => {
  test(
    "two producers and one consumer",
    holds(scenarios.twoProducersOneConsumer, { preemptions, isCostly: true }),
  );
  test(
    "one producer and two consumers",
    holds(scenarios.oneProducerTwoConsumers, { preemptions, isCostly: true }),
  );
  test("two producers and two consumers", holds(scenarios.twoProducersTwoConsumers));
  test(
    "two producers at a full ring",
    holds(scenarios.producersAtAFullRing, { preemptions, isCostly: true }),
  );
  test(
    "two consumers at an empty ring",
    holds(scenarios.consumersAtAnEmptyRing, { preemptions, isCostly: true }),
  );
  test("a producer that asks for room first", holds(scenarios.producerAsksForRoom));
  test("several laps", holds(scenarios.severalLaps, { preemptions, isCostly: true }));
  test("as the lap wraps around", holds(scenarios.lapWrapsAround, { preemptions, isCostly: true }));
  test(
    "as the counters become negative",
    holds(scenarios.countersChangeSign, { preemptions, isCostly: true }),
  );
  test(
    "as the counters wrap around",
    holds(scenarios.countersWrapAround, { preemptions, isCostly: true }),
  );
});

describe("Ring: an agent that dies at any step loses nothing but its own value and holds nobody up", () => {
  const deaths = 1;
  test(
    "a producer or a consumer",
    holds(scenarios.oneProducerOneConsumer, { deaths, preemptions }),
  );
  test("at a full ring", holds(scenarios.producersAtAFullRing, { deaths }));
  test("at an empty ring", holds(scenarios.consumersAtAnEmptyRing, { deaths }));
  test("two of three", holds(scenarios.consumersAtAnEmptyRing, { deaths: 2, preemptions: 1 }));
});

describe("Ring.take(claim): each value goes to the one agent whose claim succeeded", () => {
  test("two takers", holds(scenarios.takersWithClaims, { preemptions, isCostly: true }));
  test(
    "a value claimed by the dead is passed over",
    holds(scenarios.takersWithClaims, { deaths: 1 }),
  );
});

describe("Ring: the scenarios find", () => {
  const check = "check";
  test(
    "a HEAD that moves before the value is removed",
    finds(bugs.advancesHeadBeforeItRemoves, scenarios.oneProducerOneConsumer, {
      as: check,
      deaths: 1,
    }),
  );
  test(
    "a removal that is no compareExchange",
    finds(bugs.removesByLoadAndStore, scenarios.consumersAtAnEmptyRing, { as: check }),
  );
  test(
    "a pusher that does not help another on",
    finds(bugs.doesNotHelpADeadPusher, scenarios.twoProducersOneConsumer, { as: check }),
  );
  test(
    "a taker that trusts an old HEAD",
    finds(bugs.reportsEmptyOnAnOldHead, scenarios.oneProducerTwoConsumers, { as: check }),
  );
  test(
    "a lap that does not wrap",
    finds(bugs.forgetsTheLap, scenarios.lapWrapsAround, { as: check }),
  );
  test(
    "a taker that returns what another has claimed",
    finds(bugs.takesWhatOthersClaimed, scenarios.takersWithClaims, { as: check, deaths: 1 }),
  );
});
