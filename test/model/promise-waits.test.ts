import { describe, test } from "node:test";

import * as bugs from "./bugs/promise-waits.ts";
import { SETTINGS as settings } from "./bugs/waiting.ts";
import * as scenarios from "./scenarios/promise-waits.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const maxSteps = 4000;
const [wide, narrow] = [
  { settings, maxSteps, preemptions: 2 },
  { settings, maxSteps, preemptions: 1 },
];

describe("Promise waits: in no schedule does one stay pending beside what it waits for", () => {
  test(
    "one that awaits, and one that blocks",
    holds(scenarios.awaitsAndBlocks, { ...wide, preemptions: 3 }),
  );
  test("two that await, one of them twice", holds(scenarios.twoAwait, wide));
  test(
    "one that blocks may die",
    holds(scenarios.blockerMayDie, { ...wide, deaths: 1, isCostly: true }),
  );
  test("one that blocks for something else", holds(scenarios.blocksWhileItAwaits, narrow));
  test(
    "one that blocks for the same",
    holds(scenarios.blocksForWhatItAwaits, { ...wide, preemptions: 3, isCostly: true }),
  );
  test("one of two handles is given up", holds(scenarios.givesUpOneOfTwo, wide));
});

describe("Promise waits of a condition: in every schedule, all that are said to wait are notified", () => {
  test("by another thread", holds(scenarios.awaitedCondition, narrow));
  test("by the one that awaits", holds(scenarios.notifiesItself, narrow));
});

describe("Promise waits: in every schedule, all that came in time have what they wait for", () => {
  test("three permits of a semaphore", holds(scenarios.awaitedSemaphore, narrow));
  test("an event that is set and cleared", holds(scenarios.awaitedEvent, narrow));
});

describe("Questions to a sleeping agent: in every schedule all are answered, and nothing is lost", () => {
  test("by one that awaits", holds(scenarios.asksWhileItAwaits, { ...wide, isCostly: true }));
  test("by two at once", holds(scenarios.twoAsk, narrow));
});

describe("Promise waits: the scenarios find", () => {
  const {
    awaitsAndBlocks,
    awaitedCondition,
    blocksForWhatItAwaits,
    blocksWhileItAwaits,
    givesUpOneOfTwo,
  } = scenarios;
  test(
    "a promise that does not look again",
    finds(bugs.entersLate, awaitsAndBlocks, { ...wide, as: "deadlock" }),
  );
  test(
    "a pump that looks before it has armed its bell",
    finds(bugs.looksBeforeItArms, awaitsAndBlocks, { ...wide, preemptions: 3, as: "deadlock" }),
  );
  test(
    "an agent that blocks with a wake-up for a promise",
    finds(bugs.keepsTheWakeUp, blocksWhileItAwaits, { ...narrow, as: "deadlock" }),
  );
  test(
    "a block that leaves the wait set after the pump has looked",
    finds(bugs.leavesUnseen, blocksForWhatItAwaits, { ...wide, preemptions: 3, as: "deadlock" }),
  );
  test(
    "a promise that gives up for all of the agent's",
    finds(bugs.givesUpForAll, givesUpOneOfTwo, { ...wide, as: "deadlock" }),
  );
  test(
    "a handle that leaves the wait set for all of the agent's",
    finds(bugs.leavesForAllHandles, givesUpOneOfTwo, { ...wide, as: "deadlock" }),
  );
  test(
    "a question after which the pump does not listen",
    finds(bugs.stopsListening, scenarios.asksWhileItAwaits, { ...wide, as: "deadlock" }),
  );
  test(
    "an answer to the last of two that asked",
    finds(bugs.answersTheLastOnly, scenarios.twoAsk, { ...narrow, as: "deadlock" }),
  );
  test(
    "waiters that are counted before a notification can reach them",
    finds(bugs.countsThoseAtTheLock, awaitedCondition, { ...narrow, as: "deadlock" }),
  );
});
