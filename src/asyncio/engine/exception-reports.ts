/** What becomes of errors that nobody else gets. */
import { platform } from "#platform";
import { KeyboardInterrupt, SystemExit } from "../../errors.ts";
import type { LoopFace, Report } from "../events.ts";
import { creationOf, stackLines } from "./debug.ts";

/** Tells the loop's handler, if it has one. What that throws is printed, after what it was told. */
export function report<R extends Report>(
  loop: LoopFace,
  given: R,
  handler: ((context: R) => unknown) | undefined,
): void {
  const sourceTraceback = creationOf(given.task ?? given.future ?? given.handle);
  const context = sourceTraceback === undefined ? given : { ...given, sourceTraceback };
  if (handler === undefined) {
    loop.defaultExceptionHandler(context);
    return;
  }
  try {
    handler(context);
  } catch (error) {
    if (error instanceof KeyboardInterrupt || error instanceof SystemExit) throw error;
    printReport({ message: "Unhandled error in exception handler", exception: error });
    printReport(context);
  }
}

export function printReport(given: Report): void {
  const { message, exception, task, future, handle, sourceTraceback } = given;
  const lines = [message];
  if (task !== undefined) lines.push(`task: ${String(task)}`);
  if (future !== undefined) lines.push(`future: ${String(future)}`);
  if (handle?.cancelled() === true) lines.push("handle: cancelled");
  if ("exception" in given) lines.push(stackOf(exception));
  lines.push(...stackLines(["made at", sourceTraceback]));
  platform.errorStream.write(`${lines.join("\n")}\n`);
}

/** The first line of a stack as Firefox and Safari write it: a frame, not the error's text. */
const FRAME = /^[^\n]*@\S+:\d+:\d+(?:\n|$)/;

function stackOf(exception: unknown): string {
  const text = String(exception);
  const stack = exception instanceof Error ? exception.stack : undefined;
  if (stack === undefined) return text;
  return FRAME.test(stack) ? `${text}\n${stack}` : stack;
}
