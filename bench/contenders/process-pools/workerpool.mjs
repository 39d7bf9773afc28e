/** workerpool, with processes that all start at once. */

import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./workerpool.worker.mjs", import.meta.url));

export const load = () => import("workerpool");

export function open({ default: workerpool }, workers) {
  const pool = workerpool.pool(SCRIPT, {
    minWorkers: "max",
    maxWorkers: workers,
    workerType: "process",
    forkOpts: { serialization: "advanced" },
  });
  return { run: (task, argument) => pool.exec(task, [argument]) };
}
