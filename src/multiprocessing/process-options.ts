/** How a Process is made. */
import { isIterable } from "../base/functions.ts";
import { checkedObject, checkedSystemText } from "../base/options.ts";
import { kindOf, wrongType } from "../base/text.ts";
import type { ChildInput, ChildOutput, IpcSettings } from "../platform/process/ipc.ts";

/** What a new {@link Process} is to do. Python: none */
export type ProcessOptions<R = unknown, A extends readonly unknown[] = readonly never[]> =
  | (CommonOptions<R, A> & {
      /** The target's arguments; they are copied to the process. */
      readonly args?: Readonly<NoInfer<A>> | undefined;
      /** None. */
      readonly kwargs?: undefined;
    })
  | (CommonOptions<R, A> & {
      /** The target's arguments before `kwargs`. */
      readonly args?: readonly unknown[] | undefined;
      /** Passed as one object behind the arguments, in place of Python's keyword arguments. */
      readonly kwargs: object;
    });

interface CommonOptions<R, A extends readonly unknown[]> {
  /** The function to run in the process. It takes along what it uses of its module. */
  readonly target?: ((...args: A) => R) | undefined;
  /** Default: `Process-N`; in a process of heddle's, `Process-N:M`. */
  readonly name?: string | number | undefined;
  /** Whether the program may end while the process runs, and ends it then. Default: that of the process that makes it. */
  readonly daemon?: boolean | undefined;
  /** The working directory of the process. Default: this process's. */
  readonly cwd?: string | undefined;
  /** The whole environment of the process. Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Flags of the runtime. Default: those of this process, without the ones that are for it alone, as `--inspect`. */
  readonly execArgv?: readonly string[] | undefined;
  /**
   * What the process reads on standard input: nothing, what is written to {@link Process.stdin}, or
   * what this process would read, which then gets the other half. Default: `ignore`, as in Python.
   */
  readonly stdin?: "ignore" | "inherit" | "pipe" | undefined;
  /** Where standard output goes: where this process's goes, to {@link Process.stdout}, or nowhere. Default: `inherit`. */
  readonly stdout?: "inherit" | "pipe" | "ignore" | undefined;
  /** The same for standard error and {@link Process.stderr}. */
  readonly stderr?: "inherit" | "pipe" | "ignore" | undefined;
}

/** What of its start a process has from its options. */
export type Settings = Omit<IpcSettings, "identity" | "ignoresInterrupts" | "mayChangeOver">;

export const OPTIONS = [
  "target",
  "args",
  "kwargs",
  "name",
  "daemon",
  "cwd",
  "env",
  "execArgv",
  "stdin",
  "stdout",
  "stderr",
] as const;

/** What the target is called with. */
export function checkedArguments(args: unknown, kwargs: unknown): readonly unknown[] {
  if (args !== undefined && (typeof args !== "object" || !isIterable(args))) {
    throw new TypeError(`Process: "args" must be an array, got ${kindOf(args)}`);
  }
  if (kwargs !== undefined && (typeof kwargs !== "object" || kwargs === null)) {
    throw new TypeError(`Process: "kwargs" must be an object, got ${kindOf(kwargs)}`);
  }
  const list = args === undefined ? [] : [...args];
  return kwargs === undefined ? list : [...list, kwargs];
}

/** @throws {TypeError} One of them is of the wrong type. */
export function checkedSettings(own: Partial<CommonOptions<unknown, never>>): Settings {
  const { cwd, env, execArgv, stdin, stdout, stderr } = own;
  if (cwd !== undefined) checkedSystemText(cwd, 'Process: "cwd"');
  return {
    cwd,
    env: env === undefined ? undefined : checkedEnvironment(env),
    execArgv: execArgv === undefined ? undefined : checkedFlags(execArgv),
    stdin: checkedInput(stdin),
    stdout: checkedOutput(stdout, 'Process: "stdout"'),
    stderr: checkedOutput(stderr, 'Process: "stderr"'),
  };
}

function checkedEnvironment(env: object): Record<string, string> {
  if (Array.isArray(env)) throw wrongType('Process: "env"', "an object", env);
  const entries = Object.entries(checkedObject(env, 'Process: "env"'));
  const set = entries.filter(([, value]) => value !== undefined);
  for (const [name, value] of set) checkedSystemText(value, `Process: "env.${name}"`);
  return Object.fromEntries(set);
}

function checkedFlags(execArgv: unknown): readonly string[] {
  if (!Array.isArray(execArgv)) {
    throw new TypeError(`Process: "execArgv" must be an array, got ${kindOf(execArgv)}`);
  }
  return Array.from(execArgv as unknown[], (flag, i) =>
    checkedSystemText(flag as string, `Process: "execArgv[${i}]"`),
  );
}

const INPUTS: readonly unknown[] = ["ignore", "inherit", "pipe"];

function checkedInput(input: ChildInput | undefined): ChildInput | undefined {
  if (input === undefined || INPUTS.includes(input)) return input;
  throw new TypeError(
    `Process: "stdin" must be "ignore", "inherit" or "pipe", got ${shown(input)}`,
  );
}

const OUTPUTS: readonly unknown[] = ["inherit", "pipe", "ignore"];

function checkedOutput(output: ChildOutput | undefined, what: string): ChildOutput | undefined {
  if (output === undefined || OUTPUTS.includes(output)) return output;
  throw new TypeError(`${what} must be "inherit", "pipe" or "ignore", got ${shown(output)}`);
}

function shown(given: unknown): string {
  return typeof given === "string" ? JSON.stringify(given) : kindOf(given);
}
