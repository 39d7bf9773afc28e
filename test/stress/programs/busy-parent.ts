/** Has eight processes that compute; prints their numbers, and waits to be killed. */
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { compute, pid } from "../../support/processes.ts";

const FOREVER_MS = 2 ** 30;

const pools = Array.from({ length: 8 }, () => new ProcessPoolExecutor({ maxWorkers: 1 }));
const pids = await Promise.all(pools.map((pool) => pool.submit(pid)));
for (const pool of pools) void pool.submit(compute);
setTimeout(() => console.log(pids.join(" ")), 100);
setInterval(() => {}, FOREVER_MS);
