import { describe, test } from "node:test";

import * as bugs from "./bugs/bell-watch.ts";
import * as scenarios from "./scenarios/bell-watch.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("BellWatch: in no schedule does the agent sleep over what was published, or its helper for ever", () => {
  test("one ring", holds(scenarios.listensForOne));
  test("two rings", holds(scenarios.listensForTwo));
  test("an agent that blocks meanwhile", holds(scenarios.blocksAndListens));
});

describe("BellWatch: a helper that dies at any step leaves nobody asleep", () => {
  test("one ring", holds(scenarios.listensForOne, { deaths: 1, isCostly: true }));
  test("two rings", holds(scenarios.listensForTwo, { deaths: 1, preemptions: 1 }));
});

describe("BellWatch: the scenarios find", () => {
  const as = "deadlock";
  test(
    "an agent that asks and does not notify",
    finds(bugs.asksAndDoesNotNotify, scenarios.listensForOne, { as }),
  );
  test(
    "a helper that overwrites the closing",
    finds(bugs.overwritesTheClosing, scenarios.blocksAndListens, { as }),
  );
  test(
    "a closing that leaves the helper asleep on the bell",
    finds(bugs.closesAndDoesNotRing, scenarios.blocksAndListens, { as }),
  );
  test(
    "a helper that forgets to report",
    finds(bugs.reportsBeforeTheRing, scenarios.listensForOne, { as }),
  );
  test(
    "an agent that waits for a dead helper",
    finds(bugs.ignoresTheDeath, scenarios.listensForOne, { as, deaths: 1 }),
  );
});
