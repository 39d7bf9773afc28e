/**
 * The wide matrix, which takes too long for every change, from nothing.
 *
 *   npm run nightly                                       every part
 *   npm run nightly -- --part next --part typescript      some parts
 *   npm run nightly -- --part mutation --file ring.js     mutation of one file of memory/
 *   npm run nightly -- --part mutation --all              of all its files, not of this day's
 *
 * What only these tests need is in scripts/nightly, with a package.json of its own. What heddle
 * cannot do yet is there as a failure that is expected, and that fails when it no longer happens.
 */

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { build } from "./build.mjs";
import { printTable, root, run, runNpm, secondsSince } from "./commands.mjs";
import { ALL, mutate, subjectsOfTheDay } from "./nightly/mutation.mjs";
import { installRuntime } from "./runtimes.mjs";
import { setup } from "./setup.mjs";
import { killAll, runTestFile } from "./test-file.mjs";

const HERE = join(root, "scripts/nightly");

/** Seeds that the tests of every change do not use. */
const SEEDS = Array.from({ length: 12 }, (_, index) => 101 + index).join(",");

/** Schedules of one scenario: with one more preemption, some have too many for a night. */
const MOST_SCHEDULES = "60000";

/** Installs what scripts/nightly needs, if its lock file is newer than what is there. */
function install() {
  const written = (/** @type {string} */ path) =>
    statSync(join(HERE, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (written("node_modules/.package-lock.json") >= written("package-lock.json")) return true;
  return runNpm(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], HERE);
}

/**
 * Runs the tests with other options.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
function test(args, env = {}) {
  const command = [join(root, "scripts/test.mjs"), ...args];
  return run(process.execPath, command, { env: { ...process.env, ...env } });
}

/**
 * Runs a file of tests of scripts/nightly.
 *
 * @param {string} name
 */
async function testHere(name) {
  const reports = mkdtempSync(join(tmpdir(), "heddle-nightly-"));
  const { passed, reason, output } = await runTestFile({
    runtime: "node24",
    program: await installRuntime("node24"),
    file: join(HERE, name),
    report: join(reports, "report.xml"),
    timeoutMs: 1_800_000,
    isUnbundled: false,
  });
  rmSync(reports, { recursive: true });
  console.log(output);
  console.log(reason || `${passed} passed`);
  return reason === "";
}

/** Every TypeScript that heddle supports: the folders of their packages, with commas between. */
function typescripts() {
  const folders = readdirSync(join(HERE, "node_modules")).filter((name) =>
    name.startsWith("typescript-"),
  );
  return folders.map((name) => `scripts/nightly/node_modules/${name}`).join(",");
}

/** The files of memory/ that were asked for, or else those whose turn it is. */
function filesToMutate() {
  if (values.all) return ALL;
  return values.file.length > 0 ? values.file : subjectsOfTheDay();
}

/** @type {Readonly<Record<string, () => boolean | Promise<boolean>>>} */
const PARTS = {
  bundlers: () => testHere("bundlers.test.mjs"),
  next: () => testHere("next.test.mjs"),
  tsx: () => testHere("tsx.test.mjs"),
  functions: () => testHere("functions.test.mjs"),
  typescript: () =>
    test(["--only", "package/consumers", "--timeout", "1200"], {
      HEDDLE_COMPILERS: typescripts(),
    }),
  everywhere: () => {
    const isRest = test(["--night", "--timeout", "600"]);
    // By day, runtimes share these: see test/support/shares.ts.
    const shared = ["contract/wrong-arguments", "contract/values", "docs/guides", "unit/shipping"];
    const only = shared.flatMap((part) => ["--only", part]);
    return test([...only, "--everywhere", "--timeout", "600"]) && isRest;
  },
  oldest: () =>
    test([
      "--oldest",
      "--everywhere",
      "--timeout",
      "300",
      "--only",
      "test/python",
      "--only",
      "test/contract",
      "--only",
      "test/docs",
    ]),
  stress: () =>
    test(["--only", "test/stress", "--everywhere", "--timeout", "1800"], {
      HEDDLE_STRESS_SEED: SEEDS,
      HEDDLE_STRESS_SECONDS: "5",
    }),
  models: () =>
    test(["--only", "test/model", "--timeout", "10800"], {
      HEDDLE_MODEL_EXTRA: "1",
      HEDDLE_MODEL_MOST: MOST_SCHEDULES,
    }),
  mutation: async () => mutate(await installRuntime("node24"), filesToMutate()),
};

const { values } = parseArgs({
  options: {
    part: { type: "string", multiple: true, default: Object.keys(PARTS) },
    file: { type: "string", multiple: true, default: [] },
    all: { type: "boolean", default: false },
  },
});
process.on("exit", killAll);
setup();
if (!install() || !(await build())) process.exit(1);

const rows = [];
for (const name of values.part) {
  const part = PARTS[name];
  if (!part)
    throw new RangeError(`Cannot run "${name}": choose from ${Object.keys(PARTS).join(", ")}`);
  console.log(`\n== ${name}`);
  const start = performance.now();
  const verdict = (await part()) ? "ok" : "FAILED";
  rows.push([name, verdict, Math.round(secondsSince(start) / 6) / 10]);
}
console.log("");
printTable(["part", "result", "minutes"], rows);
process.exitCode = rows.some(([, verdict]) => verdict === "FAILED") ? 1 : 0;
