/** tinypool, with a fixed number of processes. */

const TASKS = new URL("../../tasks.mjs", import.meta.url).href;

export const load = () => import("tinypool");

export function open({ Tinypool }, workers) {
  const pool = new Tinypool({
    filename: TASKS,
    runtime: "child_process",
    minThreads: workers,
    maxThreads: workers,
    serialization: "advanced",
  });
  return { run: (name, argument) => pool.run(argument, { name }) };
}
