/** A main module that its worker loads again: says how often each part of it has run. */
import { isMainThread, task } from "heddle";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const factor = 3;

const triple = task(import.meta.url, (n: number, calls: Int32Array): number => {
  Atomics.add(calls, 0, 1);
  return n * factor;
});

console.log("loaded");
if (isMainThread) console.log("in the main thread only");

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const calls = new Int32Array(new SharedArrayBuffer(4));
const tripled = pool.submit(triple, 14, calls);

async function main(): Promise<void> {
  console.log(await tripled, `calls: ${calls[0]}`);
  await pool.shutdown();
}
void main();
