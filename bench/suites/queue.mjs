/** Queues, between two threads and within one. */

export const title = "Queues";

/** What of a case is asked at once; the warm-up asks a quarter. */
const CASES = [
  ["queue", "Queue(128) between two threads, small ints (an item)", 100000],
  ["queueUnbounded", "Queue() between two threads, small ints (an item)", 100000],
  ["simpleQueue", "SimpleQueue between two threads, small ints (an item)", 100000],
  ["queueObjects", "Queue(128) between two threads, small objects (an item)", 40000],
  ["queueAlone", "Queue() in one thread: put and get a small int", 100000],
];

export const cases = CASES.map(([name, caseTitle, count]) => ({
  name,
  title: caseTitle,
  unit: "ms",
  workers: 2,
  columns: [],
  isRate: true,
  skips: async (pool) =>
    (await pool.primitive?.(name, 8)) === undefined ? "has nothing comparable" : undefined,
  async measure(pool, isWarmUp) {
    const operations = isWarmUp ? count / 4 : count;
    return { value: (await pool.primitive(name, operations)) / operations };
  },
}));
