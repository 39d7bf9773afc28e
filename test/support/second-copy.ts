/** A second copy of heddle, as a dependency brings that has bundled one. */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";

const top = new URL("../../", import.meta.url);
const root = import.meta.url.endsWith(".js") ? new URL("../../", top) : top;

/** @param name Tells it from the copies of other tests. */
export function secondCopy(name: string): {
  readonly load: (module: string) => Promise<unknown>;
  readonly remove: () => void;
} {
  // Within the repository, where the copy finds its packages.
  const folder = new URL(`build/second-${name}-${process.pid}/`, root);
  cpSync(new URL("dist/", root), new URL("dist/", folder), { recursive: true });
  const manifest = readFileSync(new URL("package.json", root), "utf8");
  // It is what is published, also where the test's own copy is not.
  writeFileSync(new URL("package.json", folder), manifest.replaceAll("heddle-unbundled", "none"));
  return {
    load: async (module) => import(new URL(`dist/${module}/index.js`, folder).href),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
