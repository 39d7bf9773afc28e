/** Functions for tests of locks and their like to run in other threads, and what such tests ask. */
import process from "node:process";
import { type Barrier, Condition, Lock, type RLock, type Semaphore } from "heddle/threading";

import { type Gate, passGate } from "../tasks.ts";

/** A lock of either sort, as tests that concern both use it. */
export type AnyLock = Lock | RLock;

/** One at a time: a semaphore must have one permit. */
export type Exclusive = Lock | RLock | Condition | Semaphore;

/** Words for threads to count in. */
export function makeCounter(words: number = 1): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(words * 4));
}

/** Tries for that long, keeps nothing, and says whether it could be had. */
export function canAcquire(lock: AnyLock | Semaphore | Condition, timeout: number): boolean {
  const isHeld = lock.acquireSync({ timeout });
  if (isHeld) lock.release();
  return isHeld;
}

/** Acquires and counts that it did. */
export function acquireAndCount(semaphore: Semaphore, counter: Int32Array): void {
  semaphore.acquireSync();
  Atomics.add(counter, 0, 1);
}

/** Counts while it holds the lock. */
export function countInside(lock: AnyLock, counter: Int32Array): void {
  lock.withSync(() => Atomics.add(counter, 0, 1));
}

/** The name of the error that releasing throws; empty if it throws none. */
export function errorOfRelease(lock: AnyLock | Semaphore | Condition): string {
  try {
    lock.release();
    return "";
  } catch (error) {
    return (error as Error).name;
  }
}

/** Waits for a notification, and counts it when it comes. */
export function waitAndCount(condition: Condition, counter: Int32Array): boolean {
  return condition.withSync(() => {
    const isNotified = condition.waitSync();
    Atomics.add(counter, 0, 1);
    return isNotified;
  });
}

/** Waits until the word holds that value, and returns what the predicate returned last. */
export function waitForValue(
  condition: Condition,
  state: Int32Array,
  expected: number,
  timeout?: number,
): number {
  return condition.withSync(() =>
    condition.waitForSync(
      () => {
        Atomics.add(state, 1, 1); // how often it was asked
        return Atomics.load(state, 0) === expected ? 7 : 0;
      },
      { timeout },
    ),
  );
}

/** Passes so many times; each time notes how many have arrived in that round, as seen after the pass. */
export function passAndSee(barrier: Barrier, arrived: Int32Array, rounds: number): number[] {
  return Array.from({ length: rounds }, (_, round) => {
    Atomics.add(arrived, round, 1);
    barrier.waitSync();
    return Atomics.load(arrived, round);
  });
}

/** The name of the error that waiting throws; empty if it throws none. */
export function errorOfWait(barrier: Barrier, timeout?: number): string {
  try {
    barrier.waitSync({ timeout });
    return "";
  } catch (error) {
    return (error as Error).name;
  }
}

/** The action of a barrier: counts in the words that {@link countActionsIn} gave this thread. */
export function countAction(): void {
  if (actions !== undefined) Atomics.add(actions, 0, 1);
}

let actions: Int32Array | undefined;

/** Passes a barrier whose action is {@link countAction}; says how often that had been done after each pass. */
export function passAndCount(barrier: Barrier, counter: Int32Array, rounds: number): number[] {
  actions = counter;
  return Array.from({ length: rounds }, () => {
    barrier.waitSync();
    return Atomics.load(counter, 0);
  });
}

/** Asserts what a timeout must keep: not too early; the upper bound only tells it from hanging. */
export function isAbout(elapsedMs: number, timeoutMs: number): boolean {
  return elapsedMs >= timeoutMs - 1 && elapsedMs < timeoutMs + 10_000;
}

/** Lets others run until the word has counted that far. */
export async function untilCounted(counter: Int32Array, expected: number): Promise<void> {
  while (Atomics.load(counter, 0) < expected) await new Promise((resolve) => setTimeout(resolve));
}

/** Waits with a promise, and ends its thread once the word says so. */
export async function waitUntilDeath(condition: Condition, word: Int32Array): Promise<void> {
  dieOnceTold(word);
  await condition.with(async () => condition.wait());
}

/** Ends the calling thread once the word says so. */
function dieOnceTold(word: Int32Array): void {
  setInterval(() => {
    if (Atomics.load(word, 0) === 1) process.exit(1);
  }, 1);
}

/** A condition of this thread's making. */
export function makeCondition(): Condition {
  return new Condition(new Lock());
}

/** Arrives, and ends its thread while it waits. */
export async function arriveAndDie(barrier: Barrier): Promise<void> {
  setTimeout(() => process.exit(1), 20);
  await barrier.wait();
}

/** The action of a barrier. */
export function dieActing(): void {
  process.exit(1);
}

/** The action of a barrier. */
export function failActing(): never {
  throw new SyntaxError("the action's");
}

/** Holds it until the gate is opened. */
export function holdAtGate(lock: Exclusive, gate: Gate): boolean {
  return lock.withSync(() => passGate(gate, true));
}

/** Waits for it with a promise, and ends its thread meanwhile, once the word says so. */
export async function dieWaiting(lock: Exclusive, word: Int32Array): Promise<void> {
  dieOnceTold(word);
  await lock.acquire();
}

/** Adds one again and again with a plain read and a plain write, which must not be mixed with another's. */
export function addPlainly(lock: Exclusive, total: Int32Array, times: number): void {
  for (let i = 0; i < times; i++) {
    lock.withSync(() => {
      const before = total[0] as number;
      total[0] = before + 1;
    });
  }
}

/** Takes the lock wherever it is in the value, and says which places led to the same one. */
export function takeEverywhere(value: Nested): boolean {
  const found = [value.list[1], value.record.lock, value.map.get("lock"), ...value.set];
  return found.every((lock) => lock === value.lock) && value.lock.acquireSync({ timeout: 0 });
}

/** A lock in many places of one value. */
export interface Nested {
  readonly lock: Exclusive;
  readonly list: readonly [string, Exclusive];
  readonly record: { readonly lock: Exclusive };
  readonly map: ReadonlyMap<string, Exclusive>;
  readonly set: ReadonlySet<Exclusive>;
}

/** Waits for a while, holding another lock; returns the name of the error that this throws, or its result. */
export function waitHolding(condition: Condition, other: RLock, timeout: number): string {
  try {
    return String(other.withSync(() => condition.withSync(() => condition.waitSync({ timeout }))));
  } catch (error) {
    return (error as Error).name;
  }
}
