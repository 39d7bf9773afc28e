import { Condition, Lock, RLock } from "heddle/threading";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
const pool = new ThreadPoolExecutor({ maxWorkers: 3 });
for (const c of [new Condition(), new Condition(new Lock())]) {
  const n = new Int32Array(new SharedArrayBuffer(4));
  console.log(String(c));
  const w = [1, 2, 3].map(() =>
    pool.submit(
      (c, n) =>
        c.withSync(() => {
          Atomics.add(n, 0, 1);
          return c.waitSync({ timeout: 1000 });
        }),
      c,
      n,
    ),
  );
  const p = c.with(() => c.wait({ timeout: 500 }));
  while (Atomics.load(n, 0) < 3) await new Promise((r) => setTimeout(r, 10));
  await c.with(() => {
    console.log(String(c));
    c.notify(2);
  });
  console.log(await Promise.all([...w, p]), String(c));
  const ac = new AbortController();
  const q = c.with(() => c.wait({ signal: ac.signal })).catch((e) => String(e));
  await c.acquire();
  ac.abort(new Error("no"));
  const still = await Promise.race([q, new Promise((r) => setTimeout(() => r("pending"), 50))]);
  console.log(still);
  c.release();
  console.log(await q);
  try {
    c.notify();
  } catch (e) {
    console.log(String(e));
  }
  console.log(c.locked());
  // ping pong
  const N = 20000;
  const turn = new Int32Array(new SharedArrayBuffer(4));
  const player = (c, turn, me, N) => {
    for (let i = 0; i < N; i++)
      c.withSync(() => {
        while (turn[0] !== me) c.waitSync();
        turn[0] = 1 - me;
        c.notify();
      });
  };
  const t = performance.now();
  await Promise.all([pool.submit(player, c, turn, 0, N), pool.submit(player, c, turn, 1, N)]);
  console.log("us per round trip", ((performance.now() - t) * 1000) / N);
}
await pool.shutdown();
