/** heddle, as its README uses it. */

import * as tasks from "../tasks.mjs";

const functions = { ...tasks };

export const load = () => import("../../dist/concurrent/futures/index.js");

export const submits = "with its module";

/** @param {Record<string, unknown>} [options] What a variant of this contender sets. */
export function open({ ThreadPoolExecutor }, workers, options) {
  const pool = new ThreadPoolExecutor({ maxWorkers: workers, ...options });
  return {
    run: (task, argument) => pool.submit(functions[task], argument),
    submitFunction: (fn, argument) => pool.submit(fn, argument),
    runSync: (task, argument) => pool.submit(functions[task], argument).resultSync(),
    mapItems: (task, items) => pool.map(functions[task], items),
    mapChunks: (task, items, chunksize) => pool.map(functions[task], items, { chunksize }),
    primitive: async (name, count) =>
      (await import("./heddle.primitives.mjs")).PRIMITIVES[name]?.(count),
    async runMoved(bytes) {
      const { echoMoved, move } = await import("./heddle.worker.mjs");
      return pool.submit(echoMoved, move(bytes));
    },
  };
}
