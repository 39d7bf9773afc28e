import { Queue, SimpleQueue, LifoQueue, PriorityQueue } from "heddle/queue";
import { Thread, Lock } from "heddle/threading";
import { move } from "heddle";
const N = 300000;
export function produce(q, n) {
  for (let i = 0; i < n; i++) q.putSync(i);
}
export function consume(q, n) {
  let s = 0;
  for (let i = 0; i < n; i++) s += q.getSync();
  return s;
}
if (process.argv[2] !== "x" && (await import("node:worker_threads")).isMainThread) {
  const q = new Queue();
  q.putNowait({ a: [1, 2, { m: new Map([[1, new Date(0)]]) }], q, l: new Lock() });
  console.log(q.getNowait(), q.qsize(), String(q));
  const lf = new LifoQueue();
  for (let i = 0; i < 100; i++) lf.putNowait("s" + i);
  console.log(lf.getNowait(), lf.getNowait(), lf.qsize());
  const pq = new PriorityQueue();
  for (let i = 0; i < 100; i++) pq.putNowait([(i * 37) % 101, { i }]);
  let out = [];
  while (!pq.empty()) out.push(pq.getNowait()[0]);
  console.log(out.join());
  const b = new Uint8Array(10);
  q.putNowait({ b: move(b) });
  console.log(b.length, q.getNowait());
  for (const max of process.argv[3] ? [+process.argv[3]] : [0, 128])
    for (let r = 0; r < 4; r++) {
      const q = new Queue(max);
      const t = new Thread({ target: produce, args: [q, N] });
      t.start();
      q.getSync();
      const t0 = performance.now();
      let s = 0;
      for (let i = 1; i < N; i++) s += q.getSync();
      const ms = performance.now() - t0;
      await t.join();
      console.log(max, ((ms * 1e6) / N).toFixed(0), "ns/item", s);
    }
  {
    const q = new Queue();
    const t0 = performance.now();
    for (let i = 0; i < N; i++) {
      q.putNowait(i);
      q.getNowait();
    }
    console.log("same thread put+get", (((performance.now() - t0) * 1e6) / N).toFixed(0));
  }
  {
    const q = new Queue();
    const t0 = performance.now();
    for (let i = 0; i < N; i++) {
      await q.put(i);
      await q.get();
    }
    console.log("async same thread put+get", (((performance.now() - t0) * 1e6) / N).toFixed(0));
  }
  {
    const q = new Queue();
    const t0 = performance.now();
    for (let i = 0; i < N / 3; i++) {
      q.putNowait({ id: i, name: "hello", ok: true });
      q.getNowait();
    }
    console.log("objects same thread put+get", (((performance.now() - t0) * 3e6) / N).toFixed(0));
  }
  {
    const q = new Queue();
    const t0 = performance.now();
    for (let i = 0; i < N / 3; i++) {
      q.putNowait("short text");
      q.getNowait();
    }
    console.log("string same thread put+get", (((performance.now() - t0) * 3e6) / N).toFixed(0));
  }
}
