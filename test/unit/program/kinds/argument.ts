/** Sends shared objects to a worker whose code imports nothing of heddle's. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { Lock, Thread } from "heddle/threading";
import { describe } from "./makers.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log(await pool.submit(describe, {}));
console.log(await pool.submit(describe, new Lock()));
console.log(await pool.submit(describe, new Queue()));
const names = new Queue<string>();
const tell = (lock: object, queue: Queue<string>): void => queue.putNowait(lock.constructor.name);
const thread = new Thread({ target: tell, args: [new Lock(), names] });
thread.start();
await thread.join();
console.log(names.getNowait());
console.log(await pool.submit(describe, thread));
await pool.shutdown();
