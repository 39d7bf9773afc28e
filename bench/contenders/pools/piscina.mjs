/**
 * piscina, with a fixed number of threads and the queue that its README calls faster.
 * Communication stays at its default, `atomics: "sync"`, which is its fastest.
 */

const TASKS = new URL("../../tasks.mjs", import.meta.url).href;
const MOVING_TASKS = new URL("./piscina.worker.mjs", import.meta.url).href;

export const load = () => import("piscina");

/** @param {Record<string, unknown>} [options] What a variant of this contender sets. */
export function open({ Piscina, FixedQueue }, workers, options = { taskQueue: new FixedQueue() }) {
  const pool = new Piscina({
    filename: TASKS,
    minThreads: workers,
    maxThreads: workers,
    ...options,
  });
  return {
    run: (name, argument) => pool.run(argument, { name }),
    runMoved: (bytes) =>
      pool.run(Piscina.move(bytes), { filename: MOVING_TASKS, name: "echoMoved" }),
  };
}
