/** Is interrupted while it waits, and does not catch that. */
import { createTask, run, sleep, toThread } from "heddle/asyncio";
import { Event } from "heddle/threading";

const started = new Event();

function block(event: Event): void {
  event.set();
  // Only the second Ctrl-C ends it.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}

async function cleanUp(ms: number): Promise<void> {
  try {
    await sleep(30_000);
  } finally {
    await sleep(ms);
  }
}

const mains: Record<string, () => Promise<unknown>> = {
  quick: async () => {
    console.log("ready");
    await sleep(30_000);
  },
  slow: async () => {
    createTask(() => cleanUp(30_000), { name: "slow cleaner" });
    await sleep(0);
    console.log("ready");
    await sleep(30_000);
  },
  thread: async () => {
    const call = createTask(toThread(block, started));
    await started.wait();
    console.log("ready");
    await call;
  },
};
await run(mains[process.argv[2] ?? ""] ?? (() => cleanUp(0)));
