/** What the modules import that main.mjs imports: calls a function of theirs in a worker. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

export const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
/** What the module that is being imported has found. */
export const found = {};

export async function compare(here, fn) {
  found.here = here;
  try {
    found.there = await pool.submit(fn);
  } catch (error) {
    if (error.name !== "NotShippableError") throw error;
    found.refused = error.message;
  }
}
