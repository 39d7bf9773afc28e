import { describe, test } from "node:test";

import * as bugs from "./bugs/event.ts";
import * as scenarios from "./scenarios/event.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("SharedEvent: in no schedule is anybody left behind who had come before it was set", () => {
  test("it is set", holds(scenarios.set));
  test("it is set and cleared at once", holds(scenarios.setAndClear));
  test("two set it, and one clears it", holds(scenarios.twoSetters));
  test("one gives up", holds(scenarios.givingUp, { expiries: 1, preemptions: 1 }));
  test(
    "one dies, waiting or setting",
    holds(scenarios.dying, { deaths: 1, preemptions: 1, isCostly: true }),
  );
});

describe("SharedEvent: the scenarios find", () => {
  test(
    "a waiter that looks at the flag alone",
    finds(bugs.looksAtTheFlagAlone, scenarios.setAndClear, { as: "check" }),
  );
  test(
    "a setter that wakes before it sets",
    finds(bugs.wakesBeforeItSets, scenarios.set, { as: "deadlock" }),
  );
  test(
    "a clear that forgets how often it was set",
    finds(bugs.clearsByStoring, scenarios.setAndClear, { as: "check" }),
  );
  test(
    "a clear that leaves it set",
    finds(bugs.clearsNothing, scenarios.setAndClear, { as: "check" }),
  );
  test("a setter that wakes one", finds(bugs.wakesOne, scenarios.set, { as: "deadlock" }));
});
