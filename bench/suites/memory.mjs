/** Resident memory of the whole process, by number of workers, in a new process each time. */

import { pause } from "./suite.mjs";

export const title = "Memory";

export const isFresh = true;

const MORE = 4;
const MIB = 2 ** 20;

const withWorkers = (workers) => ({
  name: `${workers}`,
  title: `Resident memory of a process whose pool has run tasks on ${workers === 1 ? "1 worker" : `${workers} workers`}`,
  unit: "MiB",
  workers,
  columns: [],
  mostRounds: 3,
  async measureFresh(contender) {
    const pool = await contender.open(await contender.load(), workers);
    // Sleeping tasks keep one worker from doing the work of all.
    for (let n = 0; n < 3; n++) {
      await Promise.all(Array.from({ length: workers }, () => pool.run("sleep", 50)));
      await Promise.all(Array.from({ length: 100 * workers }, () => pool.run("noop", n)));
    }
    await pause(200);
    return { value: process.memoryUsage.rss() / MIB };
  },
});

export const cases = [withWorkers(1), withWorkers(1 + MORE)];

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
