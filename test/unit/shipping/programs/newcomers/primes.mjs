/* oxlint-disable -- code as someone new writes it */
// Counts primes, recursion and a cache included.
import { ThreadPoolExecutor, asCompleted } from "heddle/concurrent/futures";

const cache = new Map([
  [0, 0n],
  [1, 1n],
]);
function fib(n) {
  let value = cache.get(n);
  if (value === undefined) {
    value = fib(n - 1) + fib(n - 2);
    cache.set(n, value);
  }
  return value;
}
const isPrime = (n) => {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return n > 1;
};
const countPrimes = (from, to) => {
  let count = 0;
  for (let n = from; n < to; n++) if (isPrime(n)) count++;
  return count;
};

async function main() {
  const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
  const STEP = 250;
  const futures = [];
  for (let start = 0; start < 1000; start += STEP) {
    futures.push(pool.submit((from) => countPrimes(from, from + STEP), start));
  }
  let total = 0;
  for await (const future of asCompleted(futures)) total += await future.result();
  console.log(total, await pool.submit(fib, 90));
  await pool.shutdown();
}

main();
