/**
 * Awaits a lock and a pool by turns, while the threads that sleep on the main thread's bell
 * are ended again and again; or, told "at start", cannot even start.
 */
import { syncBuiltinESMExports } from "node:module";
import process from "node:process";
import threads, { type WorkerOptions } from "node:worker_threads";

const [, , how] = process.argv;
const helpers: threads.Worker[] = [];
let ended = 0;

threads.Worker = class extends threads.Worker {
  constructor(url: URL, options: WorkerOptions) {
    const isHelper = options.name === "heddle bell";
    super(isHelper && how === "at start" ? new URL("data:text/javascript,throw 1") : url, options);
    if (isHelper) {
      helpers.push(this);
      this.once("exit", () => ended++);
    }
  }
};
syncBuiltinESMExports();

const { Event, Lock } = await import("heddle/threading");
const { ThreadPoolExecutor } = await import("heddle/concurrent/futures");

const sleepFor = (ms: number) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const releaseLater = async (lock: InstanceType<typeof Lock>, event: InstanceType<typeof Event>) => {
  await event.wait();
  lock.release();
};

for (let round = 0; round < 5; round++) {
  // Until this round's helper has begun: what is awaited takes longer than the pump polls.
  while (helpers.length <= round) await pool.submit(sleepFor, 20);
  await pool.submit(sleepFor, 20);
  const lock = new Lock();
  const event = new Event();
  await lock.acquire();
  const releasing = pool.submit(releaseLater, lock, event);
  const acquiring = lock.acquire();
  await helpers.at(-1)?.terminate();
  event.set();
  await acquiring;
  await releasing;
}
await pool.shutdown();
console.log("waitAsync" in Atomics, helpers.length >= 5, ended >= 5);
