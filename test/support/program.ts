/** Runs a program in a process of its own, on the runtime that runs the test. */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a program may take before it counts as hanging. */
const HANGING_MS = 40_000;

/** @param url The program's module, of which the extension may differ where tests are compiled. */
export function runProgram(url: URL, ...args: string[]): Outcome {
  const extension = /\.[jt]s$/.exec(import.meta.url)?.[0] ?? ".ts";
  const path = fileURLToPath(url).replace(/\.ts$/, extension);
  const flags =
    process.versions["deno"] === undefined ? [] : ["run", "-A", "--no-check", "--quiet"];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [...flags, path, ...args], {
    encoding: "utf8",
    timeout: HANGING_MS,
    env: { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
  });
  if (error !== undefined) throw new Error(`${path} hung or could not start`, { cause: error });
  return { status, stdout, stderr };
}
