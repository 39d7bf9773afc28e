/**
 * The main example, from nothing: installs, builds and runs it on this Node.
 * Arguments after `npm start --` go to the example.
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { build, buildCopies, COPIES } from "./build.mjs";
import { root } from "./commands.mjs";
import { setup } from "./setup.mjs";

const main = join(root, COPIES, "examples/source-census/main.js");

setup();
if (!(await build()) || !buildCopies("examples/tsconfig.json", ["examples"])) process.exit(1);
const { status } = spawnSync(process.execPath, [main, ...process.argv.slice(2)], {
  stdio: "inherit",
  // npm runs scripts in the package's root; a FOLDER is meant from where the user stands.
  cwd: process.env["INIT_CWD"] ?? process.cwd(),
});
process.exitCode = status ?? 1;
