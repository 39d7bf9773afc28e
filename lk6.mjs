import { Lock } from "heddle/threading";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { untilBlocked } from "heddle/testing";
const canAcquire = (lock, timeout) => {
  const h = lock.acquireSync({ timeout });
  if (h) lock.release();
  return h;
};
const countInside = (lock, c) => {
  lock.withSync(() => Atomics.add(c, 0, 1));
};
for (let i = 0; i < 20; i++) {
  const pool = new ThreadPoolExecutor({ maxWorkers: 5 });
  {
    const lock = new Lock();
    await pool.submit(canAcquire, lock, 0);
    lock.acquireSync();
    await pool.submit(canAcquire, lock, 0);
  }
  const lock = new Lock();
  const counter = new Int32Array(new SharedArrayBuffer(4));
  lock.acquireSync();
  const t = Array.from({ length: 5 }, () => pool.submit(countInside, lock, counter));
  try {
    await untilBlocked(lock, 5, { timeout: 3000 });
  } catch (e) {
    console.log(
      i,
      String(e),
      pool.toString?.(),
      t.map((f) => f.running() + "/" + f.done()),
    );
  }
  lock.release();
  await Promise.all(t);
  await pool.shutdown();
}
console.log("done");
