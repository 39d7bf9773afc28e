import { describe, test } from "node:test";

import * as bugs from "./bugs/slot-queue.ts";
import * as scenarios from "./scenarios/slot-queue.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const settings = bugs.small;
const death = { settings, deaths: 1, preemptions: 1 };

describe("SlotQueue: in no schedule is an item lost, taken twice, or left beside a sleeper", () => {
  test("fifo: a store that grows", holds(scenarios.growing, { settings }));
  test("fifo: a store that shrinks", holds(scenarios.shrinking, { settings: bugs.roomy }));
  test("fifo: two put", holds(scenarios.twoPut, { settings, isCostly: true }));
  test("lifo: two put", holds(scenarios.twoPutLifo, { settings, isCostly: true }));
  test("priority: two put", holds(scenarios.twoPutPriority, { settings, isCostly: true }));
  test("fifo: two get", holds(scenarios.twoGet, { settings, isCostly: true }));
  test("lifo: two get", holds(scenarios.twoGetLifo, { settings, isCostly: true }));
  test("fifo: room for one", holds(scenarios.narrow, { settings, isCostly: true }));
  test("lifo: room for one", holds(scenarios.narrowLifo, { settings, isCostly: true }));
  test("a limit that is raised", holds(scenarios.widening, { settings, isCostly: true }));
});

describe("SlotQueue.putBack(): the item is the next, and wakes a getter", () => {
  test("fifo", holds(scenarios.putBack, { settings }));
  test("fifo, into a full store", holds(scenarios.putBackFull, { settings }));
  test("lifo", holds(scenarios.putBackLifo, { settings, isCostly: true }));
  test("priority", holds(scenarios.putBackPriority, { settings, isCostly: true }));
  test("fifo, beyond a limit", holds(scenarios.putBackOver, { settings }));
  test("not after an immediate end", holds(scenarios.puttingBackCut, { settings }));
  test("a death, fifo", holds(scenarios.dyingBack, death));
  test("a death, lifo", holds(scenarios.dyingBackLifo, { ...death, isCostly: true }));
  test("a death, priority", holds(scenarios.dyingBackPriority, { ...death, isCostly: true }));
});

describe("SlotQueue.shutdown(): nobody sleeps on, and no item comes in behind it", () => {
  test("fifo", holds(scenarios.closing, { settings, isCostly: true }));
  test("lifo", holds(scenarios.closingLifo, { settings, isCostly: true }));
  test("priority", holds(scenarios.closingPriority, { settings, isCostly: true }));
  test("an immediate one ends joins", holds(scenarios.cutting, { settings, isCostly: true }));
  test("an immediate one ends puts", holds(scenarios.cuttingFull, { settings, isCostly: true }));
});

describe("SlotQueue.taskDone(): each item once, and the last one ends joins", () => {
  test("a join", holds(scenarios.joined, { settings, isCostly: true }));
  test("two report one item", holds(scenarios.doneTwice, { settings, preemptions: 3 }));
});

describe("SlotQueue: a death at any step leaves it whole", () => {
  test("fifo", holds(scenarios.dying, death));
  test("fifo, growing", holds(scenarios.dyingFull, death));
  test("lifo, growing", holds(scenarios.dyingFullLifo, { ...death, isCostly: true }));
  test("priority, growing", holds(scenarios.dyingFullPriority, { ...death, isCostly: true }));
  test("lifo", holds(scenarios.dyingLifo, { ...death, isCostly: true }));
  test("priority", holds(scenarios.dyingPriority, { ...death, isCostly: true }));
  test(
    "priority, moving items",
    holds(scenarios.dyingSift, { ...death, deaths: 2, isCostly: true }),
  );
  test("room for one", holds(scenarios.dyingNarrow, { ...death, isCostly: true }));
  test("shutting down", holds(scenarios.dyingClosing, death));
});

describe("SlotQueue: the scenarios find", () => {
  test(
    "an item that is put back where a putter writes",
    finds(bugs.putsBackUnseen, scenarios.putBackFull, { settings, as: "check" }),
  );
  test(
    "an item that is put back and wakes nobody",
    finds(bugs.putsBackQuietly, scenarios.putBack, { settings, as: "deadlock" }),
  );
  test(
    "a put that wakes first",
    finds(bugs.wakesBeforeItPuts, scenarios.twoGet, { settings, as: "deadlock" }),
  );
  test(
    "a store that is freed while it is in use",
    finds(bugs.freesFirst, scenarios.dyingFull, { ...death, as: "check" }),
  );
  test(
    "a smaller store without the last item",
    finds(bugs.forgetsTheLast, scenarios.shrinking, {
      settings: bugs.roomy,
      as: "check",
    }),
  );
  test(
    "an end that comes in the middle of a put",
    finds(bugs.closesWithoutLock, scenarios.closing, { settings, as: "check" }),
  );
  test(
    "an end that comes in the middle of a get",
    finds(bugs.closesWithoutTheGetters, scenarios.cutting, { settings, as: "assertion" }),
  );
  test(
    "a get that wakes no putter",
    finds(bugs.wakesNoPutter, scenarios.narrow, { settings, as: "deadlock" }),
  );
  test(
    "a new limit that wakes one putter",
    finds(bugs.wakesOnePutter, scenarios.widening, { settings, as: "deadlock" }),
  );
  test(
    "a report that wakes no joiner",
    finds(bugs.wakesNoJoiner, scenarios.joined, { settings, as: "deadlock" }),
  );
  test(
    "a report that does not compare",
    finds(bugs.reportsWithoutComparing, scenarios.doneTwice, { settings, as: "check" }),
  );
  test(
    "a cut that is there before its place is known",
    finds(bugs.cutsFirst, scenarios.dyingClosing, { ...death, as: "assertion" }),
  );
  test(
    "a get without the lock",
    finds(bugs.takesWithoutLock, scenarios.twoGetLifo, { settings, as: "check" }),
  );
  test(
    "a heap that moves items before the new one counts",
    finds(bugs.movesBeforeItPuts, scenarios.dyingSift, { ...death, as: "check" }),
  );
  test(
    "a heap that nobody tidies",
    finds(bugs.leavesItUntidy, scenarios.dyingSift, { ...death, as: "check" }),
  );
  test(
    "a double that stays",
    finds(bugs.keepsTheDouble, scenarios.dyingSift, { ...death, as: "check" }),
  );
  test(
    "a tidied heap that is none",
    finds(bugs.makesNoHeap, scenarios.dyingPriority, { ...death, as: "check" }),
  );
});
