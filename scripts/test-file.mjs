/**
 * Runs one test file on one runtime, in a process of its own, and counts its tests.
 *
 * A process for each file costs 30 to 250 ms. It buys that a file which hangs, exits
 * or leaves threads behind is found out and stopped, and spoils no other. A file fails that leaves
 * behind processes or temporary files: see leftovers.mjs.
 */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { root } from "./commands.mjs";
import { filesLeft, processesLeft } from "./leftovers.mjs";

/** @typedef {{ name: string, reason: string }} Skipped A test that did not run, and why. */

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {readonly Skipped[]} skipped
 * @property {number} seconds
 * @property {string} reason Why the file failed; empty if it did not.
 * @property {string} output What the file printed.
 */

/** Output beyond this is cut from the front: enough to see what went wrong. */
const LONGEST_OUTPUT = 100_000;

/** The condition by which package.json leads to the modules as they are, not to what is published. */
const UNBUNDLED = "--conditions=heddle-unbundled";

/** The processes that run now, each the leader of a group. @type {Set<number>} */
const running = new Set();

/**
 * Kills a process and all that it started.
 *
 * @param {number | undefined} pid
 */
function killGroup(pid) {
  if (pid !== undefined) kill(-pid);
}

/** @param {number} pid Of a process; negated, of a group. */
function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Kills every test that still runs. */
export function killAll() {
  for (const pid of running) killGroup(pid);
}

/**
 * What to pass to a runtime so that it runs one file of `node:test` tests and writes
 * a report in JUnit's format.
 *
 * @param {string} runtime
 * @param {string} file
 * @param {string} report
 * @param {readonly string[]} conditions
 * @returns {string[]}
 */
function argumentsFor(runtime, file, report, conditions) {
  switch (runtime) {
    case "deno": {
      const flags = ["--allow-all", "--no-check", "--no-lock", "--cached-only"];
      return [
        "test",
        ...flags,
        ...conditions,
        "--preload=./scripts/deno-preload.mjs",
        `--junit-path=${report}`,
        file,
      ];
    }
    case "bun":
      // Bun gives each test 5 seconds unless told otherwise; the watchdog is ours.
      return [
        "test",
        ...conditions,
        "--timeout=600000",
        "--reporter=junit",
        `--reporter-outfile=${report}`,
        `./${file}`,
      ];
    default: {
      const spec = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
      const junit = ["--test-reporter=junit", `--test-reporter-destination=${report}`];
      return [...conditions, "--disable-warning=ExperimentalWarning", ...spec, ...junit, file];
    }
  }
}

/**
 * The text that an attribute of XML stands for.
 *
 * @param {string} text
 */
function plain(text) {
  const marks = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name) => {
    return marks[/** @type {keyof typeof marks} */ (name)];
  });
}

/**
 * Counts the tests of a JUnit report. A test that holds others does not count itself.
 *
 * @param {string} report The path of the report.
 * @returns {{ passed: number, failed: number, skipped: Skipped[] } | undefined} Undefined if there is no
 *   complete report: the process ended before its tests did.
 */
function countTests(report) {
  let text;
  try {
    text = readFileSync(report, "utf8");
  } catch {
    return undefined;
  }
  if (!text.includes("</testsuites>")) return undefined;

  const pattern = /<testcase((?:\s+[\w:-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/testcase>)/g;
  const cases = [...text.matchAll(pattern)].map(([, attributes = "", body = ""]) => ({
    name: / name="([^"]*)"/.exec(attributes)?.[1] ?? "",
    body,
  }));
  // Deno lists a suite beside its tests, which are called "suite > test".
  const isSuite = (/** @type {string} */ name) =>
    cases.some((other) => other.name.startsWith(`${name} &gt; `));
  const skipped = [];
  let [passed, failed] = [0, 0];
  for (const { name, body } of cases) {
    const skip = /<skipped\b(?:[^>]*? message="([^"]*)")?/.exec(body);
    if (/<(?:failure|error)\b/.test(body)) failed += 1;
    else if (skip) skipped.push({ name: plain(name), reason: plain(skip[1] ?? "") });
    else if (!isSuite(name)) passed += 1;
  }
  return { passed, failed, skipped };
}

/**
 * Waits for a process, killing it when it takes too long.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {number} timeoutMs
 * @param {readonly string[]} conditions For the programs that a test starts; see test/support/program.ts.
 * @param {string} folder For its temporary files.
 * @returns {Promise<{ output: string, ending: string }>} `ending` is empty if it
 *   exited with code 0, and left no process behind.
 */
function watch(program, args, timeoutMs, conditions, folder) {
  const { promise, resolve } = withResolvers();
  const own = {
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    HEDDLE_CONDITIONS: conditions.join(" "),
    // Each file is a process, and starts others: most of what they compile is the same.
    NODE_COMPILE_CACHE: join(root, "build/compile-cache"),
    TMPDIR: folder,
  };
  const env = { ...process.env, ...own };
  const child = spawn(program, args, {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.pid !== undefined) running.add(child.pid);

  let output = "";
  const keep = (/** @type {string} */ text) => {
    output = (output + text).slice(-LONGEST_OUTPUT);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);

  let ending = "";
  const watchdog = setTimeout(() => {
    ending = `did not end within ${timeoutMs / 1000} s`;
    killGroup(child.pid);
  }, timeoutMs);
  child.on("error", (error) => resolve({ output, ending: error.message }));
  /** @param {string} how How the file's process has ended. */
  const end = async (how) => {
    const left = child.pid === undefined ? [] : await processesLeft(child.pid, folder);
    const names = left.map(({ text }) => text).join("; ");
    ending ||= how || (left.length > 0 ? `left processes behind: ${names}` : "");
    // They would hold its output open.
    killGroup(child.pid);
    for (const { pid } of left) kill(pid);
  };
  /** @type {Promise<void> | undefined} */
  let isOver;
  child.on("exit", (code, signal) => {
    clearTimeout(watchdog);
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    isOver = end(code === 0 ? "" : how);
  });
  child.on("close", () => {
    void isOver?.then(() => {
      if (child.pid !== undefined) running.delete(child.pid);
      resolve({ output, ending });
    });
  });
  return promise;
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers() {
  /** @type {(value: any) => void} */
  let resolve = () => {};
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/**
 * Runs one test file.
 *
 * @param {{ runtime: string, program: string, file: string, report: string, timeoutMs: number, isUnbundled: boolean }} job
 *   `report` is a path where the runtime may write.
 * @returns {Promise<Outcome>}
 */
export async function runTestFile({ runtime, program, file, report, timeoutMs, isUnbundled }) {
  const start = performance.now();
  const conditions = isUnbundled ? [UNBUNDLED] : [];
  const args = argumentsFor(runtime, file, report, conditions);
  const folder = `${report}.tmp`;
  mkdirSync(folder);
  const { output, ending } = await watch(program, args, timeoutMs, conditions, folder);
  const left = filesLeft(folder);
  const seconds = (performance.now() - start) / 1000;

  const count = countTests(report);
  rmSync(report, { force: true });
  const { passed, failed, skipped } = count ?? { passed: 0, failed: 0, skipped: [] };
  let reason = ending;
  if (failed > 0) reason = `${failed} failed, ${passed} passed`;
  else if (!reason && !count) reason = "ended before its tests did";
  else if (!reason && passed + skipped.length === 0) reason = "ran no test";
  else if (!reason && left.length > 0) reason = `left temporary files behind: ${left.join(", ")}`;
  return { passed, failed: reason ? Math.max(failed, 1) : 0, skipped, seconds, reason, output };
}
