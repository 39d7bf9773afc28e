import { describe, test } from "node:test";

import * as bugs from "./bugs/receipts.ts";
import * as scenarios from "./scenarios/receipts.scenarios.ts";
import { finds, holds } from "./verdicts.ts";

const preemptions = 3;
describe("Receipts: in no schedule is an object received and given back, or neither", () => {
  test("the sender takes back while its receiver lives", holds(scenarios.givenUp, { preemptions }));
  test("the receiver dies at any step", holds(scenarios.receiverDies, { deaths: 1 }));
  test("the word had been used before", holds(scenarios.openedAgain));
});

describe("Receipts: the scenarios find", () => {
  const as = "check";
  test(
    "a receiver that does not compare",
    finds(bugs.takesByLoadAndStore, scenarios.givenUp, { as }),
  );
  test("a sender that closes nothing", finds(bugs.closesByLoad, scenarios.givenUp, { as }));
  test("a word that is not opened", finds(bugs.opensNothing, scenarios.openedAgain, { as }));
});
