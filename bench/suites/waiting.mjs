/** What a pool costs while nothing happens, and how late a long task comes back. */

import { cpuUsage } from "node:process";

import { pause } from "./suite.mjs";

export const title = "Waiting";

const TASKS = 8;
const TASK_MS = 20;
const IDLE_MS = 400;
/** Spinning after the last task is no idling yet. */
const SETTLE_MS = 100;

/** Share of one core that this process, all its threads, has used in so many milliseconds. */
function percentSince(before, elapsedMs) {
  const { user, system } = cpuUsage(before);
  return (user + system) / 1000 / elapsedMs / 0.01;
}

export const cases = [
  {
    name: "idle",
    title: `CPU of an idle pool, from ${SETTLE_MS} ms after its last task`,
    unit: "percent",
    workers: 2,
    columns: [],
    async measure(pool) {
      for (let n = 0; n < 20; n++) await pool.run("noop", n);
      await pause(SETTLE_MS);
      const start = performance.now();
      const before = cpuUsage();
      await pause(IDLE_MS);
      return { value: percentSince(before, performance.now() - start) };
    },
  },
  {
    name: "sleep",
    title: `A task that sleeps ${TASK_MS} ms in flight: how late it comes back, and CPU meanwhile`,
    unit: "ms",
    workers: 2,
    columns: ["cpu:percent"],
    async measure(pool) {
      const before = cpuUsage();
      const start = performance.now();
      for (let n = 0; n < TASKS; n++) await pool.run("sleep", TASK_MS);
      const elapsedMs = performance.now() - start;
      return { value: elapsedMs / TASKS - TASK_MS, cpu: percentSince(before, elapsedMs) };
    },
  },
];
