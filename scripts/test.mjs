/**
 * The tests, from nothing: installs, builds, runs, counts.
 *
 *   npm test                                      every file, where it runs for every change
 *   npm test -- --runtime node24 --only futures   files with "futures" in their path, on Node 24
 *   npm test -- --timeout 300 --jobs 1            seconds for a file; files at once
 *   npm test -- --everywhere                      every file, wherever it can run
 *   npm test -- --night                           of these, what `npm test` leaves out
 *   npm test -- --oldest --only contract          on the oldest releases that are supported
 *
 * scripts/test-places.mjs says which file runs where. `--runtime` and `--only` may be repeated. The last line is `N passed, N failed, N skipped`.
 * A test is skipped where the machine lacks what it needs, as a browser. With `CI` set in the
 * environment, one that is skipped counts as failed.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { build, buildCopies, COPIES, filesBelow } from "./build.mjs";
import { printTable, secondsSince } from "./commands.mjs";
import { usesInsides } from "./insides.mjs";
import { installPublished } from "./published.mjs";
import { installRuntime, OLDEST } from "./runtimes.mjs";
import { setup } from "./setup.mjs";
import { killAll, runTestFile } from "./test-file.mjs";
import {
  allPlaces,
  checkPlaces,
  dayPlaces,
  EVERY,
  namedPlaces,
  nightPlaces,
  runsCompiled,
  suiteOf,
} from "./test-places.mjs";

/** @typedef {{ runtime: string, suite: string, file: string, timeoutMs: number, isUnbundled: boolean, isCompiled: boolean }} Job */

/**
 * What some of the jobs came to.
 *
 * @typedef {{ files: number, passed: number, failed: number, skipped: number, seconds: number }} Total
 */

/** Two more than there are processors to use: many tests wait for a timer, or for a program's end. */
const FILES_AT_ONCE = Math.min(2, availableParallelism()) + 2;

/** Reads the command line; a wrong option ends the process. */
function readOptions() {
  const { values } = parseArgs({
    options: {
      runtime: { type: "string", multiple: true },
      only: { type: "string", multiple: true, default: [""] },
      timeout: { type: "string" },
      everywhere: { type: "boolean", default: false },
      night: { type: "boolean", default: false },
      oldest: { type: "boolean", default: false },
      jobs: { type: "string", default: String(FILES_AT_ONCE) },
    },
  });
  const unknown = (values.runtime ?? []).filter((name) => !EVERY.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`Cannot test on "${unknown.join(", ")}": choose from ${EVERY.join(", ")}`);
  return values;
}

/**
 * Lists what to run, longest first, so that nothing long is left to the end.
 *
 * @param {ReturnType<typeof readOptions>} options
 * @returns {Job[]}
 */
function listJobs(options) {
  const files = filesBelow("test").filter((path) => path.endsWith(".test.ts"));
  checkPlaces(files);
  const placesOf = whichPlaces(options);
  const isByDay = placesOf === dayPlaces;
  const wanted = files.filter((file) => options.only.some((part) => `test/${file}`.includes(part)));
  const jobs = wanted.flatMap((file) => {
    const { name, timeoutSeconds, hasInsides = false } = suiteOf(file);
    const isUnbundled = hasInsides && usesInsides(`test/${file}`);
    const timeoutMs = Number(options.timeout ?? timeoutSeconds) * 1000;
    const runtimes = placesOf(file).filter(
      (place) => (options.runtime ?? EVERY).includes(place) && (!options.oldest || place in OLDEST),
    );
    return runtimes.map((runtime) => {
      const isCompiled = runsCompiled(file, runtime, isByDay);
      return { runtime, suite: name, file: `test/${file}`, timeoutMs, isUnbundled, isCompiled };
    });
  });
  return jobs.sort(
    (a, b) => b.timeoutMs - a.timeoutMs || EVERY.indexOf(a.runtime) - EVERY.indexOf(b.runtime),
  );
}

/** @param {ReturnType<typeof readOptions>} options */
function whichPlaces({ everywhere, night, runtime, oldest }) {
  // What runtimes share by day, each does wholly otherwise: see test/support/shares.ts.
  if (everywhere || night || runtime || oldest) process.env["HEDDLE_WHOLE"] = "1";
  if (everywhere) return allPlaces;
  if (night) return nightPlaces;
  return runtime || oldest ? namedPlaces : dayPlaces;
}

/**
 * Where a file may be compiled, what was compiled of it runs.
 *
 * @param {Job} job
 */
