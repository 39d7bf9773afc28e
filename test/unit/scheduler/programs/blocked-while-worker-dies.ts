/** Blocks for the result of a call that ends its worker; prints how that ended. */
import process from "node:process";
import { BrokenThreadPool, ThreadPoolExecutor } from "heddle/concurrent/futures";
import * as tasks from "../../../support/tasks.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1, threadNamePrefix: "doomed" });
pool.submit(tasks.square, 2).resultSync();
const call = (tasks as unknown as Record<string, () => never>)[
  process.argv[2] as string
] as () => never;
try {
  pool.submit(call, ...([7] as [])).resultSync();
} catch (error) {
  const { message, worker, started, cause } = error as BrokenThreadPool;
  console.log(error instanceof BrokenThreadPool, message, worker, started, String(cause));
}
await pool.shutdown();
