/** Blocks for the results of calls that end their workers; prints how that ended, twice. */
import process from "node:process";
import { BrokenThreadPool, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { exhaustMemory, exit, rejectUnheard, square, throwLater } from "../../../support/tasks.ts";

const CALLS = { exit, throwLater, rejectUnheard, exhaustMemory };

const pool = new ThreadPoolExecutor({ maxWorkers: 1, threadNamePrefix: "doomed" });
pool.submit(square, 2).resultSync();
const call: (code: number) => unknown = CALLS[process.argv[2] as keyof typeof CALLS];
for (let round = 0; round < 2; round++) {
  try {
    pool.submit(call, 7).resultSync();
  } catch (error) {
    const { message, worker, started, cause } = error as BrokenThreadPool;
    console.log(error instanceof BrokenThreadPool, message, worker, started, String(cause));
  }
  // Another worker has taken its place, and dies in its turn.
  console.log(pool.submit(square, 3).resultSync());
}
await pool.shutdown();
