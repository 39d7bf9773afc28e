/**
 * Checks the links of a web site, several pages at a time.
 *
 *   node main.ts                                 checks a site of its own, in both styles
 *   node main.ts http://localhost:8000/          checks that site
 *   node main.ts --at-once 10 --patience 2000    pages at a time; milliseconds for each
 *
 * Ctrl-C ends it, with a report of what was checked until then.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { KeyboardInterrupt } from "heddle";
import { createTask, run, type Spawnable } from "heddle/asyncio";

import { checkLinks as checkAsAsync } from "./check-async.ts";
import { checkLinks as checkAsGenerators } from "./check-generators.ts";
import type { Limits } from "./page.ts";
import { Report } from "./report.ts";
import { startSite } from "./site.ts";

const INTERRUPTED = 130;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "at-once": { type: "string", default: "5" },
    patience: { type: "string", default: "2000" },
  },
});
const [address] = positionals;
const limits: Limits = { atOnce: Number(values["at-once"]), patienceMs: Number(values.patience) };

type Check = (start: string, report: Report) => Spawnable<void>;

const STYLES: Readonly<Record<string, Check>> = {
  "async functions": (start, report) => () => checkAsAsync(start, report, limits),
  generators: (start, report) => checkAsGenerators(start, report, limits),
};

async function main(check: Check, report: Report): Promise<void> {
  const site = address === undefined ? await startSite() : undefined;
  await createTask(check(address ?? `http://127.0.0.1:${site?.port}/`, report));
  site?.close();
}

for (const [name, check] of Object.entries(STYLES)) {
  const report = new Report();
  try {
    await run(() => main(check, report));
    console.log(`Checked by ${name}:`);
  } catch (error) {
    if (!(error instanceof KeyboardInterrupt)) throw error;
    console.log("Interrupted; until then:");
    process.exitCode = INTERRUPTED;
  }
  console.log(String(report));
  if (process.exitCode === INTERRUPTED) break;
}
