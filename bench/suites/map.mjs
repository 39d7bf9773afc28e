/** Many small items, as they are and in chunks. */

import { check } from "./suite.mjs";

const ITEMS = 100_000;
const WARM_UP_ITEMS = 10_000;
const CHUNK = 1000;

export const title = "Map";

async function timed(count, map) {
  const items = Array.from({ length: count }, (_, n) => n);
  const start = performance.now();
  const results = await map(items);
  const elapsedMs = performance.now() - start;
  check(results.length === count && results[count - 1] === count, "not every item plus one");
  return { value: elapsedMs / count };
}

const byItem = (pool, items) =>
  pool.mapItems
    ? pool.mapItems("increment", items)
    : Promise.all(items.map((item) => pool.run("increment", item)));

async function byChunk(pool, items) {
  if (pool.mapChunks) return pool.mapChunks("increment", items, CHUNK);
  const chunks = [];
  for (let at = 0; at < items.length; at += CHUNK) {
    chunks.push(pool.run("incrementAll", items.slice(at, at + CHUNK)));
  }
  return (await Promise.all(chunks)).flat();
}

export const cases = [
  {
    name: "items",
    title: `map over ${ITEMS} ints, no chunk size, 2 workers (per item)`,
    unit: "ms",
    workers: 2,
    columns: [],
    isRate: true,
    measure: (pool, isWarmUp) =>
      timed(isWarmUp ? WARM_UP_ITEMS : ITEMS, (items) => byItem(pool, items)),
  },
  {
    name: "chunks",
    title: `map over ${ITEMS} ints in chunks of ${CHUNK}, 2 workers (per item)`,
    unit: "ms",
    workers: 2,
    columns: [],
    isRate: true,
    measure: (pool) => timed(ITEMS, (items) => byChunk(pool, items)),
  },
];
