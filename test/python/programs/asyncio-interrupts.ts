/** Sends itself SIGINT, once or more often, and tells how its run ends. */
import process from "node:process";
import { CancelledError } from "heddle";
import { currentTask, run, sleep } from "heddle/asyncio";

function interruptSoon(): void {
  setTimeout(() => process.kill(process.pid, "SIGINT"), 20);
}

async function once(): Promise<void> {
  interruptSoon();
  try {
    await sleep(30_000);
  } finally {
    console.log("cleaned up");
  }
}

async function caught(): Promise<void> {
  interruptSoon();
  await sleep(30_000).then(undefined, () => undefined);
  throw new CancelledError("of its own");
}

async function both(): Promise<void> {
  interruptSoon();
  try {
    await sleep(30_000);
  } finally {
    currentTask()?.cancel();
  }
}

async function twice(): Promise<void> {
  interruptSoon();
  for (;;) {
    try {
      await sleep(30_000);
    } catch {
      console.log("resists");
      interruptSoon();
    }
  }
}

const mains: Record<string, () => Promise<void>> = { once, caught, both, twice };
await run(mains[process.argv[2] ?? ""] ?? once).then(
  () => console.log("ended"),
  (error: Error) => console.log(error.name, (error.cause as Error | undefined)?.name),
);
