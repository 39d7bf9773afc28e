/**
 * A pool of two workers, in small: what shared-transport.ts and shared-worker.ts
 * do with the memories, step for step, without arguments and results.
 *
 * The owner submits two calls, sleeps on its doorbell, settles what is finished.
 * When it learns of a death it either breaks the pool (every call left is
 * reported, the others end) or repairs it (the dead one's calls are reported, the
 * survivor runs the rest). Nothing may end the survivors but the closing: there
 * are runtimes that cannot terminate a sleeping thread.
 */
import assert from "node:assert/strict";
import {
  type AgentContext,
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "heddle/testing";

import { load, store } from "../../dist/memory/atomics.js";
import { Doorbell } from "../../dist/memory/doorbell.js";
import { Parking } from "../../dist/memory/parking.js";
import { NOTHING, Ring } from "../../dist/memory/ring.js";
import { CallTable } from "../../dist/memory/call-table.js";

const CALLS = 2;
const SLOTS = 2;
const WORKERS = 2;
const memory = {
  closing: 1,
  calls: Ring.words(SLOTS),
  finished: Ring.words(SLOTS),
  parking: Parking.words(WORKERS),
  table: CALLS,
  bell: 1,
  dead: WORKERS,
};

type Names = keyof typeof memory;

/** What is noted of a call. */
const RUN = 10;
const SETTLED = 20;
const HELD = 30;
const NOT_STARTED = 40;

class Pool {
  readonly calls: Ring;
  readonly finished: Ring;
  readonly parking: Parking;
  readonly table: CallTable;
  readonly bell: Doorbell;
  readonly #closing: Int32Array;
  readonly #dead: Int32Array;

  constructor({ closing, calls, finished, parking, table, bell, dead }: Shared<Names>) {
    this.calls = new Ring(calls, SLOTS, CALLS);
    this.finished = new Ring(finished, SLOTS, CALLS);
    this.parking = new Parking(parking, WORKERS);
    this.table = new CallTable(table, 1);
    this.bell = new Doorbell(bell);
    this.#closing = closing;
    this.#dead = dead;
  }

  submit(id: number): void {
    this.table.enqueue(id);
    assert.ok(this.calls.push(id), "the call ring is full");
    this.parking.wakeOne();
  }

  close(): void {
    store(this.#closing, 0, 1);
    this.parking.wakeAll();
  }

  get isClosing(): boolean {
    return load(this.#closing, 0) === 1;
  }

  markDead(worker: number): void {
    store(this.#dead, worker, 1);
    this.bell.ringAlways();
  }

  isDead(worker: number): boolean {
    return load(this.#dead, worker) === 1;
  }
}

/** The owner's side. */
class Owner {
  readonly #pool: Pool;
  readonly #note: AgentContext["note"];
  readonly #unsettled = new Set([0, 1]);
  readonly #buried = new Set<number>();
  readonly #repairs: boolean;

  constructor(pool: Pool, note: AgentContext["note"], repairs: boolean) {
    this.#pool = pool;
    this.#note = note;
    this.#repairs = repairs;
  }

  run(): void {
    const pool = this.#pool;
    for (const id of this.#unsettled) pool.submit(id);
    for (;;) {
      this.#drain();
      const dead = this.#newlyDead();
      if (dead !== undefined) this.#takeNoteOf(dead);
      if (this.#unsettled.size === 0) break;
      if (dead !== undefined) continue;
      pool.bell.arm();
      if (!pool.finished.isEmpty() || this.#newlyDead() !== undefined) continue;
      pool.bell.sleep(Infinity);
    }
    pool.close();
  }

  #drain(): void {
    for (let id = this.#pool.finished.take(); id !== NOTHING; id = this.#pool.finished.take()) {
      assert.ok(this.#pool.table.isDone(id), "an id in the finished ring is not done");
      this.#settle(id, SETTLED);
    }
  }

  #settle(id: number, fate: number): void {
    this.#pool.table.free(id);
    this.#unsettled.delete(id);
    this.#note(fate + id);
  }

  #newlyDead(): number | undefined {
    return [0, 1].find((worker) => !this.#buried.has(worker) && this.#pool.isDead(worker));
  }

  #takeNoteOf(dead: number): void {
    this.#buried.add(dead);
    this.#drain(); // what it finished before it died counts
    if (this.#repairs) this.#repair(dead);
    else this.#break();
  }

  #repair(dead: number): void {
    const { table, parking, calls } = this.#pool;
    for (const id of table.heldBy(dead)) this.#settle(id, HELD);
    parking.removeDead(dead);
    if (!calls.isEmpty()) parking.wakeOne();
  }

  #break(): void {
    for (const id of this.#unsettled) {
      this.#unsettled.delete(id);
      this.#note((this.#pool.table.cancel(id) ? NOT_STARTED : HELD) + id);
    }
  }
}

function owner(repairs: boolean): Body<Names> {
  return (shared, { note }) => new Owner(new Pool(shared), note, repairs).run();
}

const worker: Body<Names> = (shared, { agent, note }) => {
  const memories = new Pool(shared);
  const { calls, parking, table, finished, bell } = memories;
  const claim = (id: number): boolean => table.claim(id, agent);
  for (;;) {
    let isFirst = true;
    for (let id = calls.take(claim); id !== NOTHING; id = calls.take(claim)) {
      if (isFirst && !calls.isEmpty()) parking.wakeOne();
      isFirst = false;
      note(RUN + id);
      table.finish(id, agent);
      assert.ok(finished.push(id), "the finished ring is full");
      bell.ring();
    }
    parking.preparePark(agent);
    const isClosing = memories.isClosing;
    if (!calls.isEmpty()) {
      parking.cancelPark(agent);
    } else if (isClosing) {
      if (parking.cancelPark(agent)) return;
    } else {
      parking.park(agent);
    }
  }
};

/** Says that each call was settled once, having been run, or is reported. */
function check(_: Shared<Names>, { notes, dead }: Outcome): void {
  const count = (fact: number): number => notes.filter(({ value }) => value === fact).length;
  for (const id of [0, 1]) {
    const reported = count(HELD + id) + count(NOT_STARTED + id);
    assert.equal(count(SETTLED + id) + reported, 1, `call ${id} was settled or reported not once`);
    assert.ok(count(RUN + id) <= 1, `call ${id} was run twice`);
    if (count(SETTLED + id) === 1)
      assert.equal(count(RUN + id), 1, `call ${id} was settled and not run`);
    if (count(NOT_STARTED + id) === 1)
      assert.equal(count(RUN + id), 0, `call ${id} was run, and taken back`);
    if (dead.length === 0)
      assert.equal(reported, 0, `call ${id} was reported, and nobody has died`);
  }
}

function poolWith(name: string, repairs: boolean): Scenario<Names> {
  return scenario(import.meta.url, name, {
    memory,
    agents: [worker, worker, owner(repairs)],
    mortal: [0, 1],
    afterDeath: (shared, dead) => new Pool(shared).markDead(dead),
    check,
  });
}

export const poolThatBreaks: Scenario<Names> = poolWith("poolThatBreaks", false);
export const poolThatRepairs: Scenario<Names> = poolWith("poolThatRepairs", true);
