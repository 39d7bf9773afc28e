/** Functions that are handed to threading and _thread, and are called in the thread that has them. */
import { setUnraisablehook, startNewThread } from "heddle/_thread";
import { Barrier, Condition, Lock, setExcepthook, Thread, ThreadLocal } from "heddle/threading";
import {
  asAnother,
  callback,
  called,
  continuation,
  kept,
  type Places,
} from "../support/async-context.ts";
import { failWith } from "../support/threads/thread-targets.ts";

/** A lock that is taken, and given back in a moment by code that is no request's. */
function taken(): Lock {
  const lock = new Lock();
  lock.acquireSync();
  setTimeout(() => asAnother(() => lock.release()), 5);
  return lock;
}

export const THREADS: Places = {
  "threading Acquirable.with(body), of a lock that is taken": continuation(async (note) =>
    taken().with(async () => {
      note();
      await Promise.resolve();
      note();
    }),
  ),
  "threading Acquirable.withSync(body)": continuation(async (note) => new Lock().withSync(note)),
  "threading Condition.waitFor(predicate)": continuation(async (note) => {
    const condition = new Condition();
    let asked = 0;
    const notified = condition.with(() =>
      condition.waitFor(() => {
        note();
        return ++asked > 1;
      }),
    );
    await asAnother(() => condition.with(() => condition.notifyAll()));
    await notified;
  }),
  "threading Condition.waitForSync(predicate)": continuation(async (note) => {
    const condition = new Condition();
    condition.withSync(() =>
      condition.waitForSync(() => {
        note();
        return true;
      }),
    );
  }),
  "threading BarrierOptions.action": callback(async (note) => {
    const barrier = new Barrier(2, { action: note });
    await Promise.all([barrier.wait(), asAnother(() => barrier.wait())]);
  }),
  "threading Thread.then(onFulfilled)": continuation(async (note) => {
    const thread = new Thread({ target: () => 1 });
    thread.start();
    await thread.then(note);
  }),
  "threading Thread.then(onRejected)": continuation(async (note) => {
    const thread = new Thread({ target: failWith, args: [1] });
    thread.start();
    await thread.then(undefined, note);
  }),
  "threading Thread.catch(onRejected)": continuation(async (note) => {
    const thread = new Thread({ target: failWith, args: [1] });
    thread.start();
    await thread.catch(note);
  }),
  "threading Thread.finally(onFinally)": continuation(async (note) => {
    const thread = new Thread({ target: () => 1 });
    thread.start();
    await thread.finally(note);
  }),
  "threading ThreadLocal(init)": called(async (note) => {
    const local = new ThreadLocal(() => {
      note();
      return { n: 1 };
    });
    void local.n;
  }),
  "threading setExcepthook(hook)": kept(async (note) => {
    const reported = new Promise<void>((resolve) => {
      setExcepthook(() => {
        note();
        resolve();
      });
    });
    const thread = new Thread({ target: failWith, args: [1] });
    asAnother(() => thread.start());
    await reported;
    await thread.join().catch(() => undefined);
    setExcepthook(undefined);
  }),
  "_thread setUnraisablehook(hook)": kept(async (note) => {
    const reported = new Promise<void>((resolve) => {
      setUnraisablehook(() => {
        note();
        resolve();
      });
    });
    const keepAlive = setInterval(() => undefined, 1000);
    asAnother(() => startNewThread(failWith, [1]));
    await reported;
    clearInterval(keepAlive);
    setUnraisablehook(undefined);
  }),
};
