/** Functions that are handed to multiprocessing. */
import { type AsyncResult, Process } from "heddle/multiprocessing";
import { ThreadPool } from "heddle/multiprocessing/pool";
import { callback, continuation, type Places } from "../support/async-context.ts";
import { failWith } from "../support/threads/thread-targets.ts";

const pool = new ThreadPool({ processes: 1 });
const same = (n: number): number => n;

const result = (): AsyncResult<number> => pool.applyAsync(same, [1]);
const failing = (): AsyncResult<unknown> => pool.applyAsync(failWith, [1]);

function child(): Process<number, [number]> {
  const made = new Process({ target: same, args: [1] as [number] });
  made.start();
  return made;
}

function failingChild(): Process<never, [number]> {
  const made = new Process({ target: failWith, args: [1] as [number] });
  made.start();
  return made;
}

/** Resolves once the callback has been called. */
function called(note: () => void, start: (called: () => void) => void): Promise<void> {
  return new Promise<void>((resolve) => {
    start(() => {
      note();
      resolve();
    });
  });
}

export const PROCESSES: Places = {
  "multiprocessing PoolCallOptions.callback": callback((note) =>
    called(note, (done) => void pool.applyAsync(same, [1], undefined, { callback: done })),
  ),
  "multiprocessing PoolCallOptions.errorCallback": callback((note) =>
    called(note, (done) => {
      pool.applyAsync(failWith, [1], undefined, { errorCallback: done }).catch(() => undefined);
    }),
  ),
  "multiprocessing Pool.imap(items), a generator": continuation(async (note) => {
    function* items(): Generator<number> {
      for (let n = 0; n < 20; n++) {
        note();
        yield n;
      }
    }
    for await (const n of pool.imap(same, items())) void n;
  }),
  "multiprocessing AsyncResult.then(onFulfilled)": continuation(async (note) =>
    result().then(note),
  ),
  "multiprocessing AsyncResult.then(onRejected)": continuation(async (note) =>
    failing().then(undefined, note),
  ),
  "multiprocessing AsyncResult.catch(onRejected)": continuation(async (note) =>
    failing().catch(note),
  ),
  "multiprocessing AsyncResult.finally(onFinally)": continuation(async (note) =>
    result().finally(note),
  ),
  "multiprocessing Process.then(onFulfilled)": continuation(async (note) => child().then(note)),
  "multiprocessing Process.then(onRejected)": continuation(async (note) =>
    failingChild().then(undefined, note),
  ),
  "multiprocessing Process.catch(onRejected)": continuation(async (note) =>
    failingChild().catch(note),
  ),
  "multiprocessing Process.finally(onFinally)": continuation(async (note) => child().finally(note)),
};
