/** Work that keeps a core busy, on one worker and on two. */

import { check } from "./suite.mjs";

export const title = "CPU-bound scaling";

const TASKS = 16;
const N = 27;
const FIB_OF_N = 196_418;

const onWorkers = (workers) => ({
  name: `on ${workers}`,
  title: `${TASKS} × fib(${N}) at once, ${workers === 1 ? "1 worker" : `${workers} workers`} (all of them)`,
  unit: "ms",
  workers,
  columns: [],
  async measure(pool) {
    const start = performance.now();
    const results = await Promise.all(Array.from({ length: TASKS }, () => pool.run("fib", N)));
    const elapsedMs = performance.now() - start;
    check(
      results.every((result) => result === FIB_OF_N),
      "not the Fibonacci number",
    );
    return { value: elapsedMs };
  },
});

export const cases = [onWorkers(1), onWorkers(2)];

export function derive(results) {
  const [one, two] = [results.get("on 1"), results.get("on 2")];
  const names = [...one.keys()].filter((name) => two.has(name));
  return {
    title: "Speed-up from one worker to two (of the medians)",
    column: "speed-up",
    values: new Map(names.map((name) => [name, one.get(name).median / two.get(name).median])),
  };
}