function fileToRun({ file, isCompiled }) {
  return isCompiled ? `${COPIES}/${file.replace(/\.ts$/, ".js")}` : file;
}

/**
 * Adds the outcome of a job to the total of a name.
 *
 * @param {Map<string, Total>} totals
 * @param {string} name
 * @param {import("./test-file.mjs").Outcome} outcome
 */
function count(totals, name, outcome) {
  const total = totals.get(name) ?? { files: 0, passed: 0, failed: 0, skipped: 0, seconds: 0 };
  total.files += 1;
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped.length;
  total.seconds += outcome.seconds;
  totals.set(name, total);
}

/**
 * Installs the runtimes that jobs need.
 *
 * @param {readonly Job[]} jobs
 * @param {boolean} onOldest
 * @returns {Promise<Map<string, string>>} The paths of their programs, by name.
 */
async function installFor(jobs, onOldest) {
  const names = [...new Set(jobs.map((job) => job.runtime))];
  const paths = names.map((name) => installRuntime(name, onOldest ? OLDEST[name] : undefined));
  return new Map((await Promise.all(paths)).map((path, index) => [names[index] ?? "", path]));
}

/**
 * Runs all jobs, some at once, and says at once what failed.
 *
 * @param {readonly Job[]} jobs
 * @param {number} atOnce
 * @param {ReadonlyMap<string, string>} programs By the runtime's name.
 */
async function runAll(jobs, atOnce, programs) {
  const reports = mkdtempSync(join(tmpdir(), "heddle-test-"));
  /** @type {Map<string, Total>} */
  const byRuntime = new Map();
  /** @type {Map<string, Total>} */
  const bySuite = new Map();
  /** @type {string[]} */
  const skipped = [];
  const queue = [...jobs.entries()];

  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, job] = next;
      const program = /** @type {string} */ (programs.get(job.runtime));
      const report = join(reports, `${index}.xml`);
      const outcome = await runTestFile({ ...job, program, file: fileToRun(job), report });
      count(byRuntime, job.runtime, outcome);
      count(bySuite, job.suite, outcome);
      for (const { name, reason } of outcome.skipped)
        skipped.push(`${job.file}, ${job.runtime}: ${name}: ${reason}`);
      const verdict = outcome.reason ? "FAIL" : "ok";
      const counts = `${outcome.passed} passed, ${outcome.seconds.toFixed(1)} s`;
      console.log(
        `${verdict.padEnd(4)} ${job.runtime.padEnd(6)} ${job.file}  ${outcome.reason || counts}`,
      );
      if (outcome.reason) console.log(outcome.output.replaceAll(/^/gm, "     | "));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  rmSync(reports, { recursive: true });
  return { byRuntime, bySuite, skipped };
}

/**
 * Prints what each part of the tests came to.
 *
 * @param {string} title
 * @param {Map<string, Total>} totals
 */
function printTotals(title, totals) {
  const sorted = [...totals].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = sorted.map(([name, { files, passed, failed, skipped, seconds }]) => {
    return [name, files, passed, failed, skipped, Math.round(seconds * 10) / 10];
  });
  console.log("");
  printTable([title, "files", "passed", "failed", "skipped", "seconds"], rows);
}

const start = performance.now();
const options = readOptions();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
process.on("exit", killAll);

setup();
const jobs = listJobs(options);
if (jobs.length === 0) throw new Error("Cannot test: no test file matches");

// While the sources are compiled: most of it is waiting for the registry.
const installing = installFor(jobs, options.oldest);
installing.catch(() => {});

// Compiling is itself a test: the files in test/types assert nothing when they run.
const isBuilt = await build();
const isTyped = buildCopies("tsconfig.test.json", ["test", "examples"]) && isBuilt;
if (jobs.some((job) => job.suite === "package")) {
  const folder = installPublished();
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.env["HEDDLE_PUBLISHED"] = folder;
}
const programs = await installing;
const { byRuntime, bySuite, skipped } = await runAll(jobs, Number(options.jobs), programs);

printTotals("runtime", byRuntime);
printTotals("suite", bySuite);
console.log(`\n${secondsSince(start)} s in all`);
for (const line of skipped) console.log(`Skipped: ${line}`);
const totals = [...byRuntime.values()];
const passed = totals.reduce((sum, total) => sum + total.passed, 0);
let failed = totals.reduce((sum, total) => sum + total.failed, 0);
if (!isTyped) {
  console.log("The compiler found wrong types: see above");
  failed += 1;
}
if (process.env["CI"] && skipped.length > 0) {
  console.log("Where CI is set, tests that are skipped count as failed");
  failed += skipped.length;
}
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
