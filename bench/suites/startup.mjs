/** From nothing to a first result, in a new process each time. */

export const title = "Start-up";

export const isFresh = true;

const WORKERS = 2;

export const cases = [
  {
    name: "first result",
    title: `Import, make a pool of ${WORKERS}, submit a task for each worker, until the first result`,
    unit: "ms",
    workers: WORKERS,
    columns: ["import:ms", "all:ms", "process:ms"],
    async measureFresh(contender) {
      const start = performance.now();
      const library = await contender.load();
      const importMs = performance.now() - start;
      const pool = await contender.open(library, WORKERS);
      const results = Array.from({ length: WORKERS }, (_, n) => pool.run("noop", n));
      await Promise.race(results);
      const value = performance.now() - start;
      await Promise.all(results);
      return { value, import: importMs, all: performance.now() - start };
    },
  },
];
