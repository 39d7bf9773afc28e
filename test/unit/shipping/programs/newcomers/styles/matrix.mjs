/* oxlint-disable -- code as someone new writes it */
// Typed arrays, tables that loops fill, and functions that closures have made.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

export const SIZE = 3;
const identity = new Float64Array(SIZE * SIZE);
for (let i = 0; i < SIZE; i++) identity[i * SIZE + i] = 1;
const powers = Array.from({ length: 5 }, (_, n) => 2 ** n);
const at = (row, column) => row * SIZE + column;
const makeScaler = (by) => (matrix) => matrix.map((each) => each * by);
const double = makeScaler(2);
let calls = 0;

function multiply(a, b) {
  calls++;
  const product = new Float64Array(SIZE * SIZE);
  for (let i = 0; i < SIZE; i++)
    for (let j = 0; j < SIZE; j++)
      for (let k = 0; k < SIZE; k++) product[at(i, j)] += a[at(i, k)] * b[at(k, j)];
  return product;
}
multiply.calls = () => calls;

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const matrix = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
console.log((await pool.submit(multiply, matrix, identity)).join());
console.log((await pool.submit((m) => double(multiply(m, m)), matrix)).join());
console.log(await pool.submit(() => `${powers.join()} ${calls} ${multiply.calls()}`));
console.log((await pool.map((m) => m[0], [matrix, identity])).join());
await pool.shutdown();
