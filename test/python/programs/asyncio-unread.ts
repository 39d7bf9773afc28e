/** Ends with a task that has failed, and that nobody asked about. */
import { createTask, run, sleep } from "heddle/asyncio";

await run(async () => {
  createTask(async () => {
    throw new RangeError("nobody asked");
  });
  const seen = createTask(async () => {
    throw new RangeError("somebody asked");
  });
  await sleep(1);
  seen.exception();
});
console.log("ended");
