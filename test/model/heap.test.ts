import { describe, test } from "node:test";

import * as bugs from "./bugs/heap.ts";
import * as scenarios from "./scenarios/heap.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const preemptions = 3;

describe("Heap: in no schedule is a word part of two blocks", () => {
  test("two agents that hand blocks to each other", holds(scenarios.twoAllocate, { preemptions }));
  test("one of which may die", holds(scenarios.twoAllocate, { deaths: 1 }));
  test("one frees what the other allocated", holds(scenarios.oneReturns, { preemptions }));
  test("and dies at it", holds(scenarios.oneReturns, { deaths: 1 }));
});

describe("Heap: the scenarios find", () => {
  test(
    "a top that is stored",
    finds(bugs.movesTopByStore, scenarios.twoAllocate, { as: "assertion" }),
  );
  test(
    "a stack that is taken by load",
    finds(bugs.takesReturnedByLoad, scenarios.oneReturns, { as: "check" }),
  );
  test(
    "a block that is not cleared",
    finds(bugs.doesNotClear, scenarios.oneReturns, { as: "assertion" }),
  );
});
