import { describe, test } from "node:test";

import * as bugs from "./bugs/semaphore.ts";
import * as scenarios from "./scenarios/semaphore.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("SharedSemaphore: in no schedule does an agent sleep beside a permit, or two take one", () => {
  test("a release of two", holds(scenarios.two));
  test("one overtakes another that was woken", holds(scenarios.overtaking, { preemptions: 1 }));
  test("one gives up", holds(scenarios.givingUp, { expiries: 1 }));
  test(
    "one dies, waiting or releasing",
    holds(scenarios.dying, { deaths: 1, preemptions: 1, isCostly: true }),
  );
});

describe("SharedSemaphore.release(n): never more permits than allowed, and all n or none", () => {
  test("two release at once", holds(scenarios.bounded));
});

describe("SharedSemaphore: the scenarios find", () => {
  test(
    "an acquire that does not compare",
    finds(bugs.takesWithoutComparing, scenarios.two, { as: "check" }),
  );
  test(
    "a release of two that wakes one",
    finds(bugs.wakesOneForAll, scenarios.two, { as: "deadlock" }),
  );
  test(
    "a release that wakes before it adds",
    finds(bugs.wakesBeforeItAdds, scenarios.two, { as: "deadlock" }),
  );
  test(
    "a release that looks at the bound first",
    finds(bugs.looksAtTheBoundFirst, scenarios.bounded, { as: "check" }),
  );
});
