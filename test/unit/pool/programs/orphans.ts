/** Has one process that computes, one that blocks and one that idles; prints their numbers, and waits to be ended. */
import process from "node:process";
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { compute, pid } from "../../../support/processes.ts";
import { block } from "../../../support/tasks.ts";

const FOREVER_MS = 2 ** 30;

const pools = [1, 2, 3].map(() => new ProcessPoolExecutor({ maxWorkers: 1 }));
const [first, second] = pools as [ProcessPoolExecutor, ProcessPoolExecutor];
const pids = await Promise.all(pools.map((pool) => pool.submit(pid)));
void first.submit(compute);
void second.submit(block, FOREVER_MS);
// The calls are on their way once a later call of the third has come back.
await pools[2]?.submit(pid);
const busy = second.submit(pid);
// Then messages go by another thread.
if (process.argv[2] === "SIGKILL, blocked") {
  pools[2]?.submit(pid).resultSync();
  try {
    busy.resultSync({ timeout: 1 });
  } catch {
    // It is behind one that blocks.
  }
}
console.log(pids.join(" "));
if (process.argv[2] === "SIGKILL, blocked") busy.resultSync();
if (process.argv[2] === "exit") setTimeout(() => process.exit(0), 50);
else setInterval(() => {}, FOREVER_MS);
