import { describe, test } from "node:test";

import { wakesAllButWhomADeadWakerLeft } from "./bugs/parking.ts";
import * as bugs from "./bugs/pool.ts";
import * as scenarios from "./scenarios/pool.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("A pool of two workers: in no schedule is a call left unsettled or a worker asleep", () => {
  test("while nobody dies", holds(scenarios.poolThatBreaks, { preemptions: 1 }));
  test(
    "a worker dies, and the pool breaks",
    holds(scenarios.poolThatBreaks, { deaths: 1, preemptions: 0 }),
  );
  test(
    "a worker dies, and the other goes on",
    holds(scenarios.poolThatRepairs, { deaths: 1, preemptions: 0 }),
  );
  test("calls need messages", holds(scenarios.poolWithMessages, { preemptions: 1 }));
  test(
    "calls need messages, and a worker dies",
    holds(scenarios.poolWithMessages, { deaths: 1, preemptions: 0 }),
  );
});

describe("A pool of two workers: the scenarios find", () => {
  test(
    "a result that is announced before it is written",
    finds(bugs.announcesBeforeItFinishes, scenarios.poolThatBreaks, {
      as: "assertion",
      preemptions: 1,
    }),
  );
  test(
    "a closing that does not make up for a dead waker",
    finds(wakesAllButWhomADeadWakerLeft, scenarios.poolThatBreaks, {
      as: "deadlock",
      deaths: 1,
      preemptions: 1,
    }),
  );
  test(
    "an owner that arms and does not look again",
    finds(bugs.armsAndDoesNotLook, scenarios.poolThatBreaks, { as: "deadlock", preemptions: 1 }),
  );
  test(
    "a call that is read before what it refers to has been announced",
    finds(bugs.readsTooEarly, scenarios.poolWithMessages, { as: "assertion" }),
  );
  test(
    "a call that does not count its own function's announcement",
    finds(bugs.countsTooFew, scenarios.poolWithMessages, { as: "assertion" }),
  );
  test(
    "a worker that asks for arguments and does not ring",
    finds(bugs.asksAndDoesNotRing, scenarios.poolWithMessages, {
      as: "deadlock",
      preemptions: 1,
    }),
  );
});
