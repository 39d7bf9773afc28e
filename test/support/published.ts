/**
 * The package as it is published, which `npm test` installs once before the tests of
 * `test/package`, and the places around it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The top folder of the repository. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

const installed = process.env["HEDDLE_PUBLISHED"];
if (installed === undefined)
  throw new Error('Cannot find the published package: run "npm test -- --only test/package"');

/** A folder with `node_modules/heddle` and what heddle depends on. */
export const published: string = installed;

export const packageFolder: string = join(published, "node_modules/heddle");

interface Manifest {
  readonly exports: Readonly<Record<string, string | { types: string; default: string }>>;
  /** By condition. That of our own tests leads to what is not published. */
  readonly imports: Readonly<Record<string, Readonly<Record<string, string | object>>>>;
  readonly sideEffects: readonly string[];
  readonly dependencies: Readonly<Record<string, string>>;
}

export const manifest = JSON.parse(
  readFileSync(join(packageFolder, "package.json"), "utf8"),
) as Manifest;

/** What users write to import each module: `heddle`, `heddle/asyncio`, … */
export const specifiers: readonly string[] = Object.keys(manifest.exports)
  .filter((subpath) => subpath !== "./package.json")
  .map((subpath) => subpath.replace(".", "heddle"));

/**
 * A project that uses the package, in a folder of its own.
 *
 * @param files Texts by path.
 * @param packages Names of packages of our `node_modules` that the project has besides.
 */
export function project(
  files: Readonly<Record<string, string>>,
  packages: readonly string[] = [],
): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(published, "project-"));
  for (const [path, text] of Object.entries({ "package.json": '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const name of packages) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link, "junction");
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
