/** Programs that stand still, or seem to; the arguments choose what waits, and how. */
import process from "node:process";
import { getRunningLoop, run, sleep, toThread } from "heddle/asyncio";
import { asCompletedSync, ThreadPoolExecutor, waitSync } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { Barrier, Condition, Event, Lock, RLock, Semaphore, Thread } from "heddle/threading";

export function take(queue: Queue<string>): string {
  return queue.getSync();
}

export function takeLock(lock: Lock): void {
  lock.withSync(() => undefined);
}

export function wasteTime(ms: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  return ms;
}

export function putLater(queue: Queue<string>, ms: number): void {
  wasteTime(ms);
  queue.putSync("item");
}

export function waitFor(event: Event): void {
  event.waitSync();
}

/** A call that waits for a call of a pool of its own. */
export function takeNested(queue: Queue<string>): string {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const taken = pool.submit(take, queue).resultSync();
  pool.shutdownSync();
  return taken;
}

export function wasteNested(ms: number): number {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  const wasted = pool.submit(wasteTime, ms).resultSync();
  pool.shutdownSync();
  return wasted;
}

function thread(target: (...args: never[]) => unknown, ...args: unknown[]): Thread {
  const started = new Thread({ target: target as (...args: unknown[]) => unknown, args });
  started.start();
  return started;
}

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const queue = new Queue<string>();

type Ways = Readonly<Record<string, () => unknown>>;

/** Nothing will ever end these: the main thread blocks for threads that sleep. */
export const blocking: Ways = {
  "resultSync()": () => pool.submit(take, queue).resultSync(),
  "resultSync() while the caller holds the lock": () => {
    const lock = new Lock();
    return lock.withSync(() => pool.submit(takeLock, lock).resultSync());
  },
  "resultSync() of a call that waits for another pool": () =>
    pool.submit(takeNested, queue).resultSync(),
  "exceptionSync()": () => {
    throw pool.submit(take, queue).exceptionSync() as Error;
  },
  "mapSync()": () => [...pool.mapSync(take, [queue])],
  "waitSync()": () => [...waitSync([pool.submit(take, queue)]).done][0]?.resultSync(),
  "asCompletedSync()": () => [...asCompletedSync([pool.submit(take, queue)])][0]?.resultSync(),
  "shutdownSync()": () => {
    const future = pool.submit(take, queue);
    pool.shutdownSync();
    return future.resultSync();
  },
  "a lock, while a call is under way": () => {
    void pool.submit(take, queue).exception();
    const lock = new Lock();
    lock.acquireSync();
    lock.acquireSync();
  },
};

/** Nothing will ever end these: the main thread awaits what threads that sleep would do. */
export const awaiting: Ways = {
  "await future": () => pool.submit(take, queue),
  "await map": () => pool.map(take, [queue]),
  "await shutdown()": async () => {
    const error = pool.submit(take, queue).exception();
    await pool.shutdown();
    throw (await error) as Error;
  },
  "await thread.join()": () => thread(take, queue).join(),
  "run: await future": () => run(async () => await pool.submit(take, queue)),
  "run: toThread": () => run(async () => await toThread(take, queue)),
  "run: runInExecutor": () =>
    run(async () => await getRunningLoop().runInExecutor(pool, take, queue)),
  "run: a generator": () =>
    run(function* () {
      return yield* pool.submit(take, queue);
    }),
};

/** Nothing will ever end these: the main thread is the only one. */
export const alone: Ways = {
  "run: a lock": () => run(async () => alone["Lock"]!()),
  "run: a generator that waits for an item": () =>
    run(function* () {
      return yield* queue.get();
    }),
  Lock: async () => {
    const lock = new Lock();
    await lock.acquire();
    await lock.acquire();
  },
  RLock: async () => {
    const lock = new RLock();
    await lock.acquire();
    await lock.acquire();
  },
  Semaphore: () => new Semaphore(0).acquire(),
  Event: () => new Event().wait(),
  "Queue.get": () => queue.get(),
  "Queue.put": async () => {
    const full = new Queue<string>(1);
    await full.put("one");
    await full.put("two");
  },
  "Queue.join": async () => {
    await queue.put("one");
    await queue.join();
  },
  Condition: async () => {
    const condition = new Condition();
    await condition.with(() => condition.wait());
  },
  Barrier: () => new Barrier(2).wait(),
};

/** A timer, a thread at work or a call that is about to begin ends these, while a daemon sleeps for ever. */
export const ended: Ways = {
  "resultSync() of one call after the other": () => {
    for (let i = 0; i < 5; i++) pool.submit(wasteTime, 100).resultSync();
  },
  "resultSync() of the last of several calls": () => {
    const futures = [1, 2, 3, 4].map(() => pool.submit(wasteTime, 80));
    return futures.at(-1)?.resultSync();
  },
  "mapSync()": () => [...pool.mapSync(wasteTime, [80, 80, 80])].length,
  "shutdownSync() of idle workers": () => {
    pool.submit(wasteTime, 1).resultSync();
    wasteTime(100);
    pool.shutdownSync();
  },
  "shutdownSync() of a worker that works": () => {
    void pool.submit(wasteTime, 300);
    pool.shutdownSync();
  },
  "resultSync() of a call that waits for another pool": () =>
    pool.submit(wasteNested, 300).resultSync(),
  "resultSync() of a call that waits for a thread": () => {
    thread(putLater, queue, 300);
    return pool.submit(take, queue).resultSync();
  },
  "a lock that a timer releases": async () => {
    const lock = new Lock();
    await lock.acquire();
    setTimeout(() => lock.release(), 400);
    return lock.acquire();
  },
  "a lock that a task releases": () =>
    run(async () => {
      const lock = new Lock();
      await lock.acquire();
      getRunningLoop().callLater(400, () => lock.release());
      await lock.acquire();
    }),
  "an item that a thread puts": () => {
    thread(putLater, queue, 400);
    return queue.get();
  },
  "an item that a call puts": () => {
    void pool.submit(putLater, queue, 400);
    return queue.get();
  },
  "an item, with a time limit": () => queue.get({ timeout: 400 }).catch(() => undefined),
  "an item, with a signal": () =>
    queue.get({ signal: AbortSignal.timeout(400) }).catch(() => undefined),
  "a task that is cancelled after a while": () =>
    run(async () => {
      const { waitFor: waitAtMost } = await import("heddle/asyncio");
      await waitAtMost(queue.get(), 400).catch(() => undefined);
      await sleep(1);
    }),
};

const kinds: Readonly<Record<string, Ways>> = { blocking, awaiting, alone, ended };

async function main(ways: Ways, name: string): Promise<void> {
  if (ways === ended) {
    const sleeper = new Thread({ target: waitFor, args: [new Event()], daemon: true });
    sleeper.start();
  }
  try {
    await ways[name]!();
    console.log("went on");
  } catch (error) {
    console.log((error as Error).name);
  }
  process.exit();
}

const [, , kind, name] = process.argv;
// No top-level await: Deno and Bun then say when nothing is left.
if (kind !== undefined && name !== undefined) void main(kinds[kind]!, name);
