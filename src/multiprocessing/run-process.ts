/**
 * What a process does from its first line to its last.
 *
 * It ends when its target has, once its parent has received the outcome and no thread is left
 * that is not a daemon: timers and servers that the target has left behind end with it, as in
 * Python what another thread of a daemon does.
 */
import { isThenable } from "../base/functions.ts";
import { asText } from "../base/text.ts";
import { platform } from "#platform";
import { SystemExit } from "../process-errors.ts";
import { type DescribedFunction, referenceIn } from "../shipping/described-function.ts";
import { loadFunction } from "../shipping/load.ts";
import { ADOPT, type ProcessStart } from "./process-start.ts";

/** The exit code of a process whose target threw. */
const THREW = 1;

let code: number | undefined;

/** The code with which this process exits; undefined for the one that the user's code has set. */
export function exitCode(): number | undefined {
  return code;
}

/** Makes of a process's target the function that the worker calls. */
export function asProcess(target: Function): Function {
  return (start: ProcessStart, ...args: unknown[]): unknown => {
    try {
      const value = run(target, start, args);
      return isThenable(value) ? value.then(undefined, noteThrown) : value;
    } catch (error) {
      return noteThrown(error);
    }
  };
}

function noteThrown(error: unknown): undefined {
  if (error instanceof SystemExit) {
    code = codeOf(error);
    return undefined;
  }
  code = THREW;
  throw error;
}

function run(target: Function, start: ProcessStart, args: readonly unknown[]): unknown {
  if (!start.runsClass) return Reflect.apply(target, undefined, args);
  const own = start.target === undefined ? undefined : loadTarget(start.target);
  return isThenable(own)
    ? own.then((loaded) => runObject(target, start, loaded, args))
    : runObject(target, start, own, args);
}

/** The target of a process's object; where it cannot be had, a function that says why. */
function loadTarget(target: DescribedFunction): Function | Promise<Function> {
  try {
    return loadFunction(referenceIn(target, "Cannot call the target of the process"));
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function runObject(
  Class: Function,
  start: ProcessStart,
  target: Function | undefined,
  args: readonly unknown[],
): unknown {
  const { [ADOPT]: adopt } = Class as unknown as Adopts;
  return Reflect.apply(adopt, Class, [start, target, args]).run();
}

interface Adopts {
  [ADOPT](
    start: ProcessStart,
    target: Function | undefined,
    args: readonly unknown[],
  ): { run(): unknown };
}

/** As Python reads what `sys.exit` is given. */
function codeOf({ code: given }: SystemExit): number {
  if (given === undefined || given === null) return 0;
  if (typeof given === "boolean" || typeof given === "number") return Number(given) & 0xff;
  platform.errorStream.write(`${typeof given === "string" ? given : asText(given)}\n`);
  return 1;
}
