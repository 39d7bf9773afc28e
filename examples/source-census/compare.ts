/** How much faster the pool is than one thread: both do the same work, in turn. */

import type { ThreadPoolExecutor } from "heddle/concurrent/futures";

import { analyse } from "./analyse.ts";
import type { Outcome } from "./analyse.ts";

/** About the longest that one thread is kept busy. More work than that is sampled. */
const LIMIT_MS = 30_000;
/** How many files this thread analyses before the clock starts, so that its code is compiled. */
const WARM_UP = 200;

export interface Comparison {
  /** How many files were measured. */
  readonly files: number;
  /** Whether they are only some of the files. */
  readonly isSample: boolean;
  readonly aloneMs: number;
  readonly pooledMs: number;
}

/**
 * Does work that the pool has done before, once in this thread and once more in the pool.
 *
 * By now the pool's threads have compiled the code and the system has read the files, so
 * neither side pays for that.
 *
 * @param outcomes What the pool made of the files; tells which they are and how long they take.
 */
export async function compare(
  pool: ThreadPoolExecutor,
  outcomes: readonly Outcome[],
): Promise<Comparison> {
  const workMs = outcomes.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const paths = every(Math.ceil(workMs / LIMIT_MS), outcomes).map((outcome) => outcome.path);

  for (const path of every(Math.ceil(paths.length / WARM_UP), paths)) analyse(path);

  const start = performance.now();
  for (const path of paths) analyse(path);
  const between = performance.now();
  await pool.map(analyse, paths);
  const end = performance.now();

  return {
    files: paths.length,
    isSample: paths.length < outcomes.length,
    aloneMs: between - start,
    pooledMs: end - between,
  };
}

/** Every `step`-th item, from the middle of the first step on. */
function every<T>(step: number, items: readonly T[]): T[] {
  return items.filter((_, index) => index % step === Math.floor(step / 2));
}
