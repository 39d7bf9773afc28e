/**
 * Makes `node_modules` what `package-lock.json` says. Does nothing, fast, when it already is.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { isMain, root, runNpm } from "./commands.mjs";

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 */

/**
 * Reads the packages of a lock file, without the project's own entry.
 *
 * @param {string} path
 * @returns {Map<string, LockedPackage> | undefined} Undefined if there is no such file.
 */
function lockedPackages(path) {
  let text;
  try {
    text = readFileSync(join(root, path), "utf8");
  } catch {
    return undefined;
  }
  const packages = new Map(Object.entries(JSON.parse(text).packages));
  packages.delete("");
  return packages;
}

/** Compares the lock file with npm's own record of what it installed. */
function isInstalled() {
  const wanted = lockedPackages("package-lock.json");
  const installed = lockedPackages("node_modules/.package-lock.json");
  if (!wanted || !installed) return false;
  for (const [path, { version, integrity, optional }] of wanted) {
    const found = installed.get(path);
    // An optional package may be missing: it was made for another platform.
    if (!found && !optional) return false;
    if (found && (found.version !== version || found.integrity !== integrity)) return false;
  }
  return [...installed.keys()].every((path) => wanted.has(path));
}

/** Installs the packages if need be; ends the process when that fails. */
export function setup() {
  if (isInstalled()) return;
  console.log("Installing packages (npm ci)");
  if (!runNpm(["ci", "--no-audit", "--no-fund"])) process.exit(1);
}

if (isMain(import.meta.url)) setup();
