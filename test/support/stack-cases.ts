/**
 * Programs that fail, each in a way of its own; the error's stack names a line of this file.
 *
 * They are apart from the test that runs them, whose lines do not count. No call is the last thing
 * that a function does: JavaScriptCore leaves such a function's frame out.
 */
import * as asyncio from "heddle/asyncio";
import * as futures from "heddle/concurrent/futures";
import * as queues from "heddle/queue";
import * as threading from "heddle/threading";

const { createTask, run, sleep, timeout, waitFor } = asyncio;

const pools: futures.ThreadPoolExecutor[] = [];

function newPool(): futures.ThreadPoolExecutor {
  const pool = new futures.ThreadPoolExecutor({ maxWorkers: 1 });
  pools.push(pool);
  return pool;
}

let pool: futures.ThreadPoolExecutor = newPool();
let gate: threading.Event = new threading.Event();

/** Lets what was submitted end, and makes new objects for the next program. */
export async function cleanUp(): Promise<void> {
  gate.set();
  await Promise.all(pools.splice(0).map((each) => each.shutdown()));
  pool = newPool();
  gate = new threading.Event();
}

export async function end(): Promise<void> {
  await cleanUp();
  await pool.shutdown();
}

/** A call that is not over before its program is. */
function longCall(): futures.Future<boolean> {
  return pool.submit((event: threading.Event) => event.waitSync(), gate);
}

const held = new threading.Lock();
held.acquireSync();

const uncopyable = Symbol("uncopyable");
const identity = (value: unknown): unknown => value;

/** A function that no other thread can have. */
function closure(): () => unknown {
  const local = pools;
  return () => local.length;
}

type Program = () => unknown;

/** By the name of the error, a space and what is done. */
export const OUTSIDE_TASKS: Readonly<Record<string, Program>> = {
  "TimeoutError future.result": async () => {
    await longCall().result({ timeout: 1 });
  },
  "TimeoutError future.exception": async () => {
    await longCall().exception({ timeout: 1 });
  },
  "TimeoutError future.resultSync": () => {
    longCall().resultSync({ timeout: 1 });
  },
  "TimeoutError for await over map": async () => {
    for await (const each of pool.map(waitOn, [gate], { timeout: 1 })) identity(each);
  },
  "TimeoutError await map": async () => {
    await pool.map(waitOn, [gate], { timeout: 1 });
  },
  "TimeoutError mapSync": () => {
    Array.from(pool.mapSync(waitOn, [gate], { timeout: 1 }));
  },
  "TimeoutError asCompleted": async () => {
    for await (const each of futures.asCompleted([longCall()], { timeout: 1 })) identity(each);
  },
  "TimeoutError asCompletedSync": () => {
    Array.from(futures.asCompletedSync([longCall()], { timeout: 1 }));
  },
  "TimeoutError lock.with": async () => {
    await held.with(() => 1, { timeout: 1 });
  },
  "TimeoutError lock.withSync": () => {
    held.withSync(() => 1, { timeout: 1 });
  },
  "TimeoutError lock.hold": async () => {
    await held.hold({ timeout: 1 });
  },
  "Empty queue.get": async () => {
    await new queues.Queue().get({ timeout: 1 });
  },
  "Full queue.put": async () => {
    const queue = new queues.Queue(1);
    queue.putNowait(1);
    await queue.put(2, { timeout: 1 });
  },
  "TimeoutError queue.join": async () => {
    const queue = new queues.Queue();
    queue.putNowait(1);
    await queue.join({ timeout: 1 });
  },
  "BrokenBarrierError barrier.wait": async () => {
    await new threading.Barrier(2).wait({ timeout: 1 });
  },
  "CancelledError await a cancelled future": async () => {
    const future = new futures.Future();
    future.cancel();
    await future;
  },
  "CancelledError await a future that is cancelled later": async () => {
    const future = new futures.Future();
    queueMicrotask(() => future.cancel());
    await future;
  },
  "CancelledError future.result": async () => {
    const future = new futures.Future();
    future.cancel();
    await future.result();
  },
  "NotShippableError submit": () => {
    pool.submit(closure());
  },
  "NotShippableError map": () => {
    pool.map(closure(), [1]);
  },
  "NotShippableError mapSync": () => {
    Array.from(pool.mapSync(closure(), [1]));
  },
  "NotShippableError for await over map of an iterator": async () => {
    for await (const each of pool.map(closure(), [1].values())) identity(each);
  },
  "NotShippableError thread.start": () => {
    new threading.Thread({ target: closure() }).start();
  },
  "SendError submit": async () => {
    await pool.submit(identity, uncopyable);
  },
  "SendError map": async () => {
    await pool.map(identity, [uncopyable]);
  },
  "SendError mapSync": () => {
    Array.from(pool.mapSync(identity, [uncopyable]));
  },
  "SendError thread.start": () => {
    new threading.Thread({ target: identity, args: [uncopyable] }).start();
  },
  "SendError queue.put": async () => {
    await new queues.Queue().put(uncopyable);
  },
  "SendError queue.putNowait": () => {
    new queues.Queue().putNowait(uncopyable);
  },
  "SendError initargs": () => {
    identity(new futures.ThreadPoolExecutor({ initializer: identity, initargs: [uncopyable] }));
  },
  "TypeError submit": () => {
    pool.submit(3 as never);
  },
  "TypeError map": () => {
    pool.map(identity, 3 as never);
  },
  "TypeError Thread": () => {
    identity(new threading.Thread({ target: 3 as never }));
  },
  "TypeError lock.acquire": async () => {
    await held.acquire({ timeout: "soon" as never });
  },
  "RuntimeError lock.release": () => {
    new threading.Lock().release();
  },
  "RuntimeError condition.wait": async () => {
    await new threading.Condition().wait();
  },
  "RuntimeError submit after shutdown": async () => {
    await pool.shutdown();
    pool.submit(identity, 1);
  },
  "RuntimeError map after shutdown": async () => {
    await pool.shutdown();
    pool.map(identity, [1]);
  },
  "RuntimeError createTask": () => {
    createTask(sleep(1));
  },
};

