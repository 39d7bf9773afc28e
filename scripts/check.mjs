/**
 * Everything about the code that can be judged without running it, fastest first.
 * Runs all the steps, whatever fails.
 */

import { build } from "./build.mjs";
import { printTable, run, runTool, secondsSince } from "./commands.mjs";
import { checkLayers } from "./layers.mjs";
import { checkPaths } from "./paths.mjs";
import { makePackage, PACKAGE } from "./published.mjs";
import { setup } from "./setup.mjs";
import { checkWords } from "./words.mjs";

/** @type {readonly (readonly [name: string, step: () => boolean | Promise<boolean>])[]} */
const STEPS = [
  // The later steps read the declarations that this one writes.
  ["types: src", build],
  ["types: tests, examples", () => runTool("tsc", ["-p", "tsconfig.test.json", "--noEmit"])],
  ["types: scripts", () => runTool("tsc", ["-p", "scripts/tsconfig.json"])],
  ["format", () => runTool("oxfmt", ["--check"])],
  ["layers", checkLayers],
  ["lint, cycles, size", () => runTool("oxlint", ["--report-unused-disable-directives"])],
  ["API reports", () => run(process.execPath, ["scripts/api.mjs", "--check"])],
  ["paths that are named", checkPaths],
  ["words", checkWords],
  ["docstrings", () => run(process.execPath, ["scripts/docs.mjs", "--check"])],
  ["dead code", () => runTool("knip", ["--no-progress"])],
  ["package: publint", () => (makePackage(), runTool("publint", [PACKAGE, "--strict"]))],
  ["package: types resolve", () => runTool("attw", ["--pack", PACKAGE, "--profile", "esm-only"])],
];

setup();
const rows = [];
for (const [name, step] of STEPS) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  const verdict = (await step()) ? "ok" : "FAILED";
  rows.push([name, verdict, secondsSince(start)]);
}

console.log("");
printTable(["step", "result", "seconds"], rows);
process.exitCode = rows.some(([, verdict]) => verdict === "FAILED") ? 1 : 0;
