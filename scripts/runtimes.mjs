/**
 * The runtimes that the tests run on. All come from npm, with pinned versions,
 * into `.runtimes/`, which git ignores; the published package knows nothing of them.
 */

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root, runNpm } from "./commands.mjs";

const platform = `${process.platform}-${process.arch}`;

/** Bun and Deno have their own words for some platforms. */
const bunPlatform = platform.replace("arm64", "aarch64");
const denoPlatform = process.platform === "linux" ? `${platform}-glibc` : platform;

/** @typedef {{ npmPackage: string, version: string, binary: string }} Runtime */

/** @type {Readonly<Record<string, Runtime>>} */
export const RUNTIMES = {
  node20: { npmPackage: `node-${platform}`, version: "20.20.2", binary: "bin/node" },
  node22: { npmPackage: `node-${platform}`, version: "22.23.3", binary: "bin/node" },
  node24: { npmPackage: `node-${platform}`, version: "24.21.0", binary: "bin/node" },
  node26: { npmPackage: `node-${platform}`, version: "26.10.0", binary: "bin/node" },
  deno: { npmPackage: `@deno/${denoPlatform}`, version: "2.9.6", binary: "deno" },
  bun: { npmPackage: `@oven/bun-${bunPlatform}`, version: "1.4.5", binary: "bin/bun" },
};

/**
 * Finds the named runtime, installing it first where it is missing.
 *
 * It is unpacked beside its place and then moved there in one step, so that an
 * interrupted installation is never taken for a runtime.
 *
 * @param {string} name A key of {@link RUNTIMES}.
 * @returns {string} The path of its program.
 */
export function runtimePath(name) {
  const runtime = RUNTIMES[name];
  if (!runtime)
    throw new RangeError(
      `Cannot find a runtime called "${name}": it is none of ${Object.keys(RUNTIMES).join(", ")}`,
    );
  const { npmPackage, version, binary } = runtime;

  const home = join(root, ".runtimes", `${name}-${version}`);
  const path = join(home, "node_modules", npmPackage, binary);
  if (existsSync(path)) return path;

  console.log(`Installing ${name} ${version}`);
  mkdirSync(join(root, ".runtimes"), { recursive: true });
  const unpacked = mkdtempSync(join(root, ".runtimes/unpacking-"));
  writeFileSync(join(unpacked, "package.json"), "{}");
  const args = [
    "install",
    "--no-save",
    "--no-audit",
    "--no-fund",
    "--no-package-lock",
    "--ignore-scripts",
  ];
  const isInstalled = runNpm([...args, "--loglevel=error", `${npmPackage}@${version}`], unpacked);
  if (!isInstalled || !existsSync(join(unpacked, "node_modules", npmPackage, binary))) {
    rmSync(unpacked, { recursive: true });
    throw new Error(`Cannot install ${name} from the npm package "${npmPackage}@${version}"`);
  }
  rmSync(home, { recursive: true, force: true });
  renameSync(unpacked, home);
  return path;
}
