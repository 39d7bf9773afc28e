/** {@link Processes} over `node:child_process`, which Deno and Bun have too. Loaded when first needed. */
import type { ChildProcess, SpawnOptions } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { bare } from "../../base/options.ts";
import { checkedSignal, childProcess, fs, os, paths } from "../builtins.ts";
import type { ByteStream } from "../net/byte-stream.ts";
import { NodeByteStream } from "../net/node-byte-stream.ts";
import type { Child, ChildEvents, ChildSettings, Command, Processes } from "./processes.ts";

const SHELL = "/bin/sh";
/** Runs a program in the shell's place, with its standard error going where its output goes. */
const SHARE_OUTPUT = 'exec "$0" "$@" 2>&1';

class NodeChild implements Child {
  readonly #child: ChildProcess;
  readonly stdin: ByteStream | undefined;
  readonly stdout: ByteStream | undefined;
  readonly stderr: ByteStream | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.stdin = pipe(undefined, child.stdin);
    this.stdout = pipe(child.stdout, undefined);
    this.stderr = pipe(child.stderr, undefined);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  kill(signal: string | number): void {
    this.#child.kill(checkedSignal(signal, "send a signal") as NodeJS.Signals);
  }
}

function pipe(
  readable: Readable | null | undefined,
  writable: Writable | null | undefined,
): ByteStream | undefined {
  if (!readable && !writable) return undefined;
  return new NodeByteStream(readable ?? undefined, writable ?? undefined);
}

function start(command: Command, settings: ChildSettings, events: ChildEvents): () => void {
  let child: ChildProcess;
  let handle: NodeChild;
  try {
    child = launch(command, settings);
    // Now, not when it has started: its pipes may fail before.
    handle = new NodeChild(child);
  } catch (error) {
    queueMicrotask(() => events.failed(error));
    return () => {};
  }
  let isWanted = true;
  let hasStarted = false;
  child.once("spawn", () => {
    hasStarted = true;
    if (isWanted) events.started(handle);
    else child.kill("SIGKILL");
  });
  child.on("error", (error) => {
    if (isWanted && !hasStarted) events.failed(error);
  });
  child.once("exit", (code, signal) => {
    if (isWanted) events.exited(code ?? -(signal === null ? 0 : os().constants.signals[signal]));
  });
  return () => {
    isWanted = false;
    child.kill("SIGKILL");
  };
}

function launch(command: Command, settings: ChildSettings): ChildProcess {
  const { stdin, stdout, cwd, env, newSession } = settings;
  const options: SpawnOptions = bare({
    cwd,
    env: env && bare(env),
    detached: newSession,
    shell: false,
  });
  if (settings.stderr === "stdout" && stdout === "pipe") {
    options.stdio = [stdin, "pipe", "inherit"];
    return launchSharing(command, options);
  }
  const stderr = settings.stderr !== "stdout" ? settings.stderr : stdout === "inherit" ? 1 : stdout;
  options.stdio = [stdin, stdout, stderr];
  if (command.kind === "program")
    return childProcess().spawn(command.program, command.args, options);
  options.shell = true;
  return childProcess().spawn(command.line, options);
}

/** One pipe for both outputs, which the runtimes cannot make: the shell can. */
function launchSharing(command: Command, options: SpawnOptions): ChildProcess {
  if (process.platform === "win32") {
    throw new Error("one pipe for standard output and standard error needs a Unix shell");
  }
  const line =
    command.kind === "line"
      ? [SHELL, "-c", command.line]
      : [findProgram(command.program, options), ...command.args];
  return childProcess().spawn(SHELL, ["-c", SHARE_OUTPUT, ...line], options);
}

/** Where the program is. The shell would only say in words that it is nowhere. */
function findProgram(program: string, { cwd, env }: SpawnOptions): string {
  const folders = program.includes("/")
    ? [""]
    : (bare(env ?? process.env)["PATH"] ?? "").split(paths().delimiter);
  for (const folder of folders) {
    const path = paths().join(folder, program);
    const absolute = paths().isAbsolute(path) ? path : paths().resolve(cwd?.toString() ?? "", path);
    try {
      fs().accessSync(absolute, fs().constants.X_OK);
      return absolute;
    } catch {
      // not there, or not for us
    }
  }
  throw Object.assign(new Error(`spawn ${program} ENOENT`), { code: "ENOENT", path: program });
}

export const processes: Processes = { spawn: start };
