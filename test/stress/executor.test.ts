/**
 * Random use of thread pools: nothing lost, nothing hung, every future done.
 *
 * A few seconds for each seed; HEDDLE_STRESS_SECONDS makes it longer, and
 * HEDDLE_STRESS_SEED repeats a run that has failed.
 */
import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { type Future, ThreadPoolExecutor, wait } from "heddle/concurrent/futures";
import { Dice } from "../support/dice.ts";
import { fail, identity, later } from "../support/tasks.ts";

const SECONDS = Number(process.env["HEDDLE_STRESS_SECONDS"] ?? 2);
const SEEDS = process.env["HEDDLE_STRESS_SEED"]?.split(",").map(Number) ?? [1, 2];

/** Does not fit into shared memory. */
const LARGE = Array.from({ length: 3000 }, (_, index) => `item ${index}`);

function submitSomething(pool: ThreadPoolExecutor, dice: Dice, index: number): Future<unknown> {
  const kind = dice.roll(100);
  if (kind < 60) return pool.submit(identity, index);
  if (kind < 70) return pool.submit(later, index);
  if (kind < 75) return pool.submit(fail, "on purpose");
  if (kind < 77) return pool.submit(identity, LARGE);
  return pool.submit(identity, { index, text: "small" });
}

async function usePool(dice: Dice): Promise<Future<unknown>[]> {
  const sharedMemory = dice.roll(5) > 0;
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 + dice.roll(4), sharedMemory });
  const futures: Future<unknown>[] = [];
  const count = dice.roll(6000);
  for (let index = 0; index < count; index++) {
    futures.push(submitSomething(pool, dice, index));
    if (dice.roll(50) === 0) futures[dice.roll(futures.length)]?.cancel();
    if (dice.roll(700) === 0) await new Promise((resolve) => setTimeout(resolve, dice.roll(3)));
  }
  const last = futures.at(-1);
  const ending = dice.roll(4);
  if (ending === 0) await pool.shutdown({ cancelFutures: true });
  else if (ending === 1) await Promise.allSettled(futures);
  else if (ending === 2 && sharedMemory && last?.cancelled() === false) last.exceptionSync();
  else await wait(futures);
  await pool.shutdown();
  return futures;
}

describe("thread pools under random use", () => {
  for (const seed of SEEDS) {
    it(`seed ${seed}`, async () => {
      const dice = new Dice(seed);
      const endMs = performance.now() + SECONDS * 1000;
      let used = 0;
      do {
        for (const future of await usePool(dice)) {
          assert.ok(future.done(), String(future));
          if (!future.cancelled()) future.exceptionSync();
        }
        used++;
      } while (performance.now() < endMs);
      assert.ok(used > 0);
    });
  }
});
