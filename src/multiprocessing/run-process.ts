/**
 * What a process does from its first line to its last.
 *
 * It ends when its target has, once its parent has received the outcome and no thread is left
 * that is not a daemon: timers and servers that the target has left behind end with it.
 */
import { isThenable } from "../base/functions.ts";
import { asText } from "../base/text.ts";
import { platform } from "#platform";
import { SystemExit } from "../process-errors.ts";
import { runTarget, type TargetStart } from "../calls/run-target.ts";

/** The exit code of a process whose target threw. */
const THREW = 1;

let code: number | undefined;

/** The code with which this process exits; undefined for the one that the user's code has set. */
export function exitCode(): number | undefined {
  return code;
}

/** Makes of a process's target the function that the worker calls. */
export function asProcess(target: Function): Function {
  return (start: TargetStart, ...args: unknown[]): unknown => {
    try {
      const value = runTarget(target, start, args, "process");
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

/** As Python reads what `sys.exit` is given. */
function codeOf({ code: given }: SystemExit): number {
  if (given === undefined || given === null) return 0;
  if (typeof given === "boolean" || typeof given === "number") return Number(given) & 0xff;
  platform.errorStream.write(`${typeof given === "string" ? given : asText(given)}\n`);
  return 1;
}
