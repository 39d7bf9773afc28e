/**
 * Imports modules that generated.test.ts has written, each of which calls `compare` once, and says
 * what came of each. Argument: their folder.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { found, pool } from "./compare.mjs";

const MOST_MS = 3000;
process.on("uncaughtException", () => undefined);
process.on("unhandledRejection", () => undefined);
const folder = process.argv[2];
const outcomes = {};
for (const name of readdirSync(folder)) {
  for (const key in found) delete found[key];
  // Some wait for what never comes, and some cannot be combined.
  const imported = import(pathToFileURL(join(folder, name)).href).catch(() => undefined);
  await Promise.race([imported, setTimeout(MOST_MS)]);
  if (found.here !== 5) outcomes[name] = "unusable";
  else if (found.refused !== undefined) outcomes[name] = "refused";
  else outcomes[name] = found.there === 5 ? "same" : String(found.there);
}
await pool.shutdown();
console.log(JSON.stringify(outcomes));
process.exit(0);
