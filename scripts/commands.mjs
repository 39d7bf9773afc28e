/**
 * Running other programs, and printing how they did.
 *
 * Everything in this folder runs on the machine's own Node, and before
 * `node_modules` exists: nothing here imports from a package.
 */

import { spawn, spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top folder of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Whether a module is the one that Node was started with.
 *
 * @param {string} url Its `import.meta.url`.
 */
export function isMain(url) {
  const entry = process.argv[1];
  return entry !== undefined && realpathSync(entry) === fileURLToPath(url);
}

/**
 * Runs a program in the top folder, its output going to ours, and waits for it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {boolean} Whether it succeeded.
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    ...options,
  });
  if (result.error) console.error(`Cannot run "${command}": ${result.error.message}`);
  return result.status === 0;
}

/**
 * Tools that two packages bring: old versions of TypeScript are there for tests.
 *
 * @type {Readonly<Record<string, string>>}
 */
const TOOL_FILES = { tsc: "node_modules/typescript/bin/tsc" };

/**
 * The command that runs a tool which `node_modules` brings, on the machine's Node.
 *
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {[command: string, ...args: string[]]}
 */
export function toolCommand(name, args) {
  const file = join(root, TOOL_FILES[name] ?? `node_modules/.bin/${name}`);
  return [process.execPath, file, ...args];
}

/**
 * Runs a tool that `node_modules` brings.
 *
 * @param {string} name
 * @param {readonly string[]} args
 */
export function runTool(name, args) {
  const [command, ...all] = toolCommand(name, args);
  return run(command, all);
}

/**
 * Runs a program in the top folder beside others, so that its output is kept for later.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<{ succeeded: boolean, output: string }>}
 */
export function outcomeOf(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (/** @type {string} */ text) => {
      output += text;
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", ({ message }) => {
      resolve({ succeeded: false, output: `Cannot run "${command}": ${message}` });
    });
    child.on("close", (status) => resolve({ succeeded: status === 0, output }));
  });
}

/** What runs npm: the one that started us, or else the one on the path. */
function npmCommand() {
  const cli = process.env["npm_execpath"];
  return cli?.endsWith("npm-cli.js")
    ? { command: process.execPath, first: [cli] }
    : { command: "npm", first: [] };
}

/**
 * Runs npm.
 *
 * @param {readonly string[]} args
 * @param {string} [cwd]
 */
export function runNpm(args, cwd = root) {
  const { command, first } = npmCommand();
  return run(command, [...first, ...args], { cwd });
}

/**
 * Starts npm, in a folder.
 *
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<boolean>} Whether it succeeded.
 */
export function startNpm(args, cwd) {
  const { command, first } = npmCommand();
  return new Promise((resolve) => {
    const npm = spawn(command, [...first, ...args], {
      cwd,
      stdio: ["ignore", "inherit", "inherit"],
    });
    npm.on("error", (error) => {
      console.error(`Cannot run "${command}": ${error.message}`);
      resolve(false);
    });
    npm.on("close", (status) => resolve(status === 0));
  });
}

/**
 * Prints rows in columns; numbers are aligned to the right.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function printTable(head, rows) {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  for (const line of lines) {
    const cells = line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return typeof rows[0]?.[column] === "number" ? cell.padStart(width) : cell.padEnd(width);
    });
    console.log(cells.join("  ").trimEnd());
  }
}

/**
 * Seconds since `start`, to one decimal.
 *
 * @param {number} start What `performance.now()` said then.
 */
export function secondsSince(start) {
  return Math.round((performance.now() - start) / 100) / 10;
}
