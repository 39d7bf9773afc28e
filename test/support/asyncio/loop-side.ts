/** What threads have the main thread's loop do, in the tests of asyncio's bridges to threads. */
import process from "node:process";
import { type Coroutine, getRunningLoop, type LoopHandle, run, sleep } from "heddle/asyncio";
import type { Queue } from "heddle/queue";
import type { Event } from "heddle/threading";

export async function add(a: number, b: number): Promise<number> {
  await sleep(1);
  return a + b;
}

export function* failLater(message: string): Coroutine<never> {
  yield* sleep(1);
  throw new RangeError(message);
}

export async function forEver(ended: Event, begun?: Event): Promise<void> {
  try {
    begun?.set();
    await sleep(1_000_000);
  } finally {
    ended.set();
  }
}

/** Puts this thread's loop where others find it, and ends, or dies, when told to. */
export async function lend(loops: Queue<LoopHandle>, done: Event, dies: boolean): Promise<void> {
  await run(async () => {
    loops.putSync(getRunningLoop());
    await done.wait();
    if (dies) process.exit(3);
  });
}

export function set(event: Event): void {
  event.set();
}

export function throwInLoop(): never {
  throw new SyntaxError("in the loop");
}
