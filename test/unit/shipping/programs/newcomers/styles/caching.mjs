/* oxlint-disable -- code as someone new writes it */
// Wrapped functions: memoised, timed and retried ones, made at the top of the module.
import { EventEmitter } from "node:events";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const memoize = (fn, cache = new Map()) =>
  function memoized(n) {
    if (!cache.has(n)) cache.set(n, fn(n));
    return cache.get(n);
  };
const retry =
  (times, fn) =>
  async (...args) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fn(...args, attempt);
      } catch (error) {
        if (attempt >= times) throw error;
      }
    }
  };
class Progress extends EventEmitter {
  seen = [];
  constructor() {
    super();
    this.on("step", (n) => this.seen.push(n));
  }
}
const fib = memoize((n) => (n < 2 ? n : fib(n - 1) + fib(n - 2)));
const flaky = retry(3, (name, attempt) => {
  if (attempt < 3) throw new Error(`no ${name}`);
  return `${name} at ${attempt}`;
});
const count = (to) => {
  const progress = new Progress();
  for (let n = 1; n <= to; n++) progress.emit("step", n);
  return progress.seen.join();
};

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log(await pool.submit((n) => fib(n), 50));
console.log(await pool.submit(async (name) => flaky(name), "loom"));
console.log(await pool.submit(count, 3));
await pool.shutdown();
