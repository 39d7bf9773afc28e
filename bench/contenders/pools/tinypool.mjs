/** tinypool, with a fixed number of threads. */

const TASKS = new URL("../../tasks.mjs", import.meta.url).href;
const MOVING_TASKS = new URL("./tinypool.worker.mjs", import.meta.url).href;

export const load = () => import("tinypool");

export function open({ Tinypool }, workers) {
  const pool = new Tinypool({
    filename: TASKS,
    runtime: "worker_threads",
    minThreads: workers,
    maxThreads: workers,
  });
  return {
    run: (name, argument) => pool.run(argument, { name }),
    runMoved: (bytes) =>
      pool.run(Tinypool.move(bytes), { filename: MOVING_TASKS, name: "echoMoved" }),
  };
}
