#!/usr/bin/env node
/* oxlint-disable -- code as someone new writes it */
// A command line tool: options are read at the top, and used in the threads.
import { parseArgs } from "node:util";
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

const { values, positionals } = parseArgs({
  options: { upper: { type: "boolean", default: false }, times: { type: "string", default: "1" } },
  allowPositionals: true,
});
const VERBOSE = process.argv.includes("--verbose");
const transform = (word) => {
  const text = word.repeat(Number(values.times));
  return values.upper ? text.toUpperCase() : text;
};
const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
console.log([...(await pool.map(transform, positionals))].join(" "), VERBOSE);
console.log(await pool.submit(() => process.argv.slice(2).join(" ")));
await pool.shutdown();
