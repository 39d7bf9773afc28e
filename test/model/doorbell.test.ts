import { describe, test } from "node:test";

import * as bugs from "./bugs/doorbell.ts";
import * as scenarios from "./scenarios/doorbell.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const preemptions = 3;
describe("Doorbell: in no schedule does the agent sleep over what was published", () => {
  test("two ringers", holds(scenarios.sleepsForTwo, { preemptions }));
  test("two ringers that ring twice", holds(scenarios.sleepsForMany));
  test("an agent whose event loop turns", holds(scenarios.listensForTwo, { preemptions }));
  test(
    "an agent that blocks while an older wait is left",
    holds(scenarios.blocksWhileItListens, { preemptions }),
  );
  test("an agent whose sleep times out", holds(scenarios.sleepsWithTimeout, { expiries: 2 }));
});

describe("Doorbell.ringAlways(): a ringer that dies at any step leaves nobody asleep", () => {
  test("one of two", holds(scenarios.sleepsForTwo, { deaths: 1 }));
  test("both", holds(scenarios.sleepsForTwo, { deaths: 2, preemptions: 1 }));
  test("while the agent's event loop turns", holds(scenarios.listensForTwo, { deaths: 1 }));
});

describe("Doorbell: the scenarios find", () => {
  const as = "deadlock";
  test(
    "a ringer that notifies first",
    finds(bugs.notifiesBeforeItIsQuiet, scenarios.sleepsForMany, { as }),
  );
  test(
    "an agent that looks before it arms",
    finds(bugs.looksBeforeItArms, scenarios.sleepsForTwo, { as }),
  );
  test(
    "an agent that looks before it arms, though its sleep has a timeout",
    finds(bugs.looksBeforeItArms, scenarios.sleepsWithTimeout, { as }),
  );
  test(
    "a ringer that rings before it publishes",
    finds(bugs.ringsBeforeItPublishes, scenarios.sleepsForTwo, { as }),
  );
  test(
    "a death that rings only where nobody else was about to",
    finds(bugs.notifiesWithoutQuieting, scenarios.sleepsForTwo, { as, deaths: 1 }),
  );
});
