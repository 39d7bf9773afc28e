/**
 * One agent writes numbered records, some of which do not fit and go beside the ring, and rings; one
 * reads until it has all, and sleeps when there is none.
 */
import assert from "node:assert/strict";
import {
  type Body,
  type Outcome,
  type Scenario,
  scenario,
  type Shared,
} from "../../../build/src/testing/explorer/scenario.js";

import { load, store } from "../../../build/src/memory/atomics.js";
import { Doorbell } from "../../../build/src/memory/doorbell.js";
import { type Horizon, RecordRing } from "../../../build/src/memory/record-ring.js";

/** Two records of 24 bytes fit, and 16 bytes are left: the third begins with a filler. */
const RING_BYTES = 128;
const memory = {
  ring: RecordRing.words(RING_BYTES),
  bell: 1,
  /** In place of a port: how many records it has had, and their numbers. */
  port: 16,
  over: 1,
};

type Names = keyof typeof memory;
type Memory = Shared<Names>;

const NOTHING = new Uint8Array(0);
/** So large that it takes up as much as two. */
const LARGE = new Uint8Array(8).fill(7);

function post({ port }: Memory, number: number): void {
  const posted = load(port, 0);
  store(port, posted + 1, number);
  store(port, 0, posted + 1);
}

/** Writes a record or, if there is no room, sends it beside the ring. */
function write(ring: RecordRing, shared: Memory, bytes: Uint8Array): void {
  const number = ring.count;
  if (!ring.tryWrite(1, 2, 3, number, bytes)) {
    post(shared, number);
    ring.sentBeside();
  }
  new Doorbell(shared.bell).ring();
}

const writer =
  (...records: readonly Uint8Array[]): Body<Names> =>
  (shared) => {
    const ring = new RecordRing(shared.ring);
    for (const bytes of records) write(ring, shared, bytes);
    store(shared.over, 0, 1);
    new Doorbell(shared.bell).ring();
  };

class Reader {
  readonly #ring: RecordRing;
  readonly #shared: Memory;
  #taken = 0;

  constructor(shared: Memory) {
    this.#ring = new RecordRing(shared.ring);
    this.#shared = shared;
  }

  /** Reads what is there now; returns the numbers. */
  read(): number[] {
    const numbers: number[] = [];
    const horizon = this.#ring.look();
    for (let number; (number = this.#next(horizon)) !== undefined;) numbers.push(number);
    return numbers;
  }

  #next(horizon: Horizon): number | undefined {
    const { port } = this.#shared;
    if (this.#taken !== horizon.beside) {
      const next = load(port, this.#taken + 1);
      assert.ok(this.#taken < load(port, 0), "counted, and not there");
      if (next === this.#ring.count) {
        this.#taken++;
        this.#ring.tookBeside();
        return next;
      }
    }
    const record = this.#ring.read(horizon);
    if (record === undefined) return undefined;
    assert.deepEqual([record.kind, record.lane, record.bits], [1, 2, 3]);
    assert.ok(record.bytes.every((byte) => byte === 7));
    return record.number;
  }
}

const reader: Body<Names> = (shared, { note }) => {
  const bell = new Doorbell(shared.bell);
  const own = new Reader(shared);
  let count = 0;
  const read = (): void => {
    for (const number of own.read()) {
      assert.equal(number, count, "out of order");
      count++;
    }
  };
  for (;;) {
    read();
    bell.arm();
    // What is over was written before.
    const isOver = load(shared.over, 0) === 1;
    const before = count;
    read();
    if (isOver) break;
    if (count === before) bell.sleep(Infinity);
  }
  bell.disarm();
  note(count);
};

function hasRead(count: number): (shared: Memory, outcome: Outcome) => void {
  return (_, { notes }) =>
    assert.deepEqual(
      notes.map(({ value }) => value),
      [count],
    );
}

/** What a death leaves: whole records, in order, the first ones. */
function report(shared: Memory): void {
  store(shared.over, 0, 1);
  new Doorbell(shared.bell).ringAlways();
}

function ringScenario(name: string, ...records: readonly Uint8Array[]): Scenario<Names> {
  return scenario(import.meta.url, name, {
    memory,
    mortal: [0],
    afterDeath: report,
    agents: [writer(...records), reader],
    check: (shared, outcome) => {
      if (outcome.dead.includes(0)) return;
      hasRead(records.length)(shared, outcome);
    },
  });
}

export const three: Scenario<Names> = ringScenario("three", NOTHING, NOTHING, NOTHING);
export const roundTheEnd: Scenario<Names> = ringScenario(
  "roundTheEnd",
  LARGE,
  LARGE,
  LARGE,
  NOTHING,
  LARGE,
);
export const seven: Scenario<Names> = ringScenario(
  "seven",
  NOTHING,
  LARGE,
  NOTHING,
  NOTHING,
  NOTHING,
  NOTHING,
  LARGE,
);
