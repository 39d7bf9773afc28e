import { describe, test } from "node:test";

import * as bugs from "./bugs/results.ts";
import * as scenarios from "./scenarios/results.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("A result by message: in no schedule is one lost that a worker has finished, or waited for in vain", () => {
  test("awaited", holds(scenarios.awaited));
  test("the owner blocks", holds(scenarios.blockedFor));
  test("awaited, and the worker dies", holds(scenarios.awaited, { deaths: 1, isCostly: true }));
  test(
    "the owner blocks, and the worker dies",
    holds(scenarios.blockedFor, { deaths: 1, isCostly: true }),
  );
});

describe("A result by message: the scenarios find", () => {
  test(
    "a death that is reported before the message has come",
    finds(bugs.reportsTheDeathTooEarly, scenarios.awaited, { as: "check", deaths: 1 }),
  );
  test(
    "an owner that sleeps over a death",
    finds(bugs.forgetsTheDeath, scenarios.awaited, { as: "deadlock", deaths: 1 }),
  );
  test(
    "a worker that posts last",
    finds(bugs.postsLast, scenarios.blockedFor, { as: "assertion" }),
  );
});
