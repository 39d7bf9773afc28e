/** From nothing to an import, to a first result, and to one more worker: in a new process each time. */

import { pause } from "./suite.mjs";

export const title = "Start-up";

export const isFresh = true;

const WORKERS = 2;
const MORE = 4;
const MIB = 2 ** 20;

/** Of all threads of the process, in milliseconds: what a busy machine changes least. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const skipsWhoOnlyLoads = (contender) =>
  contender.open === undefined ? "is imported and no more" : undefined;

/** Every worker has run one call, so that it has loaded what calls need, and no more than that. */
const withWorkers = (workers) => ({
  name: `${workers}`,
  title: `Resident memory of a process whose pool has run one task on ${workers === 1 ? "its worker" : `each of ${workers} workers`}`,
  unit: "MiB",
  workers,
  columns: [],
  skips: skipsWhoOnlyLoads,
  async measureFresh(contender) {
    const pool = await contender.open(await contender.load(), workers);
    // Sleeping tasks keep one worker from doing the work of all.
    await Promise.all(Array.from({ length: workers }, () => pool.run("sleep", 100)));
    await pause(200);
    return { value: process.memoryUsage.rss() / MIB };
  },
});

export const cases = [
  {
    name: "import",
    title: "Import",
    unit: "ms",
    workers: 0,
    columns: ["cpu:ms", "process:ms"],
    async measureFresh(contender) {
      const startCpuMs = cpuMs();
      const startMs = performance.now();
      await contender.load();
      return { value: performance.now() - startMs, cpu: cpuMs() - startCpuMs };
    },
  },
  {
    name: "first result",
    title: `Import, make a pool of ${WORKERS}, submit a task for each worker, until the first result`,
    unit: "ms",
    workers: WORKERS,
    columns: ["import:ms", "all:ms", "process:ms", "cpu:ms"],
    skips: skipsWhoOnlyLoads,
    async measureFresh(contender) {
      const startCpuMs = cpuMs();
      const start = performance.now();
      const library = await contender.load();
      const importMs = performance.now() - start;
      const pool = await contender.open(library, WORKERS);
      const results = Array.from({ length: WORKERS }, (_, n) => pool.run("noop", n));
      await Promise.race(results);
      const value = performance.now() - start;
      await Promise.all(results);
      const all = performance.now() - start;
      return { value, import: importMs, all, cpu: cpuMs() - startCpuMs };
    },
  },
  withWorkers(1),
  withWorkers(1 + MORE),
];

export function derive(results) {
  const [one, more] = [results.get("1"), results.get(`${1 + MORE}`)];
  const names = [...one.keys()].filter((name) => more.has(name));
  const perWorker = (name) => (more.get(name).median - one.get(name).median) / MORE;
  return {
    title: "Memory of each further worker (of the medians)",
    column: "MiB",
    values: new Map(names.map((name) => [name, perWorker(name)])),
  };
}
