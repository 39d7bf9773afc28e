import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Compiled tests run compiled fixtures. */
const EXTENSION = /\.[jt]s$/.exec(import.meta.url)?.[0] as string;

/** Runs a fixture as a program of its own on this runtime; gives what it printed, as JSON, and its warnings. */
export function runProgram(name: string): Promise<{ printed: unknown; warnings: string }> {
  const file = fileURLToPath(new URL(`./fixtures/${name}${EXTENSION}`, import.meta.url));
  const flags = "deno" in process.versions ? ["run", "-A", "--no-check", "--cached-only"] : [];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...flags, file], { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${name} failed: ${stderr}`, { cause: error }));
      else resolve({ printed: JSON.parse(stdout), warnings: stderr });
    });
  });
}
