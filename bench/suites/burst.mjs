/** Very many tasks at once that do nothing, each with its future or promise. */

import { check } from "./suite.mjs";

const TASKS = 50_000;
const WARM_UP_TASKS = 10_000;

export const title = "Burst";

export const cases = [
  {
    name: "noop",
    title: `${TASKS} no-op tasks at once, a promise for each, 2 workers (per task)`,
    unit: "ms",
    workers: 2,
    columns: [],
    isRate: true,
    async measure(pool, isWarmUp) {
      const count = isWarmUp ? WARM_UP_TASKS : TASKS;
      const start = performance.now();
      const promises = [];
      for (let n = 0; n < count; n++) promises.push(pool.run("noop", n));
      const results = await Promise.all(promises);
      const elapsedMs = performance.now() - start;
      check(
        results.every((result, n) => result === n),
        "results are not in their places",
      );
      return { value: elapsedMs / count };
    },
  },
];
