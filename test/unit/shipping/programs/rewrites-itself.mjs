/* oxlint-disable -- code as it may be written, not as it should be */
/** A program whose file changes after it has started, as under an editor. */
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { either, report } from "./compare.mjs";

const FACTOR = 3;
const scale = (n) => n * FACTOR;
const file = fileURLToPath(import.meta.url);

if (!file.includes("rewritten")) {
  // A copy changes itself: this file stays as it is.
  const copy = file.replace("rewrites-itself", `rewritten-${process.pid}`);
  copyFileSync(file, copy);
  const flags = process.versions.deno ? ["run", "-A", "--no-check", "--quiet"] : [];
  const conditions = (process.env.HEDDLE_CONDITIONS ?? "").split(" ").filter(Boolean);
  const child = spawnSync(process.execPath, [...flags, ...conditions, copy], { encoding: "utf8" });
  rmSync(copy);
  process.stderr.write(child.stderr);
  process.stdout.write(child.stdout);
  process.exitCode = child.status;
} else {
  writeFileSync(file, readFileSync(file, "utf8").replace("FACTOR = 3", "FACTOR = 4"));
  await either("a constant that has another value in the file now", () => FACTOR);
  await either("a function that reaches one", scale, 2);
  await either("a function that uses nothing of it", () => 1);
  writeFileSync(file, "// nothing is left");
  await either("a function that is in the file no more", () => FACTOR * 2);
  await report();
}
