/** Functions of a module that is imported by a name in a variable. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const name = "./imported-by-variable-lib.mjs";
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const results = {};
for (const [key, run] of Object.entries(await import(name))) {
  try {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    results[key] = await run(pool);
  } catch (error) {
    results[key] = String(error);
  }
}
await pool.shutdown();
console.log(JSON.stringify(results));
