/**
 * Everything about the code that can be judged without running it.
 * Runs all the steps, whatever fails: as many at once as there are processors to use.
 */

import { availableParallelism } from "node:os";

import { build } from "./build.mjs";
import { outcomeOf, printTable, secondsSince, toolCommand } from "./commands.mjs";
import { checkLayers } from "./layers.mjs";
import { checkPaths } from "./paths.mjs";
import { makePackage, PACKAGE } from "./published.mjs";
import { setup } from "./setup.mjs";
import { checkWords } from "./words.mjs";

const tool = (/** @type {string} */ name, /** @type {string[]} */ ...args) =>
  toolCommand(name, args);
const script = (/** @type {string} */ name, /** @type {string[]} */ ...args) => [
  process.execPath,
  `scripts/${name}`,
  ...args,
];

/** Steps that take no time, and those that the others need. */
const FIRST = /** @type {const} */ ([
  ["types: src", build],
  ["package", () => (makePackage(), true)],
  ["layers", checkLayers],
  ["paths that are named, full folders", checkPaths],
  ["words", checkWords],
]);

/** Programs, the longest first. They read what is built, and write nothing that another one reads. */
const PROGRAMS = /** @type {const} */ ([
  ["lint, cycles, size", tool("oxlint", "--report-unused-disable-directives")],
  ["API reports", script("api.mjs", "--check")],
  ["dead code", tool("knip", "--no-progress")],
  ["package: types resolve", tool("attw", "--pack", PACKAGE, "--profile", "esm-only")],
  ["types: tests, examples", tool("tsc", "-p", "tsconfig.test.json", "--noEmit")],
  ["package: publint", tool("publint", PACKAGE, "--strict")],
  ["format", tool("oxfmt", "--check")],
  ["docstrings", script("docs.mjs", "--check")],
  ["types: scripts", tool("tsc", "-p", "scripts/tsconfig.json")],
]);

setup();
/** @type {(readonly [name: string, verdict: string, seconds: number])[]} */
const rows = [];

/**
 * @param {string} name
 * @param {number} start
 * @param {boolean} isRight
 */
function note(name, start, isRight) {
  rows.push([name, isRight ? "ok" : "FAILED", secondsSince(start)]);
}

for (const [name, step] of FIRST) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  note(name, start, await step());
}

const waiting = [...PROGRAMS];
async function runSome() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [name, [command = "", ...args]] = next;
    const start = performance.now();
    const { succeeded, output } = await outcomeOf(command, args);
    console.log(`\n== ${name}\n${output.trimEnd()}`);
    note(name, start, succeeded);
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runSome));

console.log("");
printTable(["step", "result", "seconds"], rows);
process.exitCode = rows.some(([, verdict]) => verdict === "FAILED") ? 1 : 0;
