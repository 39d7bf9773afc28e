/** Receives shared objects as items, though it imports queues and the executor alone. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { putEvent } from "./makers.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const queue = new Queue<{ isSet(): boolean }>();
const putting = pool.submit(putEvent, queue); // not awaited: this thread blocks until it has the item
try {
  queue.getSync();
  console.log("received while it blocked");
} catch (error) {
  console.log((error as Error).name);
}
await putting;
const waiting = queue.get();
await pool.submit(putEvent, queue);
const event = await waiting;
console.log(event.constructor.name, event.isSet());
await pool.submit(putEvent, queue);
console.log(queue.getSync().constructor.name);
await pool.shutdown();
