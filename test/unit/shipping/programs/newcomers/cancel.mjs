/* oxlint-disable -- code as someone new writes it */
// Passes a signal, a callback and a queue to threads.
import { Queue } from "heddle/queue";
import { Thread } from "heddle/threading";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const progress = new Queue();
async function countUntilAborted(signal, queue) {
  let count = 0;
  while (!signal.aborted) {
    count++;
    if (count === 3) await queue.put("three");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return count >= 3;
}
const controller = new AbortController();
const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
const counting = pool.submit(countUntilAborted, controller.signal, progress);
console.log(await progress.get());
controller.abort();
console.log(await counting);

const words = ["warp", "weft"];
const thread = new Thread({
  target: async (queue, list) => {
    for (const word of list) await queue.put(word.toUpperCase());
    await queue.put(null);
  },
  args: [progress, words],
});
thread.start();
for (let word = await progress.get(); word !== null; word = await progress.get()) console.log(word);
await thread.join();
await pool.shutdown();
