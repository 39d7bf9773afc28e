/**
 * The benchmarks, from nothing: builds heddle, installs its rivals, measures.
 *
 *   npm run bench                                            everything, on Node 24
 *   npm run bench -- --suite burst --contender heddle,raw    part of it
 *   npm run bench -- --gate                                  fail where a target is missed by half
 *
 * All options are in bench/README.md.
 */

import { statSync } from "node:fs";
import { join } from "node:path";

import { build } from "./build.mjs";
import { root, run, runNpm } from "./commands.mjs";
import { installRuntime } from "./runtimes.mjs";
import { setup } from "./setup.mjs";

const bench = join(root, "bench");

/** Whether the rivals were installed after the lock file was last written. */
function isInstalled() {
  const written = (/** @type {string} */ path) =>
    statSync(join(bench, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return written("node_modules/.package-lock.json") >= written("package-lock.json");
}

setup();
if (!(await build())) process.exit(1);
if (!isInstalled() && !runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], bench)) {
  process.exit(1);
}
// A path that the user gives is relative to where they are.
const options = { cwd: process.env["INIT_CWD"] ?? process.cwd() };
const args = [join(bench, "run.mjs"), ...process.argv.slice(2)];
process.exitCode = run(await installRuntime("node24"), args, options) ? 0 : 1;
