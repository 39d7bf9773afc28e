/** A run whose first timer is set in a later turn, since its first step takes long, and is of no use then. */
import { createTask, run, sleep } from "heddle/asyncio";

const HOUR_MS = 3_600_000;

await run(async () => {
  createTask(sleep(HOUR_MS));
  for (const endMs = performance.now() + 50; performance.now() < endMs;);
});
console.log("the run has ended");
