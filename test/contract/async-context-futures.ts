/** Functions that are handed to concurrent.futures. */
import { Future, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { callback, continuation, type Place } from "./async-context-contract.ts";

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const same = (n: number): number => n;

/** Settled together, in no request's context: what settles a future is seldom its owner. */
const settling: Future<number>[] = [];

function pending(): Future<number> {
  const future = new Future<number>();
  if (settling.push(future) === 1) {
    setTimeout(() => {
      for (const each of settling.splice(0)) each.setResult(1);
    }, 5);
  }
  return future;
}

export const FUTURES: Readonly<Record<string, Place>> = {
  "Future.addDoneCallback(callback)": callback(async (note) => {
    await new Promise<void>((resolve) => {
      pending().addDoneCallback(() => {
        note();
        resolve();
      });
    });
  }),
  "Future.addDoneCallback(callback), where it is done already": callback(async (note) => {
    const future = new Future<number>();
    future.setResult(1);
    future.addDoneCallback(note);
  }),
  "Future.then(onFulfilled)": continuation(async (note) => pending().then(note)),
  "Future.then(onRejected)": continuation(async (note) => {
    const future = new Future<number>();
    const noted = future.then(undefined, note);
    future.setException(new Error("no"));
    await noted;
  }),
  "Future.then(onFulfilled), of a call": continuation(async (note) =>
    pool.submit(same, 1).then(note),
  ),
  "ThreadPoolExecutor.map(progress)": callback(async (note) => {
    await pool.map(same, [1, 2, 3], { progress: note });
  }),
  "ThreadPoolExecutor.map(items), a generator": continuation(async (note) => {
    function* items(): Generator<number> {
      for (let i = 0; i < 20; i++) {
        note();
        yield i;
      }
    }
    for await (const n of pool.map(same, items(), { buffersize: 2 })) void n;
  }),
};
