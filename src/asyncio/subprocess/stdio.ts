/** What a subprocess's standard streams can be. */
import { kindOf } from "../../base/text.ts";
import type { ChildStdio } from "../../platform/process/processes.ts";

/** A pipe to this program. Python: `asyncio.subprocess.PIPE` */
export const PIPE: number = -1;
/** For `stderr`: wherever `stdout` goes. Python: `asyncio.subprocess.STDOUT` */
export const STDOUT: number = -2;
/** Nothing: reads as empty, swallows what is written. Python: `asyncio.subprocess.DEVNULL` */
export const DEVNULL: number = -3;

/**
 * What a subprocess's standard stream is: {@link PIPE}, {@link DEVNULL}, for `stderr`
 * {@link STDOUT}, the descriptor of an open file, or `null` for this program's own.
 *
 * Python: none
 */
export type Stdio = number | null;

/** @throws {RangeError} It is none of what `name` can be. */
export function stdioFrom(given: Stdio | undefined, name: string): ChildStdio {
  if (given === undefined || given === null) return "inherit";
  if (given === PIPE) return "pipe";
  if (given === DEVNULL) return "ignore";
  // Node ends the process where a descriptor is not one of 31 bits; -0 is none.
  if (Number.isInteger(given) && given >= 0 && given < 2 ** 31) return given + 0;
  throw new RangeError(
    `Cannot start a subprocess with ${name} ${typeof given === "number" ? given : kindOf(given)}: it must be PIPE, DEVNULL, ${name === "stderr" ? "STDOUT, " : ""}null or the descriptor of an open file`,
  );
}
