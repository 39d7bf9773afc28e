/** A pool of processes, and a process, with what the module imports. */
import { ProcessPoolExecutor } from "heddle/concurrent/futures";
import { Process } from "heddle/multiprocessing";
import { marked } from "marked";
import { Vector, handle, requests } from "./shop.mjs";
const render = (text) => marked.parse(text).trim();
const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
console.log(await pool.submit(render, "*hi*"));
console.log(
  await pool.submit((a, b) => Vector.add(a, b).length, new Vector(1, 2), new Vector(2, 2)),
);
handle(1);
console.log(requests, await pool.submit((n) => handle(n), 4));
await pool.shutdown();
const p = new Process({ target: (who) => console.log("hello", who), args: ["bob"] });
p.start();
await p.join();
console.log(p.exitcode);
