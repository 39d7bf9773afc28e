/** poolifier: a fixed cluster, everything else at its defaults but for what carries typed arrays. */

import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./poolifier.worker.mjs", import.meta.url));

export const load = () => import("poolifier");

export function open({ FixedClusterPool }, workers) {
  const pool = new FixedClusterPool(workers, SCRIPT, { settings: { serialization: "advanced" } });
  return { run: (task, argument) => pool.execute(argument, task) };
}
