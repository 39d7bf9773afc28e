/* oxlint-disable no-shadow -- who follows the advice calls the parameter like the variable */
/** Ships a function that uses a parameter in every way there is, and again as the advice for each says. */
import { startJoinableThread, startNewThread } from "heddle/_thread";
import * as asyncio from "heddle/asyncio";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { Process as ChildProcess, SimpleQueue } from "heddle/multiprocessing";
import { Pool, Process } from "heddle/multiprocessing/dummy";
import { Queue } from "heddle/queue";
import { Thread, Timer } from "heddle/threading";

const outcomes = {};

/** @param ship Called with a value that the shipped function uses. */
async function attempt(name, refused, fixed) {
  const messageOf = async () => {
    try {
      return `ran: ${await refused(3)}`;
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  };
  outcomes[name] = { says: await messageOf(), value: await fixed(3) };
}

const executor = new ThreadPoolExecutor({ maxWorkers: 1 });
const pool = new Pool({ processes: 1 });

async function run(thread) {
  thread.start();
  return await thread;
}

/** What a thread or process puts into a queue that it is given. */
async function got(queue, start) {
  const started = start(queue);
  const value = await queue.get();
  await started?.join?.();
  return value;
}

function begun(process) {
  process.start();
  return process;
}

await attempt(
  "submit",
  (by) => executor.submit(() => 2 * by),
  (by) => executor.submit((by) => 2 * by, by),
);
await attempt(
  "submit(self)",
  (by) => {
    const own = { by, start: () => undefined };
    own.start = function () {
      return executor.submit(() => this.by * 2);
    };
    return own.start();
  },
  (by) => executor.submit((self) => self.by * 2, { by }),
);
await attempt(
  "map",
  async (by) => (await executor.map((n) => n * by, [1, 2]))[1],
  async (by) => {
    const items = [1, 2];
    const fn = (n, by) => n * by;
    return (
      await executor.map(
        fn,
        items,
        items.map(() => by),
      )
    )[1];
  },
);
await attempt(
  "initializer",
  async (by) => new ThreadPoolExecutor({ initializer: () => void (globalThis.by = by) }),
  async (by) => {
    const initializer = (by) => void (globalThis.by = by);
    const own = new ThreadPoolExecutor({ maxWorkers: 1, initializer, initargs: [by] });
    const value = await own.submit(() => globalThis.by * 2);
    await own.shutdown();
    return value;
  },
);
await attempt(
  "Thread",
  (by) => run(new Thread({ target: () => 2 * by })),
  (by) => run(new Thread({ target: (by) => 2 * by, args: [by] })),
);
await attempt(
  "Timer",
  (by) => run(new Timer(1, () => 2 * by)),
  (by) => run(new Timer(1, (by) => 2 * by, [by])),
);
await attempt(
  "startNewThread",
  (by) => startNewThread(() => 2 * by),
  (by) =>
    got(new Queue(), (queue) => {
      startNewThread((queue, by) => queue.putNowait(2 * by), [queue, by]);
    }),
);
await attempt(
  "startJoinableThread",
  (by) => startJoinableThread(() => 2 * by),
  (by) =>
    got(new Queue(), (queue) => {
      startNewThread((queue, by) => queue.putNowait(2 * by), [queue, by]);
    }),
);
await attempt(
  "Process of threads",
  (by) => run(new Process({ target: () => 2 * by })),
  (by) => run(new Process({ target: (by) => 2 * by, args: [by] })),
);
await attempt(
  "Process",
  (by) => run(new ChildProcess({ target: () => 2 * by })),
  (by) =>
    got(new SimpleQueue(), (queue) => {
      const target = (queue, by) => queue.putSync(2 * by);
      return begun(new ChildProcess({ target, args: [queue, by] }));
    }),
);
await attempt(
  "Pool.apply",
  (by) => pool.apply(() => 2 * by),
  (by) => pool.apply((by) => 2 * by, [by]),
);
await attempt(
  "Pool.applyAsync",
  (by) => pool.applyAsync(() => 2 * by).get(),
  (by) => pool.applyAsync((by) => 2 * by, [by]).get(),
);
const starred = async (by) => {
  const items = [1, 2];
  const fn = (n, by) => n * by;
  return (
    await pool.starmap(
      fn,
      items.map((item) => [item, by]),
    )
  )[1];
};
await attempt("Pool.map", (by) => pool.map((n) => n * by, [1, 2]), starred);
await attempt(
  "Pool.imap",
  async (by) => (await pool.imap((n) => n * by, [1, 2]).next()).value,
  starred,
);
await attempt(
  "toThread",
  (by) => asyncio.run(async () => asyncio.toThread(() => 2 * by)),
  (by) => asyncio.run(async () => asyncio.toThread((by) => 2 * by, by)),
);
await attempt(
  "runInExecutor",
  (by) => asyncio.run(async () => asyncio.getRunningLoop().runInExecutor(null, () => 2 * by)),
  (by) => asyncio.run(async () => asyncio.getRunningLoop().runInExecutor(null, (by) => 2 * by, by)),
);
await attempt(
  "runInExecutor of one's own",
  (by) => asyncio.run(async () => asyncio.getRunningLoop().runInExecutor(executor, () => 2 * by)),
  (by) =>
    asyncio.run(async () => asyncio.getRunningLoop().runInExecutor(executor, (by) => 2 * by, by)),
);

// In another thread, of which the loop is not.
const inLoop = (use) =>
  asyncio.run(async () => {
    const loop = asyncio.getRunningLoop();
    return await asyncio.toThread(use, loop, 3);
  });
const soon = (loop, by) => loop.callSoonThreadsafe(() => by);
const soonFixed = async (loop, by) => {
  const queue = new Queue();
  loop.callSoonThreadsafe((queue, by) => queue.putNowait(2 * by), queue, by);
  return await queue.get();
};
await attempt(
  "callSoonThreadsafe",
  () => inLoop(soon),
  () => inLoop(soonFixed),
);
const threadsafe = (loop, by) => asyncio.runCoroutineThreadsafe(async () => 2 * by, [], loop);
const threadsafeFixed = (loop, by) => {
  const fn = async (by) => 2 * by;
  return asyncio.runCoroutineThreadsafe(fn, [by], loop);
};
await attempt(
  "runCoroutineThreadsafe",
  () => inLoop(threadsafe),
  () => inLoop(threadsafeFixed),
);

await executor.shutdown();
pool.terminate();
console.log(JSON.stringify(outcomes));
