import { describe, test } from "node:test";

import * as scenarios from "./scenarios/barrier.scenarios.ts";
import * as bugs from "./bugs/barrier.ts";
import { finds, holds } from "./verdicts.ts";

describe("SharedBarrier: in every schedule nobody passes before all have arrived, and then all do", () => {
  test("two parties, two rounds", holds(scenarios.twoParties));
  test("three parties", holds(scenarios.threeParties, { isCostly: true }));
  test("with an action", holds(scenarios.action));
});

describe("SharedBarrier: a round that is broken is so for all who had arrived", () => {
  test("by abort()", holds(scenarios.abort));
  test("by reset()", holds(scenarios.reset, { isCostly: true }));
  test("by one that gives up", holds(scenarios.givingUp, { expiries: 1 }));
});

describe("SharedBarrier: whoever dies after it has arrived, nobody waits for it", () => {
  const deaths = 1;
  test("waiting", holds(scenarios.dying, { deaths, preemptions: 1 }));
  test("acting", holds(scenarios.dyingActor, { deaths, preemptions: 1 }));
});

describe("SharedBarrier: the scenarios find", () => {
  test(
    "a last one that wakes one",
    finds(bugs.wakesOne, scenarios.threeParties, { as: "deadlock" }),
  );
  test(
    "an arrival that does not compare",
    finds(bugs.countsWithoutComparing, scenarios.threeParties, { as: "deadlock" }),
  );
  test(
    "an action during which others go on",
    finds(bugs.goesOnDuringTheAction, scenarios.action, { as: "deadlock" }),
  );
  test(
    "a reset that forgets what was broken",
    finds(bugs.forgetsWhatWasBroken, scenarios.reset, { as: "check" }),
  );
  test(
    "an agent that breaks what is over",
    finds(bugs.breaksWhatIsOver, scenarios.givingUp, { as: "check", expiries: 1 }),
  );
  test(
    "an action after which a broken round is whole",
    finds(bugs.finishesWhatIsBroken, scenarios.abort, { as: "check" }),
  );
  test(
    "an abort that wakes nobody",
    finds(bugs.doesNotWakeWhenBroken, scenarios.abort, { as: "deadlock" }),
  );
  const deaths = 1;
  test(
    "an arrival that nobody can see",
    finds(bugs.notesArrivalTooLate, scenarios.dying, { as: "check", deaths }),
  );
  test(
    "a death that was seen and not acted on",
    finds(bugs.hasSeenTheDeathFirst, scenarios.dying, { as: "check", deaths }),
  );
});
