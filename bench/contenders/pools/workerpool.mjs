/** workerpool, with dedicated workers that all start at once. */

import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./workerpool.worker.mjs", import.meta.url));

export const load = () => import("workerpool");

export const submits = "by its text";

export function open({ default: workerpool }, workers) {
  const pool = workerpool.pool(SCRIPT, {
    minWorkers: "max",
    maxWorkers: workers,
    workerType: "thread",
  });
  return {
    run: (task, argument) => pool.exec(task, [argument]),
    submitFunction: (fn, argument) => pool.exec(fn, [argument]),
    runMoved: (bytes) => pool.exec("echoMoved", [bytes], { transfer: [bytes.buffer] }),
  };
}
