/** The same in CommonJS. */
const { isMainThread, task } = require("heddle");
const { ThreadPoolExecutor } = require("heddle/concurrent/futures");

const factor = 3;
const triple = task(__filename, (n) => n * factor);

async function main() {
  const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
  console.log(await pool.submit(triple, 14));
  await pool.shutdown();
}
if (isMainThread) void main();
