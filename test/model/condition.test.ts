import { describe, test } from "node:test";

import * as bugs from "./bugs/condition.ts";
import * as scenarios from "./scenarios/condition.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("SharedCondition: in every schedule, notify(n) wakes exactly n of those that wait", () => {
  test("one of two", holds(scenarios.notifyOne, { isCostly: true }));
  test("all of two", holds(scenarios.notifyAll, { isCostly: true }));
  test(
    "two that notify, and one that waits twice",
    holds(scenarios.twoNotifiers, { preemptions: 1, isCostly: true }),
  );
  test("one gives up", holds(scenarios.givingUp, { expiries: 1, preemptions: 1 }));
});

describe("SharedCondition: no notification is lost with a waiter that dies", () => {
  test("one of two dies", holds(scenarios.dying, { deaths: 1, preemptions: 1, isCostly: true }));
  test("two die", holds(scenarios.dying, { deaths: 2, preemptions: 0, isCostly: true }));
});

describe("SharedCondition: the scenarios find", () => {
  test(
    "a notifier that rings before it grants",
    finds(bugs.ringsBeforeItGrants, scenarios.notifyOne, { as: "check" }),
  );
  test(
    "a notification for somebody who has one",
    finds(bugs.grantsToThoseNotified, scenarios.twoNotifiers, { as: "check", preemptions: 1 }),
  );
  test(
    "a waiter that frees the lock before it says that it waits",
    finds(bugs.freesTheLockFirst, scenarios.notifyOne, { as: "check" }),
  );
  test(
    "a waiter that gives up without the lock",
    finds(bugs.givesUpWithoutTheLock, scenarios.givingUp, { as: "check", expiries: 1 }),
  );
  const deaths = 1;
  test(
    "a waiter that ignores orphaned grants",
    finds(bugs.leavesOrphanedGrants, scenarios.dying, { as: "check", deaths }),
  );
  test(
    "orphaned grants that are dropped",
    finds(bugs.grantsToTheDead, scenarios.dying, { as: "check", deaths }),
  );
  test(
    "a notifier that does not see whom it notified die",
    finds(bugs.doesNotLookAgain, scenarios.dying, { as: "check", deaths, preemptions: 1 }),
  );
});
