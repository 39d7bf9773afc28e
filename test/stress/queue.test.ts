/**
 * Random use of queues by threads, some of which are ended: nothing lost, nothing
 * twice, nothing hung.
 *
 * A second for each seed; HEDDLE_STRESS_SECONDS makes it longer, and
 * HEDDLE_STRESS_SEED repeats a run that has failed.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { LifoQueue, PriorityQueue, Queue, SimpleQueue } from "heddle/queue";
import { Dice } from "../support/dice.ts";
import {
  type AnyQueue,
  consumeRandomly,
  type Ledger,
  LONG,
  produceRandomly,
  start,
  startDoomed,
} from "../support/queues.ts";
import { makeCounter } from "../support/threads/lock-targets.ts";

const SECONDS = Number(process.env["HEDDLE_STRESS_SECONDS"] ?? 1);
const SEEDS = process.env["HEDDLE_STRESS_SEED"]?.split(",").map(Number) ?? [1, 2];

/** Numbers that each producer puts. */
const EACH = 300;
/** In a priority queue these come last. */
const END = -1;

type Numbered = readonly [n: number, payload: unknown];

function someQueue(dice: Dice): AnyQueue<Numbered> {
  const maxsize = [0, 1, 3, 100][dice.roll(4)];
  const kind = dice.roll(4);
  if (kind === 0) return new SimpleQueue();
  if (kind === 1) return new PriorityQueue<readonly [number, ...unknown[]]>(maxsize) as never;
  return new (kind === 2 ? Queue : LifoQueue)(maxsize);
}

interface Traffic {
  readonly queue: AnyQueue<Numbered>;
  readonly ledger: Ledger;
  /** Producers and consumers that were ended. */
  readonly deadProducers: number;
  readonly deadConsumers: number;
}

async function runTraffic(dice: Dice): Promise<Traffic> {
  const queue = someQueue(dice);
  const producers = 1 + dice.roll(3);
  const consumers = 1 + dice.roll(3);
  const deadProducers = dice.roll(3) === 0 ? 1 : 0;
  const deadConsumers = dice.roll(3) === 0 ? 1 : 0;
  const words = (producers + deadProducers) * EACH;
  const ledger = { begun: makeCounter(words), put: makeCounter(words), got: makeCounter(words) };

  const getting = Array.from({ length: consumers }, () =>
    start(consumeRandomly, queue, ledger, dice.roll(1e6)),
  );
  const putting = Array.from({ length: producers }, (_, i) =>
    start(produceRandomly, queue, ledger, i * EACH, EACH, dice.roll(1e6)),
  );
  const ends: (() => Promise<void>)[] = [];
  if (deadProducers > 0) {
    const first = producers * EACH;
    ends.push(startDoomed(produceRandomly, queue, ledger, first, EACH, dice.roll(1e6)));
  }
  if (deadConsumers > 0) ends.push(startDoomed(consumeRandomly, queue, ledger, dice.roll(1e6)));
  for (const end of ends) {
    await new Promise((resolve) => setTimeout(resolve, 20 + dice.roll(60)));
    await end();
  }

  for (const thread of putting) await thread.join();
  await untilDrained(queue);
  for (const _ of getting) await queue.put([END, null], { timeout: LONG });
  for (const thread of getting) await thread.join({ timeout: LONG });
  assert.ok(
    getting.every((thread) => !thread.isAlive()),
    `a consumer hangs at ${String(queue)}`,
  );
  return { queue, ledger, deadProducers, deadConsumers };
}

async function untilDrained(queue: AnyQueue<Numbered>): Promise<void> {
  const endMs = performance.now() + LONG;
  while (!queue.empty()) {
    assert.ok(performance.now() < endMs, `nobody gets what is in ${String(queue)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function checkLedger({ queue, ledger, deadProducers, deadConsumers }: Traffic): void {
  const { begun, put, got } = ledger;
  let lost = 0;
  let unsure = 0;
  for (let n = 0; n < put.length; n++) {
    const times = got[n] as number;
    assert.ok(times <= 1, `${n} was got ${times} times from ${String(queue)}`);
    assert.ok(times <= (begun[n] as number), `${n} was got and never put`);
    if (put[n] === 1 && times === 0) lost++;
    if (put[n] === 0 && times === 1) unsure++;
  }
  // An item that a dying thread was just getting is gone; one that it was just putting may be in.
  assert.ok(lost <= deadConsumers, `${lost} items are lost in ${String(queue)}`);
  assert.ok(unsure <= deadProducers, `${unsure} items nobody has put`);
}

describe("queues under random use", () => {
  for (const seed of SEEDS) {
    it(`seed ${seed}`, async () => {
      const dice = new Dice(seed);
      const endMs = performance.now() + SECONDS * 1000;
      let rounds = 0;
      do {
        checkLedger(await runTraffic(dice));
        rounds++;
      } while (performance.now() < endMs);
      assert.ok(rounds > 0);
    });
  }
});
