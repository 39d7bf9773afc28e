/**
 * The program of a contender's process: opens it, warms it up, and then measures
 * once for each line that comes in. `../contenders/cpython.py` does the same.
 *
 *   serve.mjs FILE SUITE CASE
 *
 * Answers are lines on standard output that begin with "@bench ":
 *
 *   { kind: "skipped", reason }   cannot take part in this case
 *   { kind: "ready" }             opened and warm
 *   { kind: "measured", measurement }
 *   { kind: "failed", reason }
 */

import { createInterface } from "node:readline";

import { SUITES } from "./suites.mjs";

/** A warm-up lasts at least so long: the compilers are done by then. */
const WARM_UP_MS = 500;

const [file, suiteName, caseName] = process.argv.slice(2);

const reply = (message) => process.stdout.write(`@bench ${JSON.stringify(message)}\n`);

async function warmUp(kase, pool) {
  const end = performance.now() + WARM_UP_MS;
  do await kase.measure(pool, true);
  while (performance.now() < end);
}

async function serve() {
  const suite = SUITES[suiteName];
  const kase = suite.cases.find(({ name }) => name === caseName);
  const contender = await import(new URL(`../contenders/${file}`, import.meta.url).href);
  if (suite.isFresh) {
    const reason = kase.skips?.(contender);
    if (reason !== undefined) {
      reply({ kind: "skipped", reason });
      return;
    }
    reply({ kind: "measured", measurement: await kase.measureFresh(contender) });
    return;
  }

  const pool = await contender.open(await contender.load(), kase.workers);
  const reason = await kase.skips?.(pool);
  if (reason !== undefined) {
    reply({ kind: "skipped", reason });
    return;
  }
  await warmUp(kase, pool);
  reply({ kind: "ready" });
  for await (const _ of createInterface({ input: process.stdin })) {
    reply({ kind: "measured", measurement: await kase.measure(pool, false) });
  }
}

try {
  await serve();
} catch (error) {
  reply({ kind: "failed", reason: String(error?.message ?? error) });
}
