import process from "node:process";
import { TimeoutError } from "heddle";
import { Pool } from "heddle/multiprocessing";

const f = (x: number): number => x * x;
const getpid = (): number => process.pid;
const sleep = async (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const pool = new Pool({ processes: 4 });

// "[0, 1, 4, ..., 81]"
console.log(await pool.map(f, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));

// The same numbers, in any order.
const numbers: number[] = [];
for await (const i of pool.imapUnordered(f, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])) numbers.push(i);
console.log(numbers.sort((x, y) => x - y).join(" "));

// Evaluate "f(20)" asynchronously; it runs in one process only.
const result = pool.applyAsync(f, [20]);
console.log(await result.get({ timeout: 60_000 }));

// Evaluate "getpid()" in one process, and not in this one.
console.log((await pool.applyAsync(getpid).get()) !== process.pid);

// Many evaluations may use more processes.
const results = [0, 1, 2, 3].map(() => pool.applyAsync(getpid));
const ids = await Promise.all(results.map((each) => each.get()));
console.log(ids.length, new Set(ids).size <= 4);

// Make a single worker sleep.
const slow = pool.applyAsync(sleep, [60_000]);
try {
  await slow.get({ timeout: 100 });
} catch (error) {
  if (error instanceof TimeoutError) console.log("We lacked patience and got a TimeoutError");
}
slow.catch(() => undefined);
console.log("For the moment, the pool remains available for more work");

pool.terminate();
await pool.join();
console.log("Now the pool is closed and no longer available");
