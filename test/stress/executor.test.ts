/**
 * Random use of thread pools: nothing lost, nothing hung, every future done with the outcome
 * of its own call, and none cancelled unasked.
 *
 * A second for each seed; HEDDLE_STRESS_SECONDS makes it longer, and
 * HEDDLE_STRESS_SEED repeats a run that has failed.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { type Future, ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { Dice } from "../support/dice.ts";
import { fail, identity, later, ValidationError } from "../support/tasks.ts";

const SECONDS = Number(process.env["HEDDLE_STRESS_SECONDS"] ?? 1);
const SEEDS = process.env["HEDDLE_STRESS_SEED"]?.split(",").map(Number) ?? [1, 2];

/** Does not fit into shared memory. */
const LARGE = Array.from({ length: 3000 }, (_, index) => `item ${index}`);

/** A call, and what has to come of it: a result, or the message of an error. */
interface Call {
  readonly future: Future<unknown>;
  readonly result?: unknown;
  readonly message?: string;
  mayBeCancelled: boolean;
}

function submitSomething(pool: ThreadPoolExecutor, dice: Dice, index: number): Call {
  const call = (future: Future<unknown>, expected: { result: unknown } | { message: string }) => {
    return { future, ...expected, mayBeCancelled: false };
  };
  const kind = dice.roll(100);
  if (kind < 60) return call(pool.submit(identity, index), { result: index });
  if (kind < 70) return call(pool.submit(later, index), { result: index * 2 });
  const message = `on purpose, ${index}`;
  if (kind < 75) return call(pool.submit(fail, message), { message });
  const result = kind < 77 ? [index, ...LARGE] : { index, text: "small" };
  return call(pool.submit(identity, result), { result });
}

async function usePool(dice: Dice): Promise<Call[]> {
  const sharedMemory = dice.roll(5) > 0;
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 + dice.roll(4), sharedMemory });
  const calls: Call[] = [];
  const count = dice.roll(6000);
  for (let index = 0; index < count; index++) {
    calls.push(submitSomething(pool, dice, index));
    if (dice.roll(50) === 0) {
      const chosen = calls[dice.roll(calls.length)];
      if (chosen?.future.cancel() === true) chosen.mayBeCancelled = true;
    }
    if (dice.roll(700) === 0) await new Promise((resolve) => setTimeout(resolve, dice.roll(3)));
  }
  const futures = calls.map((call) => call.future);
  const last = futures.at(-1);
  const ending = dice.roll(4);
  if (ending === 0) {
    for (const call of calls) call.mayBeCancelled ||= !call.future.done();
    await pool.shutdown({ cancelFutures: true });
  } else if (ending === 1) await Promise.allSettled(futures);
  else if (ending === 2 && sharedMemory && last?.cancelled() === false) last.exceptionSync();
  else await wait(futures);
  await pool.shutdown();
  return calls;
}

function assertOutcome({ future, result, message, mayBeCancelled }: Call): void {
  assert.ok(future.done(), String(future));
  if (future.cancelled()) {
    assert.ok(mayBeCancelled, "a call was cancelled unasked");
    return;
  }
  const error = future.exceptionSync();
  if (message === undefined) {
    assert.equal(error, undefined);
    assert.deepEqual(future.resultSync(), result);
  } else {
    assert.ok(error instanceof ValidationError, String(error));
    assert.equal(error.message, message);
  }
}

describe("thread pools under random use", () => {
  for (const seed of SEEDS) {
    it(`seed ${seed}`, async () => {
      const dice = new Dice(seed);
      const endMs = performance.now() + SECONDS * 1000;
      do {
        for (const call of await usePool(dice)) assertOutcome(call);
      } while (performance.now() < endMs);
    });
  }
});
