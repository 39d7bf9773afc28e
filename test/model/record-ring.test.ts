import { describe, test } from "node:test";

import * as bugs from "./bugs/record-ring.ts";
import * as scenarios from "./scenarios/record-ring.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

describe("RecordRing: in every schedule the reader gets every record once, whole and in order", () => {
  test("three records", holds(scenarios.three, { preemptions: 3 }));
  test("round the end of the ring", holds(scenarios.roundTheEnd));
  test("where some do not fit, and go another way", holds(scenarios.seven));
});

describe("RecordRing: a writer that dies at any step leaves whole records", () => {
  test("three records", holds(scenarios.three, { deaths: 1 }));
  test("where some go another way", holds(scenarios.seven, { deaths: 1, preemptions: 1 }));
});

describe("RecordRing: the scenarios find", () => {
  const as = "assertion";
  test(
    "a reader that looks beside the ring before it looks at the ring",
    finds(bugs.looksBesideFirst, scenarios.seven, { as }),
  );
  test(
    "a writer that overwrites what has not been read",
    finds(bugs.forgetsTheReader, scenarios.seven, { as }),
  );
  test(
    "a record that is counted before it has been sent",
    finds(bugs.countsBeforeItSends, scenarios.seven, { as }),
  );
});
