import { describe, test } from "node:test";

import * as bugs from "./bugs/parking.ts";
import * as scenarios from "./scenarios/parking.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("Parking: in no schedule does a worker sleep while the ring holds a value", () => {
  test("one push", holds(scenarios.oneValue));
  test("two pushes, a wake-up each", holds(scenarios.parkers, { isCostly: true }));
  test("two pushes, a wake-up for both", holds(scenarios.batch, { isCostly: true }));
  test(
    "a worker parks while its event loop turns",
    holds(scenarios.asyncParkers, { isCostly: true }),
  );
  test("a worker parks on its agent's bell", holds(scenarios.bellParkers, { isCostly: true }));
  test("workers spin before they park", holds(scenarios.spinners, { preemptions: 1 }));
  test(
    "a worker is notified of a death, and is at work with one of two",
    holds(scenarios.deathBefore, { isCostly: true }),
  );
  test("two producers", holds(scenarios.twoProducers, { preemptions: 1 }));
});

describe("Parking.wakeAll(): in no schedule does a worker sleep after the pool was closed", () => {
  test("workers that park", holds(scenarios.closing));
  test("workers that spin", holds(scenarios.closingSpinners, { isCostly: true }));
  test(
    "a worker that parks on its agent's bell",
    holds(scenarios.closingOnBell, { isCostly: true }),
  );
});

describe("Parking.cancelPark(): a worker that ends takes no wake-up along", () => {
  test("one ends, the other goes on", holds(scenarios.retiring, { isCostly: true }));
});

describe("Parking.removeDead(worker): no survivor sleeps while the ring holds a value, whenever a worker dies", () => {
  const deaths = 1;
  test(
    "parked, just woken, or at work",
    holds(scenarios.parkers, { deaths, preemptions: 1, isCostly: true }),
  );
  test("spinning", holds(scenarios.oneValue, { deaths, preemptions: 1, isCostly: true }));
  test("spinning, with another that spins", holds(scenarios.spinners, { deaths, preemptions: 0 }));
  test("waking another", holds(scenarios.batch, { deaths, preemptions: 1, isCostly: true }));
  test(
    "waking one whose event loop turns",
    holds(scenarios.asyncParkers, { deaths, preemptions: 1, isCostly: true }),
  );
  test(
    "waking one on its bell",
    holds(scenarios.bellParkers, { deaths, preemptions: 1, isCostly: true }),
  );
  test(
    "as the pool is closed",
    holds(scenarios.closing, { deaths, preemptions: 1, isCostly: true }),
  );
});

describe("Parking: the scenarios find", () => {
  test(
    "a worker that looks before it parks",
    finds(bugs.looksBeforeItParks, scenarios.oneValue, { as: "check" }),
  );
  test(
    "a worker that ends with a wake-up",
    finds(bugs.endsWithTheWakeUp, scenarios.retiring, { as: "check" }),
  );
  test(
    "a death that takes a wake-up along",
    finds(bugs.takesTheWakeUpAlong, scenarios.oneValue, {
      as: "check",
      deaths: 1,
      preemptions: 0,
    }),
  );
  test(
    "a worker that looks for the closing last",
    finds(bugs.looksForTheClosingLast, scenarios.closing, { as: "check" }),
  );
  test(
    "a parked worker that is not counted",
    finds(bugs.countsAfterItParks, scenarios.oneValue, { as: "check" }),
  );
  test(
    "a waker that notifies first",
    finds(bugs.notifiesBeforeItWakes, scenarios.oneValue, { as: "check" }),
  );
  test(
    "a spinner that is counted for ever",
    finds(bugs.waitsForASpinnerForEver, scenarios.oneValue, { as: "check" }),
  );
  test(
    "a dead spinner that is counted for ever",
    finds(bugs.buriesASpinnerAsAwake, scenarios.oneValue, {
      as: "check",
      deaths: 1,
      preemptions: 1,
    }),
  );
  test(
    "a worker that names its agent after it has looked",
    finds(bugs.namesItsAgentLast, scenarios.oneValueOnBell, { as: "check" }),
  );
  test(
    "a waker that looks for the agent's name first",
    finds(bugs.looksForTheNameFirst, scenarios.oneValueOnBell, { as: "check" }),
  );
  test(
    "a worker that a death has woken, and that is at work as if it slept",
    finds(bugs.worksAsIfItSlept, scenarios.deathBefore, { as: "check" }),
  );
  test(
    "a dead waker whose notify nobody makes up for",
    finds(bugs.doesNotFinishADeadWakersWork, scenarios.batch, { as: "check", deaths: 1 }),
  );
});
