/** heddle, with processes. */

import * as tasks from "../tasks.mjs";

const functions = { ...tasks };

export const load = () => import("../../dist/concurrent/futures/index.js");

export function open({ ProcessPoolExecutor }, workers) {
  const pool = new ProcessPoolExecutor({ maxWorkers: workers });
  return {
    run: (task, argument) => pool.submit(functions[task], argument),
    mapChunks: (task, items, chunksize) => pool.map(functions[task], items, { chunksize }),
  };
}
