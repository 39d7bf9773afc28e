/** Locks and their kind, free and between two threads; and the start of a thread. */

export const title = "Threads and locks";

/** What of a case is asked at once; the warm-up asks a quarter. */
const CASES = [
  ["lock", "A free Lock: acquire and release", 200000],
  ["rlock", "A free RLock: acquire and release", 200000],
  ["semaphore", "A free Semaphore: acquire and release", 200000],
  ["contended", "A Lock between two threads: acquire, add, release", 100000],
  ["event", "Two Events, ping-pong between two threads (a round trip)", 4000],
  ["condition", "A Condition, two threads by turns (a turn each)", 4000],
  ["permits", "Two Semaphores, ping-pong between two threads (a round trip)", 4000],
  ["thread", "A warm thread: start and join", 400],
];

export const cases = CASES.map(([name, caseTitle, count]) => ({
  name,
  title: caseTitle,
  unit: "ms",
  workers: 2,
  columns: [],
  skips: async (pool) =>
    (await pool.primitive?.(name, 8)) === undefined ? "has nothing comparable" : undefined,
  async measure(pool, isWarmUp) {
    const operations = isWarmUp ? count / 4 : count;
    return { value: (await pool.primitive(name, operations)) / operations };
  },
}));
