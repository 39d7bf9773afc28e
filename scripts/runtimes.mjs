/**
 * The runtimes that the tests run on. All come from npm, with pinned versions,
 * into `.runtimes/`, which git ignores; the published package knows nothing of them.
 */

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root, startNpm } from "./commands.mjs";

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
 * The oldest release of each that is supported: of Node 22, the first that strips types.
 * `npm test -- --oldest` runs tests on them.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const OLDEST = { node20: "20.19.0", node22: "22.18.0", deno: "2.9.0", bun: "1.4.3" };

/**
 * Where a runtime is, or will be.
 *
 * @param {string} name A key of {@link RUNTIMES}.
 * @param {string} [release] Another version than the pinned one.
 */
function placeOf(name, release) {
  const runtime = RUNTIMES[name];
  if (!runtime)
    throw new RangeError(
      `Cannot find a runtime called "${name}": it is none of ${Object.keys(RUNTIMES).join(", ")}`,
    );
  const { npmPackage, binary } = runtime;
  const version = release ?? runtime.version;
  const home = join(root, ".runtimes", `${name}-${version}`);
  const program = join("node_modules", npmPackage, binary);
  return { spec: `${npmPackage}@${version}`, home, program, path: join(home, program) };
}

/**
 * Installs a runtime where it is missing.
 *
 * It is unpacked beside its place and then moved there in one step, so that an
 * interrupted installation is never taken for a runtime.
 *
 * @param {string} name A key of {@link RUNTIMES}.
 * @param {string} [release] Another version than the pinned one.
 * @returns {Promise<string>} The path of its program.
 */
export async function installRuntime(name, release) {
  const { spec, home, program, path } = placeOf(name, release);
  if (existsSync(path)) return path;

  console.log(`Installing ${name}: ${spec}`);
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
    "--loglevel=error",
  ];
  const isInstalled = await startNpm([...args, spec], unpacked);
  if (!isInstalled || !existsSync(join(unpacked, program))) {
    rmSync(unpacked, { recursive: true });
    throw new Error(`Cannot install ${name} from the npm package "${spec}"`);
  }
  rmSync(home, { recursive: true, force: true });
  renameSync(unpacked, home);
  return path;
}
