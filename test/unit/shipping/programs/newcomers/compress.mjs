/* oxlint-disable -- code as someone new writes it */
// Compresses what an async generator yields; the thread's functions are async too.
import { promisify } from "node:util";
import zlib from "node:zlib";
import { setTimeout as delay } from "node:timers/promises";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import settings from "./settings.json" with { type: "json" };

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);
async function* chunks() {
  for (let i = 0; i < 3; i++) {
    await delay(1);
    yield String(i).repeat(settings.chunk);
  }
}
const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
const compress = async (text) => await gzip(text, { level: settings.level });
const compressed = [];
for await (const chunk of chunks()) compressed.push(pool.submit(compress, chunk));
let length = 0;
for (const future of compressed) {
  const text = await pool.submit(async (data) => (await gunzip(data)).toString(), await future);
  length += text.length;
}
console.log(length === 3 * settings.chunk);
await pool.shutdown();
