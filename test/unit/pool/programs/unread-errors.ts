/** Makes a call that fails in the way that is named, and reads its error or not. */
import process from "node:process";
import { type Executor, ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { type Pool as AnyPool, Process } from "heddle/multiprocessing";
import { ThreadPool } from "heddle/multiprocessing/pool";
import { Thread } from "heddle/threading";

const fail = (n: number): number => {
  throw new RangeError(`unread ${n}`);
};
const ignore = (): undefined => undefined;
const napping = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 600_000));
};

async function over(things: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of things);
}

const inExecutor: Readonly<Record<string, (pool: Executor) => unknown>> = {
  submit: (pool) => void pool.submit(fail, 1),
  map: (pool) => void pool.map(fail, [1, 2, 3]),
  "map, in chunks": (pool) => void pool.map(fail, [1, 2, 3, 4], { chunksize: 2 }),
  "map, read": async (pool) => pool.map(fail, [1, 2, 3]).catch(ignore),
  "map, read one by one": async (pool) => over(pool.map(fail, [1, 2, 3])).catch(ignore),
  "map, left": async (pool) => pool.map(fail, [1, 2, 3]).return(),
};

const inPool: Readonly<Record<string, (pool: AnyPool) => unknown>> = {
  applyAsync: (pool) => void pool.applyAsync(fail, [1]),
  mapAsync: (pool) => void pool.mapAsync(fail, [1, 2]),
  imap: (pool) => void pool.imap(fail, [1]),
  "applyAsync, terminated": (pool) => {
    void pool.applyAsync(napping);
    void pool.imap(napping, [1]);
    pool.terminate();
  },
  imapUnordered: (pool) => void pool.imapUnordered(fail, [1]),
  "imap, read": async (pool) => over(pool.imap(fail, [1])).catch(ignore),
  "imap, read up to the first": async (pool) => over(pool.imap(fail, [1, 2, 3])).catch(ignore),
  "imapUnordered, read up to the first": async (pool) =>
    over(pool.imapUnordered(fail, [1, 2, 3])).catch(ignore),
  "imap, left": async (pool) => pool.imap(fail, [1]).return(),
};

const [, , where, how = ""] = process.argv;
if (where === "Thread") new Thread({ target: fail, args: [1] }).start();
else if (where === "Process") new Process({ target: fail, args: [1] }).start();
else if (where === "ThreadPool") {
  const pool = new ThreadPool({ processes: 1 });
  await inPool[how]?.(pool);
  pool.close();
  await pool.join();
} else {
  const pool = new (where === "ThreadPoolExecutor" ? ThreadPoolExecutor : ProcessPoolExecutor)({
    maxWorkers: 1,
  });
  await inExecutor[how]?.(pool);
  await pool.shutdown();
}
