/** A main module with a top-level await, whose marked function is not exported and uses its variables. */
import { task } from "heddle";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const factor = 3;
const triple = task(import.meta.url, (n: number) => n * factor);

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log(await pool.submit(triple, 14));
await pool.shutdown();
