/** Starting programs. */
import { kindOf } from "../../base/text.ts";
import type { Loop } from "../engine/classes.ts";
import type { Awaitable, Coroutine } from "../events.ts";
import { platform, server } from "#platform";
import { UnsupportedError } from "../../errors.ts";
import type { ByteStream } from "../../platform/net/byte-stream.ts";
import type { Child, ChildSettings, Command } from "../../platform/process/processes.ts";
import {
  checkedOption,
  checkedOptions,
  checkedSystemText,
  isPlainObject,
} from "../../base/options.ts";
import { fromPromise } from "../combine/from-promise.ts";
import { getRunningLoop } from "../engine/running-loop.ts";
import { awaitable } from "../streams/awaitable.ts";
import { Connection } from "../streams/connection.ts";
import { opening } from "../streams/opening.ts";
import { closeWithRun } from "../streams/close-with-run.ts";
import { checkedLimit, inflowOf, StreamReader } from "../streams/stream-reader.ts";
import { writerTo } from "../streams/stream-writer.ts";
import { discardProcess, noteExit, type Process, processOf } from "./process.ts";
import { STDOUT, type Stdio, stdioFrom } from "./stdio.ts";

/** What {@link createSubprocessExec} and {@link createSubprocessShell} take besides the program. Python: none */
export interface SubprocessOptions {
  /** What it reads from: PIPE, DEVNULL, a file's descriptor, or `null` for this program's own, the default. */
  readonly stdin?: Stdio | undefined;
  /** Where its output goes: PIPE, DEVNULL, a file's descriptor, or `null` for this program's own, the default. */
  readonly stdout?: Stdio | undefined;
  /** Where its messages go: as `stdout`, or STDOUT for the same place. */
  readonly stderr?: Stdio | undefined;
  /** Longest line that the readers read, in bytes; more than twice as much is not held unread. Default: 65536. */
  readonly limit?: number | undefined;
  /** The folder it runs in. Default: this program's. */
  readonly cwd?: string | undefined;
  /** Its whole environment. Default: this program's. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Whether it leads a session of its own, so that signals of this program's terminal do not reach it. Default: false. */
  readonly startNewSession?: boolean | undefined;
}

const OPTIONS = ["stdin", "stdout", "stderr", "limit", "cwd", "env", "startNewSession"] as const;

/** Options of Python's `subprocess` that make no sense for streams of bytes. */
const REFUSED = ["text", "encoding", "errors", "universalNewlines", "shell", "bufsize"] as const;

/**
 * Starts a program.
 *
 * If the wait is cancelled, it is killed.
 *
 * Python: `asyncio.create_subprocess_exec`
 *
 * Differs: arguments are an array. There is no `executable`, no `preexec_fn` and the like.
 *
 * @param program The name of the program, which is looked for as a shell would, or its path.
 * @param args Its arguments, as they are: no shell reads them.
 * @param options.stdin PIPE, DEVNULL, a file's descriptor, or `null` for this program's own, the default.
 * @param options.stdout PIPE, DEVNULL, a file's descriptor, or `null` for this program's own, the default.
 * @param options.stderr As `stdout`, or STDOUT for the same place as standard output.
 * @param options.limit Longest line that the readers read, in bytes. Default: 65536.
 * @param options.cwd The folder it runs in.
 * @param options.env Its whole environment.
 * @param options.startNewSession Whether it leads a session of its own. Default: false.
 * @throws {FileNotFoundError} There is no such program, or no such folder.
 * @throws {PermissionError} The file cannot be run.
 * @throws {RangeError} An option that would make text of bytes, such as `encoding`.
 * @throws {UnsupportedError} There are no processes here.
 *
 * @example
 * ```ts
 * import { createSubprocessExec, PIPE, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const echo = await createSubprocessExec("echo", ["hello"], { stdout: PIPE });
 *   const line = await echo.stdout!.readline();
 *   console.log(new TextDecoder().decode(line).trim()); // hello
 *   console.log(await echo.wait()); // 0
 * });
 * ```
 */
export function createSubprocessExec(
  program: string,
  args: readonly string[] = [],
  options?: SubprocessOptions,
): Awaitable<Process> {
  const checked = checkedSubprocessOptions(options, "createSubprocessExec");
  if (checkedSystemText(program, "createSubprocessExec: program") === "")
    throw new RangeError("createSubprocessExec: program must not be empty");
  if (!Array.isArray(args))
    throw new TypeError(`createSubprocessExec: args must be an array, got ${kindOf(args)}`);
  const strings = Array.from(args, (one: string) =>
    checkedSystemText(one, "createSubprocessExec: each argument"),
  );
  return awaitable(
    start({ kind: "program", program, args: strings }, checked, `start ${JSON.stringify(program)}`),
  );
}

