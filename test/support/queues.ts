/** Functions for tests of queues to run in other threads, and what such tests ask. */
import process from "node:process";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Empty, Full, Queue, SimpleQueue } from "heddle/queue";
import { type Event, Lock, Thread } from "heddle/threading";
import { Dice } from "./dice.ts";
import { exit } from "./tasks.ts";

export type AnyQueue<T> = Queue<T> | SimpleQueue<T>;

/** Longest wait, in milliseconds, of a test for what must happen. */
export const LONG = 30_000;
/** Length of a wait, in milliseconds, that must run out. */
export const SHORT = 20;

/** The name of the error that `fn` throws; empty if it throws none. */
function nameOfError(fn: () => unknown): string {
  try {
    fn();
    return "";
  } catch (error) {
    return (error as Error).name;
  }
}

export function putAll(queue: AnyQueue<unknown>, items: readonly unknown[]): void {
  for (const item of items) queue.putSync(item, { timeout: LONG });
}

/** Puts so many numbers, from that one on. */
export function putRange(queue: AnyQueue<number>, first: number, count: number): void {
  for (let n = first; n < first + count; n++) queue.putSync(n);
}

export function getOne(queue: AnyQueue<unknown>, timeout: number = LONG): unknown {
  return queue.getSync({ timeout });
}

export function getCount(queue: AnyQueue<unknown>, count: number): unknown[] {
  return Array.from({ length: count }, () => queue.getSync({ timeout: LONG }));
}

/** Gets until a negative number comes, and returns what it has got. */
export function getUntilNegative(queue: AnyQueue<number>): number[] {
  const got: number[] = [];
  for (let n = queue.getSync(); n >= 0; n = queue.getSync()) got.push(n);
  return got;
}

/** Likewise, with waits so short that many run out. */
export function getImpatiently(queue: AnyQueue<number>): number[] {
  const got: number[] = [];
  for (;;) {
    try {
      const n = queue.getSync({ timeout: 0.01 });
      if (n < 0) return got;
      got.push(n);
    } catch (error) {
      if (!(error instanceof Empty)) throw error;
    }
  }
}

/** Gets and reports done until that throws; returns how many, and the error's name. */
export function consume(queue: Queue): [count: number, error: string] {
  let count = 0;
  const error = nameOfError(() => {
    for (;;) {
      queue.getSync({ timeout: LONG });
      count++;
      queue.taskDone();
    }
  });
  return [count, error];
}

/** Puts so many until that throws; returns the error's name. */
export function produce(queue: Queue<number>, count: number): string {
  return nameOfError(() => putRange(queue, 0, count));
}

export function getErrorName(queue: AnyQueue<unknown>): string {
  return nameOfError(() => queue.getSync());
}

export function putErrorName(queue: Queue, item: unknown): string {
  return nameOfError(() => queue.putSync(item));
}

export function joinQueue(queue: Queue): number {
  queue.joinSync({ timeout: LONG });
  return queue.unfinishedTasks;
}

/** What a thread finds in a value that has queues in all sorts of places. */
export interface Nested {
  readonly array: readonly [Queue];
  readonly map: ReadonlyMap<string, Queue>;
  readonly set: ReadonlySet<Queue>;
}

export function putNested({ array, map, set }: Nested, item: unknown): boolean {
  const [queue] = array;
  const [inSet] = set;
  queue.putSync(item);
  return map.get("queue") === queue && inSet === queue;
}

/** Gets an item from one queue and puts it, as it came, into the other. */
export function passOn(from: AnyQueue<unknown>, to: AnyQueue<unknown>, count: number): void {
  for (let i = 0; i < count; i++) to.putSync(from.getSync({ timeout: LONG }));
}

/** Gets the promise way, so many at once. */
export async function getAsync(queue: AnyQueue<unknown>, count: number): Promise<unknown[]> {
  const gets = Array.from({ length: count }, () => queue.get({ timeout: LONG }));
  return Promise.all(gets);
}

/** Puts the item and gets one, again and again, until its thread is ended. */
export function churn(queue: AnyQueue<unknown>, item: unknown, started: Event): void {
  for (;;) {
    queue.putSync(item);
    queue.getSync();
    started.set();
  }
}

