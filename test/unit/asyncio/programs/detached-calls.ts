/** Calls that are not awaited, whose task or block ends or is cancelled before they do. */
import process from "node:process";
import { createTask, currentTask, Lock, run, sleep, timeout } from "heddle/asyncio";

const log: string[] = [];

/** Never awaited, and nothing handles its error. */
async function background(name: string, ms: number): Promise<void> {
  try {
    await sleep(ms);
    log.push(`${name} slept`);
  } finally {
    await sleep(0);
    log.push(`${name} over`);
  }
}

const lock = new Lock();

async function locked(): Promise<void> {
  await lock.with(async () => {
    await sleep(1);
    log.push("locked");
  });
}

async function limited(): Promise<void> {
  try {
    await timeout(20, async () => {
      await sleep(5);
      await sleep(60_000);
    });
  } catch (error) {
    log.push(`still limited: ${(error as Error).name}`);
  }
}

await run(async () => {
  // Cancelled with its task.
  const task = createTask(async () => {
    void background("of a cancelled task", 60_000);
    await sleep(60_000);
  });
  await sleep(1);
  task.cancel();
  await task.catch(() => undefined);

  // Cancelled with its block.
  await timeout(5, async () => {
    void background("of an expired block", 60_000);
    await sleep(60_000);
  }).catch(() => undefined);

  // Its block and its task have ended: it goes on.
  await lock.acquire();
  await createTask(async () => {
    await timeout(60_000, async () => {
      void background("of an ended block", 20);
      await sleep(1);
    });
    void locked();
    void limited();
    await sleep(1);
  });
  lock.release();
  while (log.length < 6) await sleep(1);
});
console.log(log.toSorted().join("\n"));
if (process.argv[2] === "reject") void Promise.reject(new RangeError("by the program itself"));
if (process.argv[2] === "cancel the run") {
  void run(async () => {
    currentTask()?.cancel();
    await sleep(1);
  });
}
