import { describe, test } from "node:test";

import * as bugs from "./bugs/sequencer.ts";
import * as scenarios from "./scenarios/sequencer.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const preemptions = 3;

describe("Sequencer: in no schedule do steps overlap, change places, or wait for ever", () => {
  test("three agents", holds(scenarios.threeInTurn));
  test("two agents by turns", holds(scenarios.twoAlternate, { preemptions }));
  test("two agents that mean to take the same step", holds(scenarios.oneStepForTwo));
  test(
    "an agent that gives up, and comes back",
    holds(scenarios.oneGivesUp, { preemptions, expiries: 1 }),
  );
});

describe("Sequencer: the scenarios find", () => {
  test(
    "an end that wakes one waiter",
    finds(bugs.notifiesOne, scenarios.threeInTurn, { as: "deadlock" }),
  );
  test(
    "an end that notifies first",
    finds(bugs.notifiesBeforeItEnds, scenarios.twoAlternate, { as: "deadlock" }),
  );
  test(
    "a beginning by load and store",
    finds(bugs.beginsByLoadAndStore, scenarios.oneStepForTwo, { as: "check" }),
  );
  test(
    "a step that ends as it begins",
    finds(bugs.endsAtItsBeginning, scenarios.threeInTurn, { as: "check" }),
  );
});
