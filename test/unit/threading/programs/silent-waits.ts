/** Programs that stand still, or seem to; the arguments choose what waits, and how. */
import process from "node:process";
import { DeadlockError } from "heddle";
import { getRunningLoop, run, sleep, toThread } from "heddle/asyncio";
import { asCompletedSync, ThreadPoolExecutor, waitSync } from "heddle/concurrent/futures";
import { Queue } from "heddle/queue";
import { untilBlocked } from "heddle/testing";
import { Barrier, Condition, Event, Lock, RLock, Semaphore, Thread } from "heddle/threading";

export function take(queue: Queue<string>): string {
  return queue.getSync();
}

export function takeLock(lock: Lock): void {
  lock.withSync(() => undefined);
}

/** Leaves it taken. */
export function keep(taken: Lock | Semaphore): void {
  taken.acquireSync();
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

/** What a thread can wait for, of every kind of shared object. */
type Awaited = Event | Lock | Semaphore | Queue<string> | Barrier | Condition;

/** By the kind: an object of which the wait does not end. */
const AWAITED: Readonly<Record<string, () => Awaited>> = {
  Event: () => new Event(),
  Lock: () => {
    const lock = new Lock();
    lock.acquireSync();
    return lock;
  },
  Semaphore: () => new Semaphore(0),
  "Queue.get": () => new Queue<string>(),
  "Queue.put": () => {
    const full = new Queue<string>(1);
    full.putSync("one");
    return full;
  },
  "Queue.join": () => {
    const unfinished = new Queue<string>();
    unfinished.putSync("one");
    return unfinished;
  },
  Barrier: () => new Barrier(2),
  Condition: () => new Condition(new Lock()),
};

export function waitOn(kind: string, object: never): void {
  const waits: Readonly<Record<string, () => unknown>> = {
    Event: () => (object as Event).waitSync(),
    Lock: () => (object as Lock).acquireSync(),
    Semaphore: () => (object as Semaphore).acquireSync(),
    "Queue.get": () => (object as Queue<string>).getSync(),
    "Queue.put": () => (object as Queue<string>).putSync("two"),
    "Queue.join": () => (object as Queue<string>).joinSync(),
    Barrier: () => (object as Barrier).waitSync(),
    Condition: () => (object as Condition).withSync(() => (object as Condition).waitSync()),
  };
  waits[kind]!();
}

/** Ends such a wait, once it has begun. */
export function end(kind: string, object: never, ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  const ends: Readonly<Record<string, () => unknown>> = {
    Event: () => (object as Event).set(),
    Lock: () => (object as Lock).release(),
    Semaphore: () => (object as Semaphore).release(),
    "Queue.get": () => (object as Queue<string>).putSync("one"),
    "Queue.put": () => (object as Queue<string>).getSync(),
    "Queue.join": () => (object as Queue<string>).taskDone(),
    Barrier: () => (object as Barrier).waitSync(),
    Condition: () => (object as Condition).withSync(() => (object as Condition).notifyAll()),
  };
  ends[kind]!();
}

export function endFirst(kind: string, items: Queue<never>, ms: number): void {
  end(kind, items.getSync(), ms);
}

export function doNothing(): void {}

/** Whether the wait for such an object, in the only worker of a pool, ends in a DeadlockError; `give` gives another handle away. */
async function isRefused(kind: string, give: Give): Promise<boolean> {
  const workers = new ThreadPoolExecutor({ maxWorkers: 1 });
  const object = AWAITED[kind]!();
  const first = workers.submit(waitOn, kind, object as never);
  if (object instanceof Condition) await untilBlocked(object); // who is not there yet is not notified
  give(kind, object, workers);
  try {
    first.resultSync();
    return false;
  } catch (error) {
    if ((error as Error).name !== "DeadlockError") throw error;
    return true;
  } finally {
    workers.shutdownSync();
  }
}

type Give = (kind: string, object: Awaited, workers: ThreadPoolExecutor) => unknown;

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

/** Nothing will ever end these either, which is known where the worker's event loop can be asked. */
export const leftTaken: Ways = {
  "a lock that a thread had when it ended": async () => {
    const lock = new Lock();
    await thread(keep, lock);
    lock.acquireSync();
  },
  "a permit that a call has taken": async () => {
    const permits = new Semaphore(1);
    await pool.submit(keep, permits);
    permits.acquireSync();
  },
};

/** Where the only other handle of an object may be on its way to, so that it never arrives. */
const PLACES: Readonly<Record<string, Give>> = {
  "an item": (_, object) => {
    new Queue<Awaited>().putSync(object);
  },
  "a call behind it": (kind, object, workers) => workers.submit(end, kind, object as never, 0),
  "a call behind it that is cancelled": (kind, object, workers) =>
    workers.submit(end, kind, object as never, 0).cancel(),
  "a call behind it, by message": (kind, object, workers) =>
    workers.submit(endLarge, kind, object as never, new Uint8Array(100_000)),
  "an item for a call behind it": (kind, object, workers) => {
    const items = new Queue<never>();
    items.putSync(object as never);
    return workers.submit(endFirst, kind, items, 0);
  },
};

export function endLarge(kind: string, object: never, bytes: Uint8Array): void {
  end(kind, object, bytes.length > 0 ? 0 : 1);
}

/** Nothing will ever end these: the main thread blocks for a call, and what would end that call's wait never runs. */
export const behind: Ways = {
  ...Object.fromEntries(
    Object.keys(AWAITED).map((kind) => [
      kind,
      async () => {
        // With one kind all of them, with the others the first two.
        for (const [place, give] of Object.entries(PLACES).slice(0, kind === "Event" ? 5 : 2))
          if (!(await isRefused(kind, give))) throw new Error(`went on: ${place}`);
        throw new DeadlockError("all of them");
      },
    ]),
  ),
  "two pools, each of which waits for a call behind that of the other": () => {
    const other = new ThreadPoolExecutor({ maxWorkers: 1 });
    const [one, two] = [new Event(), new Event()];
    const futures = [pool.submit(waitFor, one), other.submit(waitFor, two)];
    pool.submit(end, "Event", two as never, 0);
    other.submit(end, "Event", one as never, 0);
    for (const future of futures) {
      const error = future.exceptionSync();
      if (error !== undefined) throw error as Error;
    }
  },
  "waitSync()": () => {
    const event = new Event();
    const futures = [pool.submit(waitFor, event), pool.submit(end, "Event", event as never, 0)];
    waitSync(futures);
    return futures[0]?.resultSync();
  },
  "shutdownSync()": () => {
    const event = new Event();
    const first = pool.submit(waitFor, event);
    pool.submit(end, "Event", event as never, 0);
    pool.shutdownSync();
    return first.resultSync();
  },
};

/** Who may get the only other handle of an object, and end the wait. */
const ENDERS: Readonly<Record<string, Give>> = {
  "a call of another pool": (kind, object) => pool.submit(end, kind, object as never, 100),
  "a thread": (kind, object) => thread(end, kind, object, 100),
  "an initializer": (kind, object) =>
    new ThreadPoolExecutor({
      maxWorkers: 1,
      initializer: end,
      initargs: [kind, object as never, 100],
    }).submit(doNothing),
  "a call behind one that works": (kind, object) => {
    pool.submit(wasteTime, 100);
    return pool.submit(end, kind, object as never, 0);
  },
  "an item": (kind, object) => {
    const items = new Queue();
    thread(endFirst, kind, items, 0);
    thread(putObjectLater, items, object, 100);
  },
};

export function putObjectLater(items: Queue, object: unknown, ms: number): void {
  wasteTime(ms);
  items.putSync(object);
}

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
  ...Object.fromEntries(
    Object.keys(AWAITED).map((kind) => [
      `resultSync() of a call that waits, with ${kind}, for what others were given`,
      async () => {
        // With one kind all of them, with the others the one that gets the handle last.
        for (const [ender, give] of Object.entries(ENDERS).slice(kind === "Event" ? 0 : 4))
          if (await isRefused(kind, give)) throw new Error(`refused: ${ender}`);
      },
    ]),
  ),
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

const kinds: Readonly<Record<string, Ways>> = {
  blocking,
  leftTaken,
  behind,
  awaiting,
  alone,
  ended,
};

async function main(ways: Ways, name: string): Promise<void> {
  if (ways === ended) {
    const sleeper = new Thread({ target: waitFor, args: [new Event()], daemon: true });
    sleeper.start();
  }
  try {
    await ways[name]!();
    console.log("went on");
  } catch (error) {
    console.log((error as Error).name === "Error" ? String(error) : (error as Error).name);
  }
  process.exit();
}

const [, , kind, name] = process.argv;
// No top-level await: Deno and Bun then say when nothing is left.
if (kind !== undefined && name !== undefined) void main(kinds[kind]!, name);
