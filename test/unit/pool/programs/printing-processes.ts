/** Processes that print. */
import { ProcessPoolExecutor } from "heddle/concurrent/futures";

const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
await pool.submit(() => console.log(`out ${"x".repeat(100_000)} end`));
await pool.submit(() => console.error("err"));
await pool.shutdown();
