/**
 * One result that comes by message: what shared-transport.ts and worker-pool.ts do when
 * they know of the message, the id in the finished ring and the worker's death in any order.
 *
 * The port is a word: whether a message has been posted, and whether the worker's end is
 * closed. The runtime is an agent that brings both to the owner, in this order, at some time
 * later; the owner's event loop is its bell. An owner that blocks reads the port itself.
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

import { load, notify, or, store, wait } from "../../../build/src/memory/atomics.js";
import { CallTable } from "../../../build/src/memory/call-table.js";
import { Doorbell } from "../../../build/src/memory/doorbell.js";
import { NOTHING, Ring } from "../../../build/src/memory/ring.js";

const SLOTS = 2;
const memory = {
  table: 1,
  finished: Ring.words(SLOTS),
  bell: 1,
  port: 1,
  /** What the runtime has brought to the owner's listeners. */
  brought: 1,
  dead: 1,
};

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const WORKER = 0;

/** Bits of a port. */
const POSTED = 1;
const CLOSED = 2;

/** What is noted. */
const PUSHED = 1;
const SETTLED = 2;
const HELD = 3;

const tableOf = ({ table }: Memory): CallTable => new CallTable(table, 1);
const finishedOf = ({ finished }: Memory): Ring => new Ring(finished, SLOTS, SLOTS);
const bellOf = ({ bell }: Memory): Doorbell => new Doorbell(bell);

function addToPort({ port }: Memory, bit: number): void {
  or(port, 0, bit);
  notify(port, 0);
}

const worker: Body<Names> = (shared, { note }) => {
  const table = tableOf(shared);
  assert.ok(table.claim(0, WORKER));
  addToPort(shared, POSTED);
  table.finish(0, WORKER);
  assert.ok(finishedOf(shared).push(0));
  note(PUSHED);
  bellOf(shared).ring();
};

/** Brings what is in the port to the owner, and ends when nothing more can come. */
const runtime: Body<Names> = (shared) => {
  for (let brought = 0; ;) {
    const there = load(shared.port, 0);
    if (there === brought) {
      if (load(shared.dead, 0) === 0 && brought === POSTED) return;
      wait(shared.port, 0, brought);
      continue;
    }
    // A message comes before the closing, in a turn of its own.
    brought = there === (POSTED | CLOSED) && brought === 0 ? POSTED : there;
    store(shared.brought, 0, brought);
    bellOf(shared).ringAlways();
    if ((brought & CLOSED) !== 0) return;
  }
};

class Owner {
  readonly #shared: Memory;
  readonly #note: AgentContext["note"];
  readonly #blocks: boolean;
  /** What listeners have been called with: changes between turns only. */
  #brought = 0;
  #isExpected = false;
  #isOver = false;

  constructor(shared: Memory, note: AgentContext["note"], blocks: boolean) {
    this.#shared = shared;
    this.#note = note;
    this.#blocks = blocks;
  }

  run(): void {
    const bell = bellOf(this.#shared);
    for (;;) {
      if (this.#look()) return;
      bell.arm();
      if (this.#hasNews()) continue;
      bell.sleep(Infinity);
    }
  }

  /** Handles what has come; returns whether the call is over. */
  #look(): boolean {
    this.#brought = load(this.#shared.brought, 0);
    this.#drain();
    if (!this.#isOver && this.#isDead()) {
      this.#drain(); // what it finished before it died counts
      const hasClosed = (this.#brought & CLOSED) !== 0;
      if (!this.#isOver && (!this.#isExpected || hasClosed)) this.#end(HELD);
    }
    return this.#isOver;
  }

  #drain(): void {
    if (finishedOf(this.#shared).take() !== NOTHING) {
      assert.ok(tableOf(this.#shared).isDone(0), "an id in the finished ring is not done");
      this.#isExpected = true;
    }
    if (!this.#isExpected) return;
    const messages = this.#blocks ? load(this.#shared.port, 0) : this.#brought;
    if ((messages & POSTED) !== 0) return this.#end(SETTLED);
    assert.ok(!this.#blocks, "the message of a finished call is not in the port");
  }

  #end(fate: number): void {
    tableOf(this.#shared).free(0);
    this.#isOver = true;
    this.#isExpected = false;
    this.#note(fate);
  }

  #isDead(): boolean {
    return load(this.#shared.dead, 0) === 1;
  }

  #hasNews(): boolean {
    if (!finishedOf(this.#shared).isEmpty()) return true;
    if (this.#isExpected) return load(this.#shared.brought, 0) !== this.#brought;
    return this.#isDead();
  }
}

/** The result of a call that was finished counts; of any other, the death is reported. */
function check(_: Memory, { notes, dead }: Outcome): void {
  const facts = notes.map(({ value }) => value);
  const fates = facts.filter((fact) => fact !== PUSHED);
  assert.equal(fates.length, 1, "the call was settled or reported not once");
  if (dead.length === 0 || facts.includes(PUSHED)) assert.deepEqual(fates, [SETTLED]);
}

function resultFor(name: string, blocks: boolean): Scenario<Names> {
  return scenario(import.meta.url, name, {
    memory,
    setup: (shared) => tableOf(shared).enqueue(0),
    agents: [worker, (shared, { note }) => new Owner(shared, note, blocks).run(), runtime],
    mortal: [WORKER],
    afterDeath: (shared) => {
      store(shared.dead, 0, 1);
      addToPort(shared, CLOSED);
      bellOf(shared).ringAlways();
    },
    check,
  });
}

export const awaited: Scenario<Names> = resultFor("awaited", false);
export const blockedFor: Scenario<Names> = resultFor("blockedFor", true);
