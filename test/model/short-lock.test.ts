import { describe, test } from "node:test";

import * as bugs from "./bugs/short-lock.ts";
import * as scenarios from "./scenarios/short-lock.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const settings = [bugs.looksOnce];

describe("ShortLock: in no schedule do two agents have it, or one sleep for ever", () => {
  test("two agents", holds(scenarios.two, { settings, preemptions: 3 }));
  test("two agents, twice each", holds(scenarios.twoTwice, { settings }));
  test("three agents", holds(scenarios.three, { settings }));
});

describe("ShortLock: whoever dies, the others get it, one at a time", () => {
  test("one of two dies", holds(scenarios.two, { settings, deaths: 1, expiries: 1 }));
  test(
    "one of three dies",
    holds(scenarios.three, { settings, deaths: 1, expiries: 1, preemptions: 1 }),
  );
  test("two of three die", holds(scenarios.three, { settings, deaths: 2, preemptions: 0 }));
});

describe("ShortLock: the scenarios find", () => {
  test(
    "an acquire that does not compare",
    finds(bugs.takesWithoutComparing, scenarios.three, {
      settings,
      preemptions: 3,
      as: "assertion",
    }),
  );
  test(
    "a sleeper that forgets that others may sleep",
    finds(bugs.forgetsOtherSleepers, scenarios.three, { settings, as: "check" }),
  );
  test(
    "a release that wakes nobody",
    finds(bugs.wakesNobody, scenarios.two, { settings, as: "check" }),
  );
  test(
    "a lock taken from whoever has it by now",
    finds(bugs.takesFromWhoeverHasItNow, scenarios.three, {
      settings,
      deaths: 1,
      expiries: 1,
      as: "assertion",
    }),
  );
});