function waitOn(event: threading.Event): boolean {
  return event.waitSync();
}

/** Async functions that fail in a task. */
export const IN_ASYNC_FUNCTIONS: Readonly<Record<string, Program>> = {
  "TimeoutError timeout": async () => {
    await timeout(1, async () => sleep(60_000));
  },
  "TimeoutError timeoutAt": async () => {
    await asyncio.timeoutAt(0, () => sleep(60_000));
  },
  "TimeoutError waitFor": async () => {
    await waitFor(sleep(60_000), 1);
  },
  "TimeoutError waitFor that does not wait": async () => {
    await waitFor(new asyncio.Future(), 0);
  },
  "TimeoutError asCompleted": async () => {
    for await (const each of asyncio.asCompleted([sleep(60_000)], { timeout: 1 })) await each;
  },
  "TimeoutError lock.with of threads": async () => {
    await held.with(() => 1, { timeout: 1 });
  },
  "TimeoutError future.result of an executor": async () => {
    await longCall().result({ timeout: 1 });
  },
  "Empty queue.get of threads": async () => {
    await new queues.Queue().get({ timeout: 1 });
  },
  "CancelledError a cancelled sleep": async () => {
    asyncio.currentTask()?.cancel();
    await sleep(60_000);
  },
  "CancelledError a cancelled future": async () => {
    const future = new asyncio.Future();
    future.cancel();
    await future;
  },
  "CancelledError a task that is cancelled while it waits": async () => {
    const task = createTask(sleep(60_000));
    await sleep(0);
    task.cancel();
    await task;
  },
  "CancelledError a task that is cancelled before it begins": async () => {
    const task = createTask(sleep(60_000));
    task.cancel();
    await task;
  },
  "CancelledError what the cancelled task itself sees": async () => {
    let seen: unknown;
    const task = createTask(async () => {
      try {
        await sleep(60_000);
      } catch (error) {
        seen = error;
        throw error;
      }
    });
    await sleep(0);
    task.cancel();
    await asyncio.wait([task]);
    throw seen as Error;
  },
  "CancelledError gather": async () => {
    const all = asyncio.gather([sleep(60_000)]);
    all.cancel();
    await all;
  },
  "QueueShutDown queue.get": async () => {
    const queue = new asyncio.Queue();
    queue.shutdown();
    await queue.get();
  },
  "BrokenBarrierError barrier.wait": async () => {
    const barrier = new asyncio.Barrier(2);
    const task = createTask(() => barrier.wait());
    await sleep(0);
    await barrier.abort();
    await task;
  },
  "RangeError wait": async () => {
    await asyncio.wait([]);
  },
  "RuntimeError condition.wait": async () => {
    await new asyncio.Condition().wait();
  },
  "RuntimeError a second await": async () => {
    const operation = sleep(0);
    await operation;
    await operation;
  },
  "ExceptionGroup taskGroup": async () => {
    await asyncio.taskGroup((group) => {
      group.createTask(() => Promise.reject(new Error("of a child")));
    });
  },
  "NotShippableError toThread": async () => {
    await asyncio.toThread(closure());
  },
  "Error toThread": async () => {
    await asyncio.toThread(() => {
      throw new Error("of another thread");
    });
  },
};

/** Generators that fail in a task. */
export const IN_GENERATORS: Readonly<Record<string, () => asyncio.Coroutine<unknown>>> = {
  *"TimeoutError timeout"() {
    yield* timeout(1, () => sleep(60_000));
  },
  *"TimeoutError waitFor"() {
    yield* waitFor(sleep(60_000), 1);
  },
  *"TimeoutError asCompleted"() {
    for (const each of asyncio.asCompleted([sleep(60_000)], { timeout: 1 })) yield* each;
  },
  *"TimeoutError lock.hold of threads"() {
    yield* held.hold({ timeout: 1 });
  },
  *"CancelledError a cancelled sleep"() {
    asyncio.currentTask()?.cancel();
    yield* sleep(60_000);
  },
  *"CancelledError a cancelled future"() {
    const future = new asyncio.Future();
    future.cancel();
    yield* future;
  },
  *"CancelledError a task that is cancelled while it waits"() {
    const task = createTask(sleep(60_000));
    yield* sleep(0);
    task.cancel();
    yield* task;
  },
  *"CancelledError a queue's get"() {
    asyncio.currentTask()?.cancel();
    yield* new asyncio.Queue().get();
  },
  *"NotShippableError toThread"() {
    yield* asyncio.toThread(closure());
  },
  *"Error toThread"() {
    yield* asyncio.toThread(() => {
      throw new Error("of another thread");
    });
  },
};

/** Runs a program of a task. */
export async function inTask(program: () => unknown): Promise<unknown> {
  return run(program as () => Promise<unknown>);
}
