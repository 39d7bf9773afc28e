/** The whole census: find the files, analyse them in a pool, measure what the pool was worth. */

import { analyse, now } from "./analyse.ts";
import type { Outcome } from "./analyse.ts";
import { compare } from "./compare.ts";
import type { Comparison } from "./compare.ts";
import { openPool } from "./executors.ts";
import type { ExecutorName } from "./executors.ts";
import { findFiles } from "./find-files.ts";
import { number } from "./format.ts";

export interface Census {
  readonly folder: string;
  readonly workers: number;
  /** One for each file, in the order of their paths. */
  readonly outcomes: readonly Outcome[];
  /** When the pool was started, on the clock of the outcomes. */
  readonly startMs: number;
  readonly elapsedMs: number;
  readonly comparison: Comparison;
}

export async function takeCensus(
  folder: string,
  workers: number,
  executor: ExecutorName = "threads",
): Promise<Census> {
  const paths = findFiles(folder);
  const where = executor === "inline" ? "this thread" : `${workers} ${executor}`;
  console.log(`Analysing ${number(paths.length)} files of ${folder} in ${where}`);

  const pool = openPool(executor, workers);
  try {
    const startMs = now();
    const outcomes = await pool.map(analyse, paths, { progress: true });
    const elapsedMs = now() - startMs;

    console.log("Doing it again, in one thread and then in the pool, to compare");
    const comparison = await compare(pool, outcomes);
    return { folder, workers, outcomes, startMs, elapsedMs, comparison };
  } finally {
    await pool.shutdown();
  }
}
