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

/** What a run says that goes on after Ctrl-C. */
const WAITS = "Ctrl-C again ends the program at once";

/** The module's path, of which the extension differs where tests are compiled. */
function pathOf(url: URL): string {
  const extension = /\.[jt]s$/.exec(import.meta.url)?.[0] ?? ".ts";
  return fileURLToPath(url).replace(/\.ts$/, extension);
}

/** What to run a program with. */
export function commandFor(url: URL): { readonly args: string[]; readonly env: NodeJS.ProcessEnv } {
  const path = pathOf(url);
  const flags =
    process.versions["deno"] === undefined ? [] : ["run", "-A", "--no-check", "--quiet"];
  const conditions = (process.env["HEDDLE_CONDITIONS"] ?? "").split(" ").filter(Boolean);
  return {
    args: [...flags, ...conditions, path],
    env: { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1" },
  };
}

/** @param url The program's module, of which the extension may differ where tests are compiled. */
export function runProgram(url: URL, ...given: string[]): Outcome {
  const { args, env } = commandFor(url);
  return run([...args, ...given], env);
}

/** Runs the text of a module that has no file, on Node and Bun. Packages are found from this folder. */
export function runText(text: string): Outcome {
  const conditions = (process.env["HEDDLE_CONDITIONS"] ?? "").split(" ").filter(Boolean);
  const flags = process.versions["bun"] === undefined ? ["--input-type=module"] : [];
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const env = { ...process.env, NO_COLOR: "1", NODE_NO_WARNINGS: "1" };
  return run([...conditions, ...flags, "--eval", text], env, cwd);
}

/** The same on Node, with a module that each of its threads loads first. */
export function runWith(preload: URL, url: URL, ...given: string[]): Outcome {
  const { args, env } = commandFor(url);
  // A file of tests then reports as if it were run by hand.
  delete env["NODE_TEST_CONTEXT"];
  return run([`--import=${pathOf(preload)}`, ...args, ...given], env);
}

function run(args: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): Outcome {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: HANGING_MS,
    env,
    cwd,
  });
  if (error !== undefined)
    throw new Error(`${args.join(" ")} hung or could not start`, { cause: error });
  return { status, stdout, stderr };
}

/** Has so many programs run at once, and others wait for them. */
export function inLanes(count: number): <T>(start: () => Promise<T>) => Promise<T> {
  const lanes = Array.from({ length: count }, (): Promise<unknown> => Promise.resolve());
  let taken = 0;
  return (start) => {
    const lane = taken++ % count;
    const outcome = (lanes[lane] as Promise<unknown>).then(start);
    lanes[lane] = outcome.catch(() => undefined);
    return outcome;
  };
}

/** Most programs that {@link runEach} has running. */
const AT_ONCE = 4;

/** Runs a program for each name, which is its last argument, several at a time. */
export function runEach(
  url: URL,
  names: readonly string[],
  ...given: string[]
): ReadonlyMap<string, Promise<Outcome>> {
  const inLane = inLanes(AT_ONCE);
  return new Map(
    names.map((name) => [name, inLane(() => startProgram(url, ...given, name))] as const),
  );
}

/** The same as {@link runProgram}, while others run. */
export async function startProgram(url: URL, ...given: string[]): Promise<Outcome> {
  const { args, env } = commandFor(url);
  const program = spawn(process.execPath, [...args, ...given], { env, timeout: HANGING_MS });
  let [stdout, stderr] = ["", ""];
  program.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  program.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const [status] = (await once(program, "close")) as [number | null];
  return { status, stdout, stderr };
}

/** Runs a program, and presses Ctrl-C, as it were, once it has printed the text; and again once it says that it waits. */
export async function interruptProgram(
  url: URL,
  printed: string,
  ...given: string[]
): Promise<Outcome> {
  const { args, env } = commandFor(url);
  const program = spawn(process.execPath, [...args, ...given], { env, timeout: HANGING_MS });
  let [stdout, stderr] = ["", ""];
  program.stderr.setEncoding("utf8").on("data", (text: string) => {
    const hadSaid = stderr.includes(WAITS);
    stderr += text;
    // Deno's kill() works once.
    if (!hadSaid && stderr.includes(WAITS) && program.pid !== undefined)
      process.kill(program.pid, "SIGINT");
  });
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