/** Puts the items, and ends its thread at once. */
export function putAndExit(queue: AnyQueue<unknown>, items: readonly unknown[]): void {
  putAll(queue, items);
  process.exit(3);
}

/** What became of each number that is put: threads count here as they go. */
export interface Ledger {
  readonly begun: Int32Array;
  readonly put: Int32Array;
  readonly got: Int32Array;
}

type Numbered = readonly [n: number, payload: unknown];

/** Something small, long, structured, or shared. */
function somePayload(dice: Dice): unknown {
  const kind = dice.roll(20);
  if (kind < 10) return kind;
  if (kind < 16) return "x".repeat(dice.roll(500));
  if (kind < 18) return new Map([[kind, new Set([dice.roll(9)])]]);
  return kind === 18 ? { lock: new Lock() } : new Float64Array(dice.roll(100));
}

/** Puts those numbers, in all ways, giving up now and then to try again. */
export async function produceRandomly(
  queue: AnyQueue<Numbered>,
  { begun, put }: Ledger,
  first: number,
  count: number,
  seed: number,
): Promise<void> {
  const dice = new Dice(seed);
  for (let n = first; n < first + count; n++) {
    const item: Numbered = [n, somePayload(dice)];
    Atomics.store(begun, n, 1);
    while (!(await putSomehow(queue, item, dice)));
    Atomics.store(put, n, 1);
  }
}

async function putSomehow(queue: AnyQueue<Numbered>, item: Numbered, dice: Dice): Promise<boolean> {
  const controller = new AbortController();
  try {
    const way = dice.roll(10);
    if (way < 3) queue.putNowait(item);
    else if (way < 6) queue.putSync(item, { timeout: dice.roll(3) });
    else if (way < 8) await queue.put(item, { timeout: dice.roll(3) });
    else {
      setTimeout(() => controller.abort(), dice.roll(3));
      await queue.put(item, { signal: controller.signal });
    }
    return true;
  } catch (error) {
    if (error instanceof Full || error === controller.signal.reason) return false;
    throw error;
  }
}

/** Gets numbers, in all ways, until a negative one comes. */
export async function consumeRandomly(
  queue: AnyQueue<Numbered>,
  { got }: Ledger,
  seed: number,
): Promise<void> {
  const dice = new Dice(seed);
  for (;;) {
    const item = await getSomehow(queue, dice);
    if (item === undefined) continue;
    if (item[0] < 0) return;
    Atomics.add(got, item[0], 1);
  }
}

async function getSomehow(queue: AnyQueue<Numbered>, dice: Dice): Promise<Numbered | undefined> {
  const controller = new AbortController();
  try {
    const way = dice.roll(10);
    if (way < 3) return queue.getNowait();
    if (way < 6) return queue.getSync({ timeout: dice.roll(3) });
    if (way < 8) return await queue.get({ timeout: dice.roll(3) });
    setTimeout(() => controller.abort(), dice.roll(3));
    return await queue.get({ signal: controller.signal });
  } catch (error) {
    if (error instanceof Empty || error === controller.signal.reason) return undefined;
    throw error;
  }
}

/** Leaves a lock in queues that only this thread knows, and in queues in them; returns how often. */
export function leaveInQueue(lock: Lock): number {
  const [outer, inner] = [new Queue(), new SimpleQueue()];
  inner.putNowait([lock, "x".repeat(100)]);
  inner.putNowait([lock, lock.toString().length]);
  outer.putNowait([inner, lock]);
  outer.putNowait(new Map([[lock, inner]]));
  return 4;
}

/** Starts a thread. */
export function start<A extends unknown[], R>(
  target: (...args: A) => R,
  ...args: A
): Thread<Awaited<R>> {
  const options = {
    target: target as (...args: never[]) => unknown,
    args: args as unknown as never[],
  };
  const thread = new Thread(options) as Thread<Awaited<R>>;
  thread.start();
  return thread;
}

/** Starts a function in a thread that can be ended by force, whatever it does; returns how. */
export function startDoomed<A extends unknown[]>(
  target: (...args: A) => unknown,
  ...args: A
): () => Promise<void> {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2, onWorkerDeath: "break" });
  const doomed = pool.submit(target, ...args);
  return async () => {
    // A pool that breaks terminates its other workers.
    await pool.submit(exit, 1).exception();
    await doomed.exception();
    await pool.shutdown();
  };
}
