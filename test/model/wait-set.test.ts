import { describe, test } from "node:test";

import * as bugs from "./bugs/wait-set.ts";
import { finds, holds } from "./verdicts.ts";
import * as scenarios from "./scenarios/wait-set.scenarios.ts";

describe("WaitSet: in no schedule does an agent sleep beside what it waits for", () => {
  test("two agents, a wake-up each", holds(scenarios.oneEach));
  test("two agents, a wake-up for all", holds(scenarios.allAtOnce));
  test("one overtakes another that was woken", holds(scenarios.overtaking, { preemptions: 1 }));
  test("one gives up", holds(scenarios.givingUp, { expiries: 1 }));
  test("one dies", holds(scenarios.dying, { deaths: 1, preemptions: 1 }));
});

describe("WaitSet: the scenarios find", () => {
  test(
    "an agent that is counted after it entered",
    finds(bugs.countsAfterItEnters, scenarios.oneEach, { as: "deadlock" }),
  );
  test(
    "two wakers that choose the same agent",
    finds(bugs.choosesWhoIsChosen, scenarios.twoGivers, { as: "deadlock" }),
  );
  test(
    "an agent that looks before it enters",
    finds(bugs.looksBeforeItEnters, scenarios.oneEach, { as: "deadlock" }),
  );
  test(
    "an agent that enters before it has armed its bell",
    finds(bugs.entersBeforeItArms, scenarios.overtaking, { as: "deadlock" }),
  );
  test(
    "an agent that gives up with a wake-up",
    finds(bugs.givesUpWithTheWakeUp, scenarios.givingUp, { as: "check", expiries: 1 }),
  );
  test(
    "a death that takes a wake-up along",
    finds(bugs.takesTheWakeUpAlong, scenarios.dying, { as: "check", deaths: 1 }),
  );
});
