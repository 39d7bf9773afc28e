/** How much faster the pool is than one thread: both do the same work, in turn. */

import { analyse } from "./analyse.ts";
import type { Outcome } from "./analyse.ts";
import type { Pool } from "./executors.ts";

/** About the longest that one thread is kept busy. More work than that is sampled. */
const LIMIT_MS = 30_000;
/** The least that one thread is kept busy: in less, chance has too much of a say. */
const ENOUGH_MS = 1000;
const MOST_ROUNDS = 20;
/** How many files this thread analyses before the clock starts, so that its code is compiled. */
const WARM_UP = 200;

export interface Comparison {
  /** How many files were measured. */
  readonly files: number;
  /** Whether they are only some of the files. */
  readonly isSample: boolean;
  /** How long they took one thread. */
  readonly aloneMs: number;
  /** How long they took the pool. */
  readonly pooledMs: number;
}

/**
 * Does work that the pool has done before, in this thread and in the pool.
 *
 * By now the pool's workers have compiled the code and the system has read the files, so
 * neither side pays for that. Work that is soon done is repeated, the two taking turns.
 *
 * @param outcomes What the pool made of the files; tells which they are and how long they take.
 */
export async function compare(pool: Pool, outcomes: readonly Outcome[]): Promise<Comparison> {
  const workMs = outcomes.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const paths = sample(outcomes, LIMIT_MS / workMs).map((outcome) => outcome.path);
  for (const path of sample(paths, WARM_UP / paths.length)) analyse(path);

  let [rounds, aloneMs, pooledMs] = [0, 0, 0];
  for (; aloneMs < ENOUGH_MS && rounds < MOST_ROUNDS; rounds += 1) {
    const start = performance.now();
    for (const path of paths) analyse(path);
    const between = performance.now();
    await pool.map(analyse, paths);
    aloneMs += between - start;
    pooledMs += performance.now() - between;
  }
  return {
    files: paths.length,
    isSample: paths.length < outcomes.length,
    aloneMs: aloneMs / rounds,
    pooledMs: pooledMs / rounds,
  };
}

/** About so large a share of the items, evenly chosen: all of them, every second, every third, … */
function sample<T>(items: readonly T[], share: number): T[] {
  const step = Math.min(Math.ceil(1 / share) || 1, items.length);
  return items.filter((_, index) => index % step === Math.floor(step / 2));
}
