/** Receives shared objects as results, though it imports the executor alone. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { makeLock, makeQueue } from "./makers.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
try {
  pool.submit(makeLock).resultSync();
  console.log("received while it blocked");
} catch (error) {
  console.log(String(error));
}
const lock = (await pool.submit(makeLock)) as { locked(): boolean };
console.log(lock.constructor.name, lock.locked());
const queue = (await pool.submit(makeQueue)) as { empty(): boolean };
console.log(queue.constructor.name, queue.empty());
console.log((pool.submit(makeLock).resultSync() as object).constructor.name);
await pool.shutdown();
