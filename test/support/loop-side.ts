/** What threads have the main thread's loop do, in the tests of asyncio's bridges to threads. */
import { type Coroutine, sleep } from "heddle/asyncio";
import type { Event } from "heddle/threading";

export async function add(a: number, b: number): Promise<number> {
  await sleep(1);
  return a + b;
}

export function* failLater(message: string): Coroutine<never> {
  yield* sleep(1);
  throw new RangeError(message);
}

export async function forEver(ended: Event): Promise<void> {
  try {
    await sleep(1_000_000);
  } finally {
    ended.set();
  }
}

export function set(event: Event): void {
  event.set();
}

export function throwInLoop(): never {
  throw new SyntaxError("in the loop");
}
