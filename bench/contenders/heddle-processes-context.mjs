/** heddle, with processes that a thread of the program's owns, so that the caller may block. */

import * as tasks from "../tasks.mjs";

const functions = { ...tasks };

export const load = async () => ({
  ...(await import("../../dist/concurrent/futures/index.js")),
  ...(await import("../../dist/multiprocessing/index.js")),
});

export function open({ ProcessPoolExecutor, getContext }, workers) {
  const pool = new ProcessPoolExecutor({ maxWorkers: workers, mpContext: getContext() });
  return {
    run: (task, argument) => pool.submit(functions[task], argument),
    mapChunks: (task, items, chunksize) => pool.map(functions[task], items, { chunksize }),
  };
}
