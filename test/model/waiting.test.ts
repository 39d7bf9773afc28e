import { describe, test } from "node:test";

import * as bugs from "./bugs/waiting.ts";
import { finds, holds } from "./verdicts.ts";
import * as scenarios from "./scenarios/waiting.scenarios.ts";

const { SETTINGS: settings } = bugs;
const preemptions = 1;
const maxSteps = 4000;

describe("Blocking waits: in no schedule do two hold a lock, or one wait for ever", () => {
  test("two agents", holds(scenarios.twoTakeTurns, { settings, maxSteps }));
  test(
    "one of which comes twice",
    holds(scenarios.oneComesTwice, { settings, preemptions: 3, maxSteps }),
  );
  test(
    "one of which may die",
    holds(scenarios.oneMayDie, { settings, deaths: 1, maxSteps, isCostly: true }),
  );
});

describe("Deadlocks: a circle ends by one refusal, and nobody else is refused", () => {
  test(
    "two reentrant locks",
    holds(scenarios.circleOfOwned, { settings, maxSteps, isCostly: true }),
  );
  test("two plain locks", holds(scenarios.circleOfLocks, { settings, preemptions, maxSteps }));
  test(
    "two locks, always in the same order",
    holds(scenarios.sameOrder, { settings, preemptions, maxSteps }),
  );
  test("locks that signal", holds(scenarios.handshake, { settings, maxSteps, isCostly: true }));
  test(
    "a handle on its way that no agent is left to receive",
    holds(scenarios.handleForNoOne, { settings, preemptions, maxSteps }),
  );
  test(
    "a handle on its way to an agent that waits, too",
    holds(scenarios.handleOnItsWay, { settings, preemptions, maxSteps }),
  );
  test(
    "a handle that an agent sends on before it waits",
    holds(scenarios.handedOn, { settings, preemptions, maxSteps, isCostly: true }),
  );
});

describe("Blocking waits: the scenarios find", () => {
  test(
    "a waiter that does not look again",
    finds(bugs.entersLate, scenarios.twoTakeTurns, { settings, maxSteps, as: "deadlock" }),
  );
  test(
    "a waiter that enters before it has armed its bell",
    finds(bugs.entersBeforeItArms, scenarios.oneComesTwice, {
      settings,
      preemptions: 3,
      maxSteps,
      as: "deadlock",
    }),
  );
  test(
    "a death that is not announced",
    finds(bugs.silentDeath, scenarios.oneMayDie, { settings, maxSteps, deaths: 1, as: "deadlock" }),
  );
  test(
    "a search before falling asleep",
    finds(bugs.searchesFirst, scenarios.circleOfOwned, { settings, maxSteps, as: "deadlock" }),
  );
  test(
    "an agent that says it sleeps before it looks",
    finds(bugs.sleepsBeforeItLooks, scenarios.handshake, {
      settings,
      maxSteps,
      preemptions: 1,
      as: "assertion",
    }),
  );
  test(
    "two that give up at once",
    finds(bugs.bothGiveUp, scenarios.circleOfOwned, {
      settings,
      preemptions: 3,
      maxSteps,
      as: "deadlock",
    }),
  );
  test(
    "a search that forgets handles on their way",
    finds(bugs.forgetsWhatIsOnItsWay, scenarios.handleOnItsWay, {
      settings,
      preemptions,
      maxSteps,
      as: "assertion",
    }),
  );
  test(
    "an agent that gives up after one search",
    finds(bugs.searchesOnce, scenarios.handedOn, {
      settings,
      preemptions,
      maxSteps,
      as: "assertion",
    }),
  );
});
