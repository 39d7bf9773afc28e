/* oxlint-disable -- code as someone new writes it */
// Blurs an image by rows, as one would without a library.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const RADIUS = 2;
const kernel = new Float32Array(RADIUS * 2 + 1);
for (let i = -RADIUS; i <= RADIUS; i++) kernel[i + RADIUS] = Math.exp(-(i * i) / 2);
const weight = kernel.reduce((sum, each) => sum + each);
kernel.forEach((each, i) => (kernel[i] = each / weight));
const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

function blurRow(row, width) {
  const out = new Uint8ClampedArray(width);
  for (let x = 0; x < width; x++) {
    let sum = 0;
    kernel.forEach((k, i) => {
      sum += row[clamp(x + i - RADIUS, 0, width - 1)] * k;
    });
    out[x] = sum;
  }
  return out;
}

const WIDTH = 8;
const image = Array.from({ length: 3 }, (_, y) =>
  Uint8ClampedArray.from({ length: WIDTH }, (_, x) => (x === y ? 255 : 0)),
);
const pool = new ThreadPoolExecutor();
const rows = await pool.map((row) => blurRow(row, WIDTH), image);
console.log([...rows].map((row) => [...row].join(" ")).join("|"));
await pool.shutdown();