/**
 * Has the system's shell run a command line: `/bin/sh`, or `cmd.exe` on Windows.
 *
 * Never put a stranger's text into the line; use {@link createSubprocessExec}.
 * If the wait is cancelled, the shell is killed.
 *
 * Python: `asyncio.create_subprocess_shell`
 *
 * @param command The line.
 * @param options See {@link createSubprocessExec}.
 * @throws {UnsupportedError} There are no processes here.
 *
 * @example
 * ```ts
 * import { createSubprocessShell, PIPE, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const shell = await createSubprocessShell("echo one; echo two >&2; exit 3", {
 *     stdout: PIPE,
 *     stderr: PIPE,
 *   });
 *   const [output, messages] = await shell.communicate();
 *   console.log(output!.length, messages!.length, shell.returncode); // 4 4 3
 * });
 * ```
 */
export function createSubprocessShell(
  command: string,
  options?: SubprocessOptions,
): Awaitable<Process> {
  const checked = checkedSubprocessOptions(options, "createSubprocessShell");
  if (checkedSystemText(command, "createSubprocessShell: command") === "")
    throw new RangeError("createSubprocessShell: command must not be empty");
  return awaitable(
    start({ kind: "line", line: command }, checked, `run ${JSON.stringify(command)}`),
  );
}

interface CheckedOptions {
  readonly settings: ChildSettings;
  readonly limit: number;
}

function checkedSubprocessOptions(
  options: SubprocessOptions | undefined,
  of: string,
): CheckedOptions {
  for (const name of REFUSED) {
    if (isPlainObject(options) && Object.hasOwn(options as object, name)) {
      throw new RangeError(
        `${of}: "${name}" is not supported: streams carry bytes, and the name of the function says whether a shell runs the program`,
      );
    }
  }
  const { stdin, stdout, stderr, limit, cwd, env, startNewSession } = checkedOptions(
    options,
    OPTIONS,
    of,
  );
  return {
    limit: checkedLimit(limit),
    settings: {
      stdin: stdioFrom(stdin, "stdin"),
      stdout: stdioFrom(stdout, "stdout"),
      stderr: stderr === STDOUT ? "stdout" : stdioFrom(stderr, "stderr"),
      cwd: cwd === undefined ? undefined : checkedSystemText(cwd, `${of}: "cwd"`),
      env: env === undefined ? undefined : checkedEnv(env, of),
      newSession: checkedOption(startNewSession, "boolean", `${of}: "startNewSession"`) ?? false,
    },
  };
}

function checkedEnv(env: Readonly<Record<string, string>>, of: string): Record<string, string> {
  if (typeof env !== "object" || (env as unknown) === null || Array.isArray(env))
    throw new TypeError(`${of}: "env" must be an object, got ${kindOf(env)}`);
  // `process.env` with a variable taken out has it as undefined.
  const given = Object.entries(env).filter(([, value]) => (value as unknown) !== undefined);
  for (const [name, value] of given) checkedSystemText(value, `${of}: "env.${name}"`);
  return Object.fromEntries(given);
}

function* start(
  command: Command,
  { settings, limit }: CheckedOptions,
  attempt: string,
): Coroutine<Process> {
  if (!server.capabilities.processes) {
    throw new UnsupportedError(`Cannot ${attempt}: ${platform.name} has no processes`, {
      capability: "processes",
      runtime: platform.name,
    });
  }
  const loop = getRunningLoop();
  const processes = yield* fromPromise(server.processes());
  let returnCode: number | undefined;
  let onExit = (code: number): void => {
    returnCode = code;
  };
  const child = yield* opening<Child>(loop, attempt, ({ opened, failed }) =>
    processes.spawn(command, settings, {
      started: opened,
      failed,
      exited: (code) => onExit(code),
    }),
  );
  const process = processWith(loop, child, limit);
  if (returnCode !== undefined) {
    noteExit(process, returnCode);
    return process;
  }
  const keepOpen = closeWithRun(() => discardProcess(process));
  onExit = (code) => {
    keepOpen();
    noteExit(process, code);
  };
  return process;
}

/** Connects the child's pipes. */
function processWith(loop: Loop, child: Child, limit: number): Process {
  const connections: Connection[] = [];
  const reading = (stream: ByteStream | undefined): StreamReader | null => {
    if (stream === undefined) return null;
    const reader = new StreamReader({ limit, loop });
    connections.push(
      new Connection(stream, {
        loop,
        inflow: inflowOf(reader),
        closesAtEnd: true,
        onLost: undefined,
      }),
    );
    return reader;
  };
  let stdin = null;
  if (child.stdin !== undefined) {
    const connection = new Connection(child.stdin, {
      loop,
      inflow: undefined,
      closesAtEnd: false,
      onLost: undefined,
    });
    connections.push(connection);
    stdin = writerTo({ connection });
  }
  return processOf({
    loop,
    child,
    stdin,
    stdout: reading(child.stdout),
    stderr: reading(child.stderr),
    closePipes: () => {
      for (const connection of connections) connection.abort();
    },
  });
}
