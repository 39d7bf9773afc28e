import { describe, test } from "node:test";

import * as bugs from "./bugs/call-table.ts";
import * as scenarios from "./scenarios/call-table.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const preemptions = 3;
describe("CallTable: in no schedule is a call run twice, run though cancelled, or lost", () => {
  test(
    "two workers claim the same ids",
    holds(scenarios.twoWorkersClaim, { preemptions, isCostly: true }),
  );
  test("the owner cancels while workers claim", holds(scenarios.ownerCancels));
  test("the owner cancels and uses the entry again", holds(scenarios.ownerRecyclesCancelled));
  test(
    "the owner uses the entry of a finished call again",
    holds(scenarios.ownerRecyclesFinished, { isCostly: true }),
  );
});

describe("CallTable.heldBy(worker): finds exactly the calls of a worker that died at any step", () => {
  test("two workers", holds(scenarios.twoWorkersClaim, { deaths: 1, preemptions: 1 }));
  test(
    "two workers and a cancelling owner",
    holds(scenarios.ownerCancels, { deaths: 1, preemptions: 1 }),
  );
});

describe("CallTable.end(id): in no schedule is a call both finished and taken, or another one hit", () => {
  test("the owner asks, takes and uses the entry again", holds(scenarios.ownerEnds));
  test("and a worker dies", holds(scenarios.ownerEnds, { deaths: 1, preemptions: 1 }));
});

describe("CallTable: the scenarios find", () => {
  const as = "check";
  test(
    "a claim by load and store",
    finds(bugs.claimsByLoadAndStore, scenarios.twoWorkersClaim, { as }),
  );
  test(
    "a cancellation by load and store",
    finds(bugs.cancelsByStore, scenarios.ownerCancels, { as }),
  );
  test(
    "a claim that does not name the worker",
    finds(bugs.forgetsTheWorker, scenarios.twoWorkersClaim, { as: "assertion", preemptions: 1 }),
  );
  test("a result stored over an end", finds(bugs.finishesByStore, scenarios.ownerEnds, { as }));
  test(
    "an end stored over a result",
    finds(bugs.endsByStore, scenarios.ownerEnds, { as: "assertion" }),
  );
  test("a request that is not cleared", finds(bugs.clearsNoRequest, scenarios.ownerEnds, { as }));
});
