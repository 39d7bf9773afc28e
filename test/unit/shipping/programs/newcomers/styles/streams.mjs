/* oxlint-disable -- code as someone new writes it */
// Generators, async iterators and an iterable class, inside of tasks.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

function* range(from, to, step = 1) {
  for (let n = from; n < to; n += step) yield n;
}
async function* ticks(count) {
  for (const n of range(0, count)) {
    await null;
    yield n * n;
  }
}
class Tree {
  constructor(value, ...children) {
    Object.assign(this, { value, children });
  }
  *[Symbol.iterator]() {
    yield this.value;
    for (const child of this.children) yield* child;
  }
  async *later() {
    for (const value of this) yield await Promise.resolve(value);
  }
}
const take = function* (iterable, n) {
  for (const each of iterable) {
    if (n-- <= 0) return;
    yield each;
  }
};
const naturals = {
  *[Symbol.iterator]() {
    for (let n = 1; ; n++) yield n;
  },
};
const collect = async (iterable) => {
  const found = [];
  for await (const each of iterable) found.push(each);
  return found;
};

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log((await pool.submit((n) => [...range(0, n, 2)], 5)).join());
console.log((await pool.submit(async (n) => collect(ticks(n)), 4)).join());
console.log(await pool.submit(() => [...new Tree(1, new Tree(2, new Tree(3)))].join()));
console.log(
  await pool.submit(async () => (await collect(new Tree("a", new Tree("b")).later())).join()),
);
console.log(await pool.submit((n) => [...take(naturals, n)].join(), 3));
const squares = [];
for await (const square of pool.map((n) => n ** 2, range(1, 4))) squares.push(square);
console.log(squares.join());
await pool.shutdown();
