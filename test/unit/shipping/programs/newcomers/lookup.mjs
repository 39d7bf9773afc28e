/** State that an initializer sets up, errors that are retried, and a cache. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
class BadInput extends Error {
  constructor(value) {
    super(`bad ${value}`);
    this.value = value;
  }
}
let db;
const init = (rows) => {
  db = new Map(rows);
};
const lookup = (key) => {
  if (!db.has(key)) throw new BadInput(key);
  return db.get(key);
};
const fibs = new Map();
const fib = (n) => {
  if (n < 2) return n;
  if (fibs.has(n)) return fibs.get(n);
  const v = fib(n - 1) + fib(n - 2);
  fibs.set(n, v);
  return v;
};
async function retry(fn, times) {
  for (let i = 0; ; i++) {
    try {
      return await fn();
    } catch (e) {
      if (i >= times) throw e;
    }
  }
}
const pool = new ThreadPoolExecutor({ maxWorkers: 2, initializer: init, initargs: [[["a", 1]]] });
console.log(await pool.submit(lookup, "a"));
console.log(fib(10));
console.log(await retry(() => pool.submit(fib, 50), 2));
try {
  await pool.submit(lookup, "z");
} catch (e) {
  console.log(e.message, e.value);
}
const f = pool.submit((n) => Array.from({ length: n }, (_, i) => fib(i)), 5);
f.addDoneCallback((g) => console.log("done", g.done()));
console.log(JSON.stringify(await f));
await pool.shutdown();
