/**
 * Compiles `src/` to `build/src/`, makes `dist/` of that, and on demand compiles tests and
 * examples to `build/tests/`.
 *
 * TypeScript rewrites only what has changed; what has lost its source is removed.
 */

import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, posix } from "node:path";

import { isMain, root, runTool } from "./commands.mjs";
import { setup } from "./setup.mjs";

/**
 * Every file below a folder, but those of installed packages, as paths relative to it; none
 * if there is no such folder.
 *
 * @param {string} folder Relative to the top folder.
 * @returns {string[]}
 */
export function filesBelow(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  /** @type {string[]} */
  const files = [];
  const walk = (/** @type {string} */ inside) => {
    for (const entry of readdirSync(join(path, inside), { withFileTypes: true })) {
      const name = join(inside, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules") walk(name);
      else if (entry.isFile()) files.push(name);
    }
  };
  walk("");
  return files.sort();
}

/**
 * The declarations of everything that the package exports, by what users import.
 *
 * @returns {Record<string, string>} Paths by names like `heddle/threading`.
 */
export function entryPoints() {
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const entries = Object.entries(exports).filter(([, target]) => target.types !== undefined);
  return Object.fromEntries(
    entries.map(([subpath, { types }]) => [posix.join(name, subpath), join(root, types)]),
  );
}

const isTypeScript = (/** @type {string} */ file) => /(?<!\.d)\.ts$/.test(file);

/**
 * Removes what an earlier build made of sources that are gone.
 *
 * @param {string} source
 * @param {string} output
 * @returns {boolean} Whether every source has its output.
 */
function tidy(source, output) {
  const sources = filesBelow(source);
  const made = new Set(sources.map((file) => (isTypeScript(file) ? file.slice(0, -3) : file)));
  const outputs = filesBelow(output);
  for (const file of outputs) {
    const stem = file.replace(/\.d\.ts\.map$|\.d\.ts$|\.js\.map$|\.js$/, "");
    if (!made.has(stem) && !made.has(file)) rmSync(join(root, output, file));
  }
  const found = new Set(outputs);
  return sources.filter(isTypeScript).every((file) => found.has(file.replace(/\.ts$/, ".js")));
}

/**
 * Compiles one project, from scratch if a file that it should have made is missing.
 *
 * @param {string} project
 * @param {string} state Where TypeScript keeps what it learned.
 * @param {readonly (readonly [source: string, output: string])[]} folders
 */
function compile(project, state, folders) {
  const isComplete = folders.map(([source, output]) => tidy(source, output)).every(Boolean);
  if (!isComplete) rmSync(join(root, state), { force: true });
  return runTool("tsc", ["-p", project, "--incremental", "--tsBuildInfoFile", state]);
}

/**
 * Compiles `src/` to `build/src/`, and makes of that what is published. JavaScript is written
 * even where types are wrong.
 *
 * @returns {Promise<boolean>} Whether the types are right.
 */
export async function build() {
  const isTyped = compile("tsconfig.json", "build/src.tsbuildinfo", [["src", "build/src"]]);
  // Not before: what it imports has just been installed.
  const { bundle } = await import("./bundle/bundle.mjs");
  await bundle();
  return isTyped;
}

/** Where {@link buildCopies} puts folders. */
export const COPIES = "build/tests";

/**
 * Compiles folders to folders of the same name in `build/tests/`, with their other files beside
 * them and links to what they import, so that relative paths mean the same there.
 *
 * @param {string} project
 * @param {readonly string[]} folders
 * @returns {boolean} Whether the types are right.
 */
export function buildCopies(project, folders) {
  mkdirSync(join(root, COPIES, "build"), { recursive: true });
  for (const folder of ["build/src", "dist"]) {
    const link = join(root, COPIES, folder);
    if (!existsSync(link)) symlinkSync(join(root, folder), link, "junction");
  }
  for (const folder of folders) {
    for (const file of filesBelow(folder).filter(
      (name) => !isTypeScript(name) && !name.endsWith("tsconfig.json"),
    )) {
      const copy = join(root, COPIES, folder, file);
      mkdirSync(dirname(copy), { recursive: true });
      cpSync(join(root, folder, file), copy);
    }
  }
  const state = `build/${folders.join("-")}.tsbuildinfo`;
  return compile(
    project,
    state,
    folders.map((folder) => [folder, `${COPIES}/${folder}`]),
  );
}

if (isMain(import.meta.url)) {
  setup();
  if (!(await build())) process.exit(1);
}
