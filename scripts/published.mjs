/**
 * The package as its users get it: packed by npm, and unpacked in a folder of its own
 * outside of the repository, so that nothing is found there that npm would not bring.
 */

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { root, run, runNpm } from "./commands.mjs";

/** The folder that is published. */
export const PACKAGE = "build/package";

/** The condition that leads our own tests to modules which are not published. */
const UNBUNDLED = "heddle-unbundled";

/** The package, which has to be built, as it is published. */
export function makePackage() {
  const folder = join(root, PACKAGE);
  rmSync(folder, { recursive: true, force: true });
  const left = new Set([UNBUNDLED, "scripts", "devDependencies"]);
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"), (key, value) =>
    left.has(key) ? undefined : value,
  );
  for (const path of manifest.files)
    cpSync(join(root, path), join(folder, path), { recursive: true });
  indentByTabs(folder);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Declarations pack better with tabs than with the four spaces of the compiler's. */
function indentByTabs(/** @type {string} */ folder) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of names.filter((each) => each.endsWith(".d.ts"))) {
    const path = join(folder, name);
    const tabs = (/** @type {string} */ spaces) => "\t".repeat(spaces.length / 4);
    writeFileSync(path, readFileSync(path, "utf8").replace(/^(?: {4})+/gm, tabs));
  }
}

/**
 * Installs the package, which has to be built, with its dependencies linked from our
 * `node_modules`: no registry is asked.
 *
 * @returns {string} The folder, which the caller removes. It holds `node_modules/heddle`.
 */
export function installPublished() {
  const folder = mkdtempSync(join(tmpdir(), "heddle-published-"));
  const { name, version, dependencies } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  makePackage();
  const options = ["--silent", "--ignore-scripts", "--pack-destination", folder];
  const packed = runNpm(["pack", `./${PACKAGE}`, ...options]);
  const tarball = `${name}-${version}.tgz`;
  if (!packed || !run("tar", ["-xzf", tarball], { cwd: folder })) {
    rmSync(folder, { recursive: true });
    throw new Error(`Cannot pack ${name}: see above`);
  }
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  renameSync(join(folder, "package"), join(modules, name));
  for (const dependency of Object.keys(dependencies)) {
    const link = join(modules, dependency);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", dependency), link, "junction");
  }
  return folder;
}
