import { describe, test } from "node:test";

import * as bugs from "./bugs/mutex.ts";
import * as scenarios from "./scenarios/mutex.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("Mutex: in no schedule do two agents hold it, or one wait for ever", () => {
  test("two agents", holds(scenarios.two));
  test("two agents, twice each", holds(scenarios.twoTwice));
  test("three agents", holds(scenarios.three));
});

describe("Mutex.tryTakeOver(): whoever dies, the others get it, one at a time", () => {
  test("one of two dies", holds(scenarios.two, { deaths: 1 }));
  test("one of three dies", holds(scenarios.three, { deaths: 1, preemptions: 1, isCostly: true }));
  test("two of three die", holds(scenarios.three, { deaths: 2, preemptions: 0 }));
});

describe("Mutex: the scenarios find", () => {
  test(
    "a release that wakes before it frees",
    finds(bugs.wakesBeforeItFrees, scenarios.two, { as: "deadlock" }),
  );
  test(
    "an acquire that does not compare",
    finds(bugs.takesWithoutComparing, scenarios.two, { as: "assertion" }),
  );
  test(
    "a lock that is taken from whoever has it by now",
    finds(bugs.takesFromWhoeverHasItNow, scenarios.three, { as: "deadlock", deaths: 1 }),
  );
  test(
    "a lock that is left to the dead",
    finds(bugs.leavesItToTheDead, scenarios.two, { as: "deadlock", deaths: 1 }),
  );
});
