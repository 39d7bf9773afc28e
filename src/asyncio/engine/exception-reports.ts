/** What becomes of errors that nobody else gets. */
import { checkedObject } from "../../base/options.ts";
import { asText, errorText } from "../../base/text.ts";
import { platform } from "#platform";
import { callDetached, CallerContext } from "../../contextvars/caller-context.ts";
import type { LoopFace, Report } from "../events.ts";
import { creationOf, stackLines } from "./debug.ts";
import { coreInside } from "./future-core.ts";
import { isExit } from "./step.ts";
import { TaskCore } from "./task-core.ts";

/** What a loop tells of errors. */
export class Handler<L, R extends Report> {
  readonly fn: (loop: L, context: R) => unknown;
  /** Of the code that set it. */
  readonly #context = new CallerContext();

  constructor(fn: (loop: L, context: R) => unknown) {
    this.fn = fn;
  }

  /** Calls it where the error comes from: in the context of the callback or task, if there is one. */
  call(loop: L, given: R): void {
    const { fn } = this;
    // It is called by the callback, in its context.
    if (given.handle !== undefined) {
      fn(loop, given);
      return;
    }
    const core = coreInside(given.task ?? given.future);
    if (core instanceof TaskCore) {
      const { contents, scope } = core;
      scope.runInAsyncScope(callDetached<[L, R], unknown>, undefined, contents, fn, [loop, given]);
    } else this.#context.call(fn, loop, given);
  }
}

/** Tells the loop's handler, if it has one. What that throws is printed, after what it was told. */
export function report<L extends LoopFace, R extends Report>(
  loop: L,
  given: R,
  handler: Handler<L, R> | undefined,
): void {
  const sourceTraceback = creationOf(given.task ?? given.future ?? given.handle);
  const context = sourceTraceback === undefined ? given : { ...given, sourceTraceback };
  if (handler === undefined) {
    loop.defaultExceptionHandler(context);
    return;
  }
  try {
    handler.call(loop, context);
  } catch (error) {
    if (isExit(error)) throw error;
    printReport({ message: "Unhandled error in exception handler", exception: error });
    printReport(context);
  }
}

/** @throws {TypeError} It is not an object. */
export function checkReport(given: Report): void {
  checkedObject(given, "Loop.callExceptionHandler: context");
}

export function printReport(given: Report): void {
  checkReport(given);
  const { message, exception, handle, sourceTraceback } = given;
  const lines = [typeof message === "string" ? message : "Unhandled exception in event loop"];
  for (const key of ["task", "future"] as const)
    if (given[key] !== undefined) lines.push(`${key}: ${String(given[key])}`);
  if (handle?.cancelled() === true) lines.push("handle: cancelled");
  if ("exception" in given) lines.push(stackOf(exception));
  lines.push(...stackLines(["made at", sourceTraceback]));
  platform.errorStream.write(`${lines.join("\n")}\n`);
}

/** The first line of a stack as Firefox and Safari write it: a frame, not the error's text. */
const FRAME = /^[^\n]*@\S+:\d+:\d+(?:\n|$)/;

function stackOf(exception: unknown): string {
  const stack = errorText(exception);
  return FRAME.test(stack) ? `${asText(exception)}\n${stack}` : stack;
}
