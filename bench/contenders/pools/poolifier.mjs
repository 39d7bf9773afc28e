/** poolifier: a fixed pool, everything else at its defaults. Its workers cannot move a result. */

import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./poolifier.worker.mjs", import.meta.url));

export const load = () => import("poolifier");

export function open({ FixedThreadPool }, workers) {
  const pool = new FixedThreadPool(workers, SCRIPT);
  return {
    run: (task, argument) => pool.execute(argument, task),
    mapItems: (task, items) => pool.mapExecute(items, task),
  };
}
