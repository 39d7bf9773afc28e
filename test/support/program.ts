/** Runs a program in a process of its own, on the runtime that runs the test. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a program may take before it counts as hanging. */
const HANGING_MS = 40_000;

/** What programs end with, by custom, when Ctrl-C ends them. */
const INTERRUPTED = 130;

/** What to run a program with. */
function commandFor(url: URL): { readonly args: string[]; readonly env: NodeJS.ProcessEnv } {
  const extension = /\.[jt]s$/.exec(import.meta.url)?.[0] ?? ".ts";
  const path = fileURLToPath(url).replace(/\.ts$/, extension);
  const flags =
    process.versions["deno"] === undefined ? [] : ["run", "-A", "--no-check", "--quiet"];
  return { args: [...flags, path], env: { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1" } };
}

/** @param url The program's module, of which the extension may differ where tests are compiled. */
export function runProgram(url: URL, ...given: string[]): Outcome {
  const { args, env } = commandFor(url);
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [...args, ...given], {
    encoding: "utf8",
    timeout: HANGING_MS,
    env,
  });
  if (error !== undefined)
    throw new Error(`${args.at(-1)} hung or could not start`, { cause: error });
  return { status, stdout, stderr };
}

/** Runs a program, and presses Ctrl-C, as it were, once it has printed the text. */
export async function interruptProgram(
  url: URL,
  printed: string,
  ...given: string[]
): Promise<Outcome> {
  const { args, env } = commandFor(url);
  const program = spawn(process.execPath, [...args, ...given], { env, timeout: HANGING_MS });
  let [stdout, stderr] = ["", ""];
  program.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  program.stdout.setEncoding("utf8").on("data", (text: string) => {
    const wasPrinted = stdout.includes(printed);
    stdout += text;
    if (!wasPrinted && stdout.includes(printed)) program.kill("SIGINT");
  });
  const [code, signal] = (await once(program, "close")) as [number | null, string | null];
  // Deno takes a program that ends with this status for one that the signal has ended.
  const status = code ?? (signal === "SIGINT" ? INTERRUPTED : null);
  return { status, stdout, stderr };
}
