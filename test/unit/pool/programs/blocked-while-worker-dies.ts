/** Blocks for the result of a call that ends its worker; prints how that ended. */
import process from "node:process";
import { BrokenThreadPool, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { exhaustMemory, exit, rejectUnheard, square, throwLater } from "../../../support/tasks.ts";

const CALLS = { exit, throwLater, rejectUnheard, exhaustMemory };

const pool = new ThreadPoolExecutor({ maxWorkers: 1, threadNamePrefix: "doomed" });
pool.submit(square, 2).resultSync();
const call: (code: number) => unknown = CALLS[process.argv[2] as keyof typeof CALLS];
try {
  pool.submit(call, 7).resultSync();
} catch (error) {
  const { message, worker, started, cause } = error as BrokenThreadPool;
  console.log(error instanceof BrokenThreadPool, message, worker, started, String(cause));
}
await pool.shutdown();
