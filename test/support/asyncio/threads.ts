/** What threads do in the tests of asyncio's bridges to threads. */
import process from "node:process";
import { allTasks, type Loop, type LoopHandle, runCoroutineThreadsafe } from "heddle/asyncio";
import { cancelRequested } from "heddle/concurrent/futures";
import { ContextVar } from "heddle/contextvars";
import type { Barrier, Event, Lock } from "heddle/threading";
import type { Queue } from "heddle/queue";

import { begin } from "./loaded-late.ts";
import { add, failLater, forEver, set, throwInLoop } from "./loop-side.ts";

export const user = new ContextVar<string>("asyncio test user", { default: "nobody" });

export function twice(n: number): number {
  return n * 2;
}

export function described(text: string, options: { readonly times: number }): string {
  return text.repeat(options.times);
}

export function whoIsThere(): string {
  return user.get();
}

export function tasksThere(loop: LoopHandle): string {
  try {
    return String(allTasks(loop as unknown as Loop).size);
  } catch (error) {
    return String(error);
  }
}

export function meet(barrier: Barrier): number {
  return barrier.waitSync({ timeout: 30_000 });
}

export function fail(message: string): never {
  throw new SyntaxError(message);
}

export function holdUntil(lock: Lock, held: Event, done: Event): void {
  lock.withSync(() => {
    held.set();
    done.waitSync();
  });
}

export function putAll(queue: Pick<Queue<number>, "putSync">, items: readonly number[]): void {
  for (const item of items) queue.putSync(item);
}

export function setIt(event: Event): void {
  event.set();
}

export function blockUntil(event: Event): string {
  event.waitSync();
  return "went on";
}

export function loopUntilAsked(begun: Event, asked: Event): void {
  begun.set();
  while (!cancelRequested());
  asked.set();
}

// What threads ask of the main thread's loop.

export function addThere(loop: LoopHandle, a: number, b: number): number {
  return runCoroutineThreadsafe(add, [a, b], loop).resultSync();
}

export async function addThereAsync(loop: LoopHandle, a: number, b: number): Promise<number> {
  return runCoroutineThreadsafe(add, [a, b], loop);
}

export function failThere(loop: LoopHandle): string {
  try {
    return String(runCoroutineThreadsafe(failLater, ["too far"], loop).resultSync());
  } catch (error) {
    return `${(error as Error).constructor.name} ${(error as Error).message}`;
  }
}

export function giveUpThere(loop: LoopHandle, ended: Event, begun: Event): unknown[] {
  const future = runCoroutineThreadsafe(forEver, [ended, begun], loop);
  begun.waitSync({ timeout: 30_000 });
  try {
    future.resultSync({ timeout: 20 });
    return [];
  } catch (error) {
    return [(error as Error).name, future.cancel(), future.cancelled()];
  }
}

/** Asks for something, and cancels that at once. */
export function askAndGiveUp(loop: LoopHandle, begun: Event, hasAsked: Event): void {
  runCoroutineThreadsafe(begin, [begun], loop).cancel();
  hasAsked.set();
}

export function dieAsking(loop: LoopHandle, ended: Event): void {
  runCoroutineThreadsafe(forEver, [ended], loop);
  process.exit(4);
}

export function callThere(loop: LoopHandle, event: Event): boolean {
  loop.callSoonThreadsafe(set, event);
  return event.waitSync({ timeout: 30_000 });
}

export function throwThere(loop: LoopHandle): void {
  loop.callSoonThreadsafe(throwInLoop);
}

export function callClosed(loop: LoopHandle): string[] {
  const errors: string[] = [String(loop.isClosed())];
  for (const call of [
    (): unknown => loop.callSoonThreadsafe(throwInLoop),
    (): unknown => runCoroutineThreadsafe(add, [1, 2], loop),
  ]) {
    try {
      call();
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  return errors;
}
