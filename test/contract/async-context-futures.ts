/** Functions that are handed to concurrent.futures. */
import { Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { asAnother, callback, continuation, type Places } from "../support/async-context.ts";
import { failWith } from "../support/threads/thread-targets.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const same = (n: number): number => n;

/** Settled together, by code that is no request's: what settles a future is seldom its owner. */
const settling: Future<number>[] = [];

function pending(): Future<number> {
  const future = new Future<number>();
  if (settling.push(future) === 1) {
    setTimeout(() => {
      for (const each of settling.splice(0)) asAnother(() => each.setResult(1));
    }, 5);
  }
  return future;
}

function failing(): Future<number> {
  const future = new Future<number>();
  setTimeout(() => asAnother(() => future.setException(new Error("no"))), 5);
  return future;
}

function done(): Future<number> {
  const future = new Future<number>();
  future.setResult(1);
  return future;
}

export const FUTURES: Places = {
  "concurrent.futures Future.addDoneCallback(callback)": callback(async (note) => {
    await new Promise<void>((resolve) => {
      pending().addDoneCallback(() => {
        note();
        resolve();
      });
    });
  }),
  "concurrent.futures Future.addDoneCallback(callback), of one that is done": callback(
    async (note) => done().addDoneCallback(note),
  ),
  "concurrent.futures Future.then(onFulfilled)": continuation(async (note) => pending().then(note)),
  "concurrent.futures Future.then(onFulfilled), of one that is done": continuation(async (note) =>
    done().then(note),
  ),
  "concurrent.futures Future.then(onFulfilled), of a call": continuation(async (note) =>
    pool.submit(same, 1).then(note),
  ),
  "concurrent.futures Future.then(onRejected)": continuation(async (note) =>
    failing().then(undefined, note),
  ),
  "concurrent.futures Future.catch(onRejected)": continuation(async (note) =>
    failing().catch(note),
  ),
  "concurrent.futures Future.finally(onFinally)": continuation(async (note) =>
    pending().finally(note),
  ),
  "concurrent.futures MapOptions.progress": callback(async (note) => {
    await pool.map(same, [1, 2, 3], { progress: note });
  }),
  "concurrent.futures MapResult.then(onFulfilled)": continuation(async (note) =>
    pool.map(same, [1, 2, 3]).then(note),
  ),
  "concurrent.futures MapResult.catch(onRejected)": continuation(async (note) =>
    pool.map(failWith, [1]).catch(note),
  ),
  "concurrent.futures MapResult.finally(onFinally)": continuation(async (note) =>
    pool.map(same, [1, 2, 3]).finally(note),
  ),
  "concurrent.futures Executor.map(items), a generator": continuation(async (note) => {
    function* items(): Generator<number> {
      for (let i = 0; i < 20; i++) {
        note();
        yield i;
      }
    }
    for await (const n of pool.map(same, items(), { buffersize: 2 })) void n;
  }),
  "concurrent.futures Executor.map(items), an async generator": continuation(async (note) => {
    async function* items(): AsyncGenerator<number> {
      for (let i = 0; i < 20; i++) {
        note();
        yield i;
      }
    }
    for await (const n of pool.map(same, items(), { buffersize: 2 })) void n;
  }),
};
