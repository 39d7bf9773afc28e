/** One task in flight: how long a round trip takes, awaited, after a rest, and blocking. */

import { check, pause, repeat, repeatSync, summary } from "./suite.mjs";

const RESTED_TASKS = 40;
/** Longer than any spin: all threads sleep again. */
const REST_MS = 4;

export const title = "One task in flight";

export const cases = [
  {
    name: "await",
    title: "Round trip, awaited",
    unit: "ms",
    workers: 2,
    columns: ["p50:ms", "p99:ms"],
    measure: (pool) =>
      repeat(async (n) => check((await pool.run("noop", n)) === n, "not the number sent")),
  },
  {
    name: "rested",
    title: `Round trip, awaited, ${REST_MS} ms after the one before`,
    unit: "ms",
    workers: 2,
    columns: ["p50:ms", "p99:ms"],
    async measure(pool, isWarmUp) {
      // Resting, half a second holds too few calls for the compilers.
      if (isWarmUp) return repeat((n) => pool.run("noop", n));
      const times = [];
      for (let n = 0; n < RESTED_TASKS; n++) {
        await pause(REST_MS);
        const start = performance.now();
        check((await pool.run("noop", n)) === n, "not the number sent");
        times.push(performance.now() - start);
      }
      return summary(times);
    },
  },
  {
    name: "block",
    title: "Round trip, the submitting thread blocks for the result",
    unit: "ms",
    workers: 2,
    columns: ["p50:ms", "p99:ms"],
    skips: (pool) => (pool.runSync ? undefined : "cannot block for a result"),
    measure: async (pool) =>
      repeatSync((n) => check(pool.runSync("noop", n) === n, "not the number sent")),
  },
];
