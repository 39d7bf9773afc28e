/**
 * Which files of tests use modules of `src/` as they are.
 *
 * In such a file `heddle/…` has to be the same modules, so that there is one copy of each; in every
 * other one it is what is published, which also loads in a third of the time.
 */

import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

import { root } from "./commands.mjs";

/** Paths that a file names: what it imports, and the programs that it starts. */
const PATH = /["'`](\.{1,2}\/[^"'`\s]*)["'`]/g;
const MODULE = /\.[cm]?[jt]s$/;
const TESTS = join(root, "test/");

/**
 * The modules of tests that a path leads to: if a part of it is only known when the test runs, all
 * of the folder before it.
 *
 * @param {string} from A folder.
 * @param {string} path
 * @returns {string[]}
 */
function modulesAt(from, path) {
  const known = path.split("${", 1)[0] ?? "";
  const place = join(from, known === path ? path : known.replace(/[^/]*$/, ""));
  // What tests write, or package.json, names modules of src/ without running them.
  if (!place.startsWith(TESTS) || !existsSync(place)) return [];
  const names = statSync(place).isDirectory() ? readdirSync(place) : [""];
  return names.map((name) => join(place, name)).filter((file) => MODULE.test(file));
}

/**
 * Whether a file, or what it names by a relative path, imports modules of `src/`.
 *
 * @param {string} file Relative to the top folder.
 */
export function usesInsides(file) {
  const seen = new Set([join(root, file)]);
  for (const path of seen) {
    const named = [...readFileSync(path, "utf8").matchAll(PATH)].map(([, name = ""]) => name);
    if (named.some((name) => name.includes("/build/src/"))) return true;
    for (const name of named) for (const found of modulesAt(dirname(path), name)) seen.add(found);
  }
  return false;
}
