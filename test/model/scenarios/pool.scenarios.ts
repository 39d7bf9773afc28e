/**
 * A pool of two workers, in small: what shared-transport.ts and shared-worker.ts
 * do with the memories, step for step, without arguments and results in shared memory.
 *
 * The owner submits two calls, sleeps on its doorbell, settles what is finished. Where
 * the calls need messages, it announces the function of each first, and hands the arguments
 * of the second to the worker that asks for them. A port is a word that counts what has been
 * posted; a worker looks at it only while its event loop turns.
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
} from "../../../build/src/testing/explorer/scenario.js";

import { add, load, notify, store, wait } from "../../../build/src/memory/atomics.js";
import { Doorbell } from "../../../build/src/memory/doorbell.js";
import { Parking } from "../../../build/src/memory/parking.js";
import { NOTHING, Ring } from "../../../build/src/memory/ring.js";
import { CallTable } from "../../../build/src/memory/call-table.js";

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
  needed: CALLS,
  ports: WORKERS * 3,
};

type Names = keyof typeof memory;

/** What is noted of a call. */
const RUN = 10;
const SETTLED = 20;
const HELD = 30;
const NOT_STARTED = 40;

/** Words of a port: how many messages, how many of them announcements, and whose arguments. */
const MESSAGES = 0;
const ANNOUNCED = 1;
const ARGUMENTS = 2;
const PORT_WORDS = 3;

class Pool {
  readonly calls: Ring;
  readonly finished: Ring;
  readonly parking: Parking;
  readonly table: CallTable;
  readonly bell: Doorbell;
  readonly #closing: Int32Array;
  readonly #dead: Int32Array;
  readonly #needed: Int32Array;
  readonly #ports: Int32Array;

  constructor(shared: Shared<Names>) {
    const { closing, calls, finished, parking, table, bell, dead, needed, ports } = shared;
    this.calls = new Ring(calls, SLOTS, CALLS);
    this.finished = new Ring(finished, SLOTS, CALLS);
    this.parking = new Parking(parking, WORKERS, () => assert.fail("no worker sleeps on its bell"));
    this.table = new CallTable(table, 1);
    this.bell = new Doorbell(bell);
    this.#closing = closing;
    this.#dead = dead;
    this.#needed = needed;
    this.#ports = ports;
  }

  /** @param announced How many announcements there have been. */
  submit(id: number, announced: number): void {
    this.#needed[id] = announced;
    this.table.enqueue(id);
    assert.ok(this.calls.push(id), "the call ring is full");
    this.parking.wakeOne();
  }

  /** Owner: tells all workers about one more function. */
  announce(announced: number): void {
    for (let worker = 0; worker < WORKERS; worker++) this.#post(worker, ANNOUNCED, announced);
  }

  /** Owner: a worker has asked for the call's arguments. */
  deliver(id: number): void {
    this.#post(this.table.workerOf(id), ARGUMENTS, id + 1);
  }

  #post(worker: number, word: number, value: number): void {
    const port = worker * PORT_WORDS;
    store(this.#ports, port + word, value);
    add(this.#ports, port + MESSAGES, 1);
    notify(this.#ports, port + MESSAGES);
  }

  /** Worker: how many announcements the call needs. */
  needed(id: number): number {
    return this.#needed[id] as number;
  }

  /** Worker: lets its event loop turn until so many announcements have come; returns how many have. */
  untilAnnounced(worker: number, needed: number): number {
    return this.#untilPosted(worker, ANNOUNCED, (announced) => announced >= needed);
  }

  /** Worker: lets its event loop turn until the call's arguments have come. */
  untilDelivered(worker: number, id: number): void {
    this.#untilPosted(worker, ARGUMENTS, (posted) => posted === id + 1);
  }

  #untilPosted(worker: number, word: number, isIt: (value: number) => boolean): number {
    const port = worker * PORT_WORDS;
    for (;;) {
      const messages = load(this.#ports, port + MESSAGES);
      const value = load(this.#ports, port + word);
      if (isIt(value)) return value;
      wait(this.#ports, port + MESSAGES, messages);
    }
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
  readonly #options: PoolOptions;

  constructor(pool: Pool, note: AgentContext["note"], options: PoolOptions) {
    this.#pool = pool;
    this.#note = note;
    this.#options = options;
  }

  run(): void {
    const pool = this.#pool;
    this.#submit();
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

  #submit(): void {
    let announced = 0;
    for (const id of this.#unsettled) {
      if (this.#options.byMessage) this.#pool.announce(++announced);
      this.#pool.submit(id, announced);
    }
  }

  #drain(): void {
    for (let id = this.#pool.finished.take(); id !== NOTHING; id = this.#pool.finished.take()) {
      if (this.#pool.table.isWanted(id)) {
        this.#pool.deliver(id);
        continue;
      }
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
    if (this.#options.repairs) this.#repair(dead);
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

interface PoolOptions {
  /** Whether the survivor goes on after a death; otherwise the pool breaks. */
  readonly repairs: boolean;
  /** Whether functions are announced, and the second call's arguments come by message. */
  readonly byMessage: boolean;
}

function owner(options: PoolOptions): Body<Names> {
  return (shared, { note }) => new Owner(new Pool(shared), note, options).run();
}

function poolWorker({ byMessage }: PoolOptions): Body<Names> {
  return (shared, { agent, note }) => {
    const memories = new Pool(shared);
    const { calls, parking, table, finished, bell } = memories;
    const claim = (id: number): boolean => table.claim(id, agent);
    let announced = 0;
    /** Waits for the messages that the call needs. */
    const prepare = (id: number): void => {
      const needed = memories.needed(id);
      if (announced < needed) announced = memories.untilAnnounced(agent, needed);
      assert.ok(announced > id, `the function of call ${id} is not known`);
      if (id === 0) return;
      table.want(id, agent);
      assert.ok(finished.push(id), "the finished ring is full");
      bell.ring();
      memories.untilDelivered(agent, id);
      table.resume(id, agent);
    };
    for (;;) {
      let isFirst = true;
      for (let id = calls.take(claim); id !== NOTHING; id = calls.take(claim)) {
        if (isFirst && !calls.isEmpty()) parking.wakeOne();
        isFirst = false;
        if (byMessage) prepare(id);
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
}

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

function poolWith(name: string, options: PoolOptions): Scenario<Names> {
  return scenario(import.meta.url, name, {
    memory,
    agents: [poolWorker(options), poolWorker(options), owner(options)],
    mortal: [0, 1],
    afterDeath: (shared, dead) => new Pool(shared).markDead(dead),
    check,
  });
}

export const poolThatBreaks: Scenario<Names> = poolWith("poolThatBreaks", {
  repairs: false,
  byMessage: false,
});
export const poolThatRepairs: Scenario<Names> = poolWith("poolThatRepairs", {
  repairs: true,
  byMessage: false,
});
/** The survivor of a pool that breaks is terminated while it waits for a message; this one goes on. */
export const poolWithMessages: Scenario<Names> = poolWith("poolWithMessages", {
  repairs: true,
  byMessage: true,
});
