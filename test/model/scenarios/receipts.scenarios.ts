/**
 * A sender that takes back the objects of a value while their receiver takes them, or after its death.
 *
 * An object's word counts those that have it: the receiver adds 1 once it has taken the object, and
 * the sender 1 when it gives the object back.
 */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { add, load } from "../../../build/src/memory/atomics.js";
import { Receipts } from "../../../build/src/memory/receipts.js";

const OBJECTS = 3;
const memory = { receipts: 1, objects: OBJECTS };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

/** What is noted. */
const REFUSED = 1;

const receiver: Body<Names> = ({ receipts, objects }, { note }) => {
  const receipt = new Receipts(receipts);
  for (let index = 0; index < OBJECTS; index++) {
    if (receipt.takeNext(0)) add(objects, index, 1);
    else note(REFUSED);
  }
};

/** Takes back what has not been taken. */
function takeBack({ receipts, objects }: Memory): void {
  const taken = new Receipts(receipts).close(0);
  for (let index = taken; index < OBJECTS; index++) add(objects, index, 1);
}

function counts({ objects }: Memory): number[] {
  return Array.from({ length: OBJECTS }, (_, index) => load(objects, index));
}

/** Each object has been received or given back; a dead receiver has lost one at most, and none twice. */
function eachOnce(shared: Memory, { dead, notes }: Outcome): void {
  const each = counts(shared);
  assert.ok(
    each.every((count) => count <= 1),
    `an object was received and given back: ${each.join(", ")}`,
  );
  const lost = each.filter((count) => count === 0).length;
  assert.ok(lost <= dead.length, `${lost} objects were lost: ${each.join(", ")}`);
  if (dead.length === 0 && notes.length === 0) assert.deepEqual(each, [1, 1, 1]);
}

/** The sender gives the value up while its receiver lives. */
export const givenUp: Scenario<Names> = scenario(import.meta.url, "givenUp", {
  memory,
  agents: [receiver, takeBack],
  check: eachOnce,
});

/** The receiver dies at any step. */
export const receiverDies: Scenario<Names> = scenario(import.meta.url, "receiverDies", {
  memory,
  agents: [receiver],
  mortal: [0],
  afterDeath: takeBack,
  check: (shared, outcome) => {
    if (outcome.dead.length === 0) assert.deepEqual(counts(shared), [1, 1, 1]);
    else eachOnce(shared, outcome);
  },
});

/** A word that was used before: it is opened for another value. */
export const openedAgain: Scenario<Names> = scenario(import.meta.url, "openedAgain", {
  memory,
  setup: ({ receipts }) => {
    const receipt = new Receipts(receipts);
    receipt.takeNext(0);
    receipt.close(0);
  },
  agents: [
    (shared, context) => {
      new Receipts(shared.receipts).open(0);
      receiver(shared, context);
    },
  ],
  check: (shared) => assert.deepEqual(counts(shared), [1, 1, 1]),
});
