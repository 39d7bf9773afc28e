/** Memory of tasks that wait, in a new process each time. */

export const title = "Memory of asyncio's tasks";

export const isForThoseWhoNameIt = true;

export const isFresh = true;

const TASKS = 1_000_000;

const waiting = (name, caseTitle) => ({
  name,
  title: `${TASKS} tasks that ${caseTitle} (resident memory of each)`,
  unit: "bytes",
  workers: 0,
  columns: ["heap:bytes"],
  mostRounds: 2,
  reference: "heddle-generators",
  async measureFresh(contender) {
    const pool = await contender.open(await contender.load(), 0);
    const wait = pool.waiting?.[name];
    if (wait === undefined) throw new Error("has nothing comparable");
    const before = await memory();
    const end = await wait(TASKS);
    const after = await memory();
    await end?.();
    return {
      value: (after.rss - before.rss) / TASKS,
      heap: (after.heapUsed - before.heapUsed) / TASKS,
    };
  },
});

export const cases = [
  waiting("event", "wait for the same Event"),
  waiting("sleep", "sleep for an hour"),
];

/** Once what is not needed has been collected. */
async function memory() {
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--expose-gc");
  const { runInNewContext } = await import("node:vm");
  runInNewContext("gc")();
  return process.memoryUsage();
}
