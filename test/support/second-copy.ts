/** A second copy of heddle, as a dependency brings that has bundled one. */
import { cpSync, rmSync } from "node:fs";
import process from "node:process";

const top = new URL("../../", import.meta.url);
const root = import.meta.url.endsWith(".js") ? new URL("../", top) : top;

/** @param name Tells it from the copies of other tests. */
export function secondCopy(name: string): {
  readonly load: (module: string) => Promise<unknown>;
  readonly remove: () => void;
} {
  // Within the repository, where the copy finds its packages.
  const folder = new URL(`build/second-${name}-${process.pid}/`, root);
  for (const part of ["package.json", "dist/"])
    cpSync(new URL(part, root), new URL(part, folder), { recursive: true });
  return {
    load: async (module) => import(new URL(`dist/${module}/index.js`, folder).href),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
