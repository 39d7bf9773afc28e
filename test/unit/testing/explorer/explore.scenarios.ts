/** Small scenarios that show what the explorer itself does. */
import assert from "node:assert/strict";
import process from "node:process";
import { isMainThread } from "heddle";
import { type Body, type Scenario, scenario } from "heddle/testing";

import { load as captured } from "../../../../build/src/memory/atomics.js";

type Words = Scenario<"words">;
const { add, compareExchange, exchange, load, notify, store, wait } = Atomics;
const memory = { words: 4 };
const anything = (): void => undefined;

const steps =
  (count: number): Body<"words"> =>
  ({ words }) => {
    for (let step = 0; step < count; step++) add(words, 0, 1);
  };

export const twoAgentsOfTwoSteps: Words = scenario(import.meta.url, "twoAgentsOfTwoSteps", {
  memory,
  agents: [steps(2), steps(2)],
  check: anything,
});
export const threeAgentsOfOneStep: Words = scenario(import.meta.url, "threeAgentsOfOneStep", {
  memory,
  agents: [steps(1), steps(1), steps(1)],
  check: anything,
});
export const oneAgentOfThreeSteps: Words = scenario(import.meta.url, "oneAgentOfThreeSteps", {
  memory,
  agents: [steps(3)],
  check: anything,
});

/** An increment that is not atomic. */
const increment: Body<"words"> = ({ words }) => void store(words, 0, load(words, 0) + 1);

export const lostUpdate: Words = scenario(import.meta.url, "lostUpdate", {
  memory,
  agents: [increment, increment],
  check: ({ words }) => assert.equal(words[0], 2),
});

/** The three-state mutex of U. Drepper, "Futexes Are Tricky"; `retaken` is what a woken agent writes. */
const lockTwice =
  (retaken: number): Body<"words"> =>
  ({ words }) => {
    for (let time = 0; time < 2; time++) {
      if (compareExchange(words, 0, 0, 1) !== 0) acquireSlowly(words, retaken);
      assert.equal(add(words, 1, 1), 0, "two agents hold it");
      add(words, 1, -1);
      if (exchange(words, 0, 0) === 2) notify(words, 0, 1);
    }
  };

function acquireSlowly(words: Int32Array, retaken: number): void {
  for (;;) {
    const was = load(words, 0);
    if (was === 0) {
      if (compareExchange(words, 0, 0, retaken) === 0) return;
    } else if (was === 2 || compareExchange(words, 0, 1, 2) !== 0) {
      wait(words, 0, 2);
    }
  }
}

export const mutex: Words = scenario(import.meta.url, "mutex", {
  memory,
  agents: [lockTwice(2), lockTwice(2)],
  check: anything,
});
export const strandingMutex: Words = scenario(import.meta.url, "strandingMutex", {
  memory,
  agents: [lockTwice(1), lockTwice(1), lockTwice(1)],
  check: anything,
});

/** Waits for what never happens: `pause` does not end it. */
export const spinsForEver: Words = scenario(import.meta.url, "spinsForEver", {
  memory,
  agents: [
    ({ words }) => {
      while (load(words, 1) === 0) (Atomics as { pause?: () => void }).pause?.();
    },
    steps(1),
  ],
  check: anything,
});

export const timedWait: Words = scenario(import.meta.url, "timedWait", {
  memory,
  agents: [({ words }, { note }) => note(wait(words, 0, 0, 10) === "timed-out" ? 1 : 0)],
  check: (_, { notes }) => assert.equal(notes[0]?.value, 1),
});

/** A dead agent takes no step more, not even in its `finally`. */
export const diesHolding: Words = scenario(import.meta.url, "diesHolding", {
  memory,
  agents: [
    ({ words }) => {
      store(words, 0, 1);
      try {
        store(words, 1, 1);
      } finally {
        store(words, 0, 0);
      }
    },
  ],
  afterDeath: ({ words }) => void store(words, 2, 1),
  check: ({ words }, { dead }) => {
    assert.ok(["0,0,0", "0,1,0", "0,0,1", "1,0,1", "1,1,1"].includes(String(words.slice(0, 3))));
    assert.equal(words[2], dead.length);
  },
});

export const lostBigUpdate: Words = scenario(import.meta.url, "lost big update", {
  memory,
  agents: [incrementBig, incrementBig],
  check: ({ words }) => assert.equal(words[0], 2),
});

function incrementBig({ words }: { readonly words: Int32Array }): void {
  const big = new BigInt64Array(words.buffer);
  Atomics.store(big, 0, Atomics.load(big, 0) + 1n);
}

/** Set by fixtures/prelude.ts. */
const fromPrelude = (globalThis as { fromPrelude?: number }).fromPrelude ?? 0;

export const seesThePrelude: Words = scenario(import.meta.url, "sees the prelude", {
  memory,
  agents: [({ words }) => store(words, 0, fromPrelude)],
  check: ({ words }) => assert.equal(words[0], 7),
});

/** Its heddle has the replaced operations, so it was loaded after they were. */
export const loadsMemoryLast: Words = scenario(import.meta.url, "loads memory last", {
  memory,
  agents: [() => assert.equal(captured, Atomics.load)],
  check: anything,
});

export const throws: Words = scenario(import.meta.url, "throws", {
  memory,
  agents: [
    steps(1),
    () => {
      throw new Error("thrown by an agent");
    },
  ],
  check: anything,
});

export const loops: Words = scenario(import.meta.url, "loops", {
  memory,
  agents: [
    ({ words }) => {
      for (add(words, 0, 1); words[0] === 1;);
    },
  ],
  check: anything,
});

export const isAsync: Words = scenario(import.meta.url, "is async", {
  memory,
  agents: [async ({ words }) => void add(words, 0, 1)],
  check: anything,
});

export const waitsElsewhere: Words = scenario(import.meta.url, "waits elsewhere", {
  memory,
  agents: [() => void wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)],
  check: anything,
});

let runs = 0;
export const remembers: Words = scenario(import.meta.url, "remembers", {
  memory,
  agents: [(shared, context) => steps(runs++ === 0 ? 3 : 1)(shared, context), steps(1)],
  check: anything,
});

export const exits: Words = scenario(import.meta.url, "exits", {
  memory,
  agents: [() => process.exit(0)],
  check: anything,
});

const twice = (): Words =>
  scenario(import.meta.url, "defined twice", { memory, agents: [steps(1)], check: anything });
export const definedTwice: Words = twice();
if (!isMainThread) twice();
