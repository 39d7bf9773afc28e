/**
 * An agent whose helper sleeps on its bell in its place, as pump.ts and bell-helper.ts do,
 * and those that publish and ring. The agent's event loop is its inbox, a word that counts
 * what the runtime has brought: reports of the helper, or that it has died.
 */
import assert from "node:assert/strict";
import {
  type AgentContext,
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { add, load, notify, store, wait } from "../../../build/src/memory/atomics.js";
import { BellWatch } from "../../../build/src/memory/bell-watch.js";
import { Doorbell } from "../../../build/src/memory/doorbell.js";

/** The second helper is the successor of the first. */
const memory = { bell: 1, news: 1, first: 1, second: 1, inbox: 1, gone: 1 };

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const HELPER = 1;

const bellOf = ({ bell }: Memory): Doorbell => new Doorbell(bell);
const firstOf = (shared: Memory): BellWatch => new BellWatch(shared.first, bellOf(shared));
const secondOf = (shared: Memory): BellWatch => new BellWatch(shared.second, bellOf(shared));

/** The runtime tells the agent's event loop. */
function bring({ inbox }: Memory): void {
  add(inbox, 0, 1);
  notify(inbox, 0);
}

class Agent {
  readonly #shared: Memory;
  readonly #bell: Doorbell;
  #brought = 0;
  #isListening = false;

  constructor(shared: Memory) {
    this.#shared = shared;
    this.#bell = bellOf(shared);
  }

  /** Waits until there is so much news, while its event loop turns. */
  listenFor(news: number): void {
    while (this.#news() < news) {
      this.#bell.arm();
      if (this.#news() >= news) break;
      if (!this.#isListening) {
        this.#isListening = true;
        const { gone } = this.#shared;
        (load(gone, 0) === 0 ? firstOf(this.#shared) : secondOf(this.#shared)).ask();
      }
      this.#turn();
    }
    this.#bell.disarm();
  }

  #turn(): void {
    const { inbox } = this.#shared;
    while (load(inbox, 0) === this.#brought) wait(inbox, 0, this.#brought);
    this.#brought = load(inbox, 0);
    this.#isListening = false;
  }

  /** The same, blocking its thread. */
  blockFor(news: number): void {
    for (;;) {
      this.#bell.arm();
      if (this.#news() >= news) break;
      this.#bell.sleep(Infinity);
    }
    this.#bell.disarm();
  }

  end(note: AgentContext["note"]): void {
    note(this.#news());
    firstOf(this.#shared).close();
    secondOf(this.#shared).close();
  }

  #news(): number {
    return load(this.#shared.news, 0);
  }
}

const helper =
  (watchOf: (shared: Memory) => BellWatch): Body<Names> =>
  (shared) => {
    while (watchOf(shared).next()) bring(shared);
  };

const ringer =
  (times: number): Body<Names> =>
  (shared) => {
    for (let time = 0; time < times; time++) {
      add(shared.news, 0, 1);
      bellOf(shared).ring();
    }
  };

/** The helper's thread has ended: the agent hears of it, and starts another. */
function replace(shared: Memory, dead: number, context: AgentContext): void {
  assert.equal(dead, HELPER);
  store(shared.gone, 0, 1);
  bring(shared);
  helper(secondOf)(shared, context);
}

function hasSeen(news: number): (shared: Memory, outcome: Outcome) => void {
  return (_, { notes }) =>
    assert.deepEqual(
      notes.map(({ value }) => value >= news),
      [true],
    );
}

const common = { memory, mortal: [HELPER], afterDeath: replace };

export const listensForOne: Scenario<Names> = scenario(import.meta.url, "listensForOne", {
  ...common,
  agents: [
    (shared, { note }) => {
      const agent = new Agent(shared);
      agent.listenFor(1);
      agent.end(note);
    },
    helper(firstOf),
    ringer(1),
  ],
  check: hasSeen(1),
});

export const listensForTwo: Scenario<Names> = scenario(import.meta.url, "listensForTwo", {
  ...common,
  agents: [
    (shared, { note }) => {
      const agent = new Agent(shared);
      agent.listenFor(1);
      agent.listenFor(2);
      agent.end(note);
    },
    helper(firstOf),
    ringer(2),
  ],
  check: hasSeen(2),
});

/** The agent blocks while its helper sleeps on the same bell, or has not come yet. */
export const blocksAndListens: Scenario<Names> = scenario(import.meta.url, "blocksAndListens", {
  ...common,
  agents: [
    (shared, { note }) => {
      const agent = new Agent(shared);
      firstOf(shared).ask();
      agent.blockFor(1);
      agent.listenFor(2);
      agent.end(note);
    },
    helper(firstOf),
    ringer(2),
  ],
  check: hasSeen(2),
});
