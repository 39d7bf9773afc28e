/** What becomes of errors that nobody else gets. */
import { platform } from "#platform";
import { KeyboardInterrupt, SystemExit } from "../../errors.ts";
import type { ExceptionContext } from "./exception-context.ts";
import { creationOf } from "./creation-sites.ts";
import type { Loop } from "./loop.ts";
import { stackLines } from "./warnings.ts";

/** What {@link Loop.setExceptionHandler} takes. Python: none */
export type ExceptionHandler = (loop: Loop, context: ExceptionContext) => unknown;

export class ExceptionReports {
  readonly #loop: Loop;
  #handler: ExceptionHandler | null = null;

  constructor(loop: Loop) {
    this.#loop = loop;
  }

  get handler(): ExceptionHandler | null {
    return this.#handler;
  }

  setHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== "function") {
      const given = typeof handler;
      throw new TypeError(
        `Cannot set the exception handler: expected a function or null, not ${given}`,
      );
    }
    this.#handler = handler;
  }

  /** Tells the handler. What that throws is printed, after what it was told. */
  report(given: ExceptionContext): void {
    const sourceTraceback = creationOf(given.task ?? given.future ?? given.handle);
    const context = sourceTraceback === undefined ? given : { ...given, sourceTraceback };
    if (this.#handler === null) {
      this.#loop.defaultExceptionHandler(context);
      return;
    }
    try {
      this.#handler(this.#loop, context);
    } catch (error) {
      if (error instanceof KeyboardInterrupt || error instanceof SystemExit) throw error;
      this.print({ message: "Unhandled error in exception handler", exception: error });
      this.print(context);
    }
  }

  print({ message, exception, task, future, handle, sourceTraceback }: ExceptionContext): void {
    const lines = [message];
    if (task !== undefined) lines.push(`task: ${String(task)}`);
    if (future !== undefined) lines.push(`future: ${String(future)}`);
    if (handle?.cancelled() === true) lines.push("handle: cancelled");
    if (exception !== undefined) lines.push(stackOf(exception));
    lines.push(...stackLines(["made at", sourceTraceback]));
    platform.errorStream.write(`${lines.join("\n")}\n`);
  }
}

/** The first line of a stack as Firefox and Safari write it: a frame, not the error's text. */
const FRAME = /^[^\n]*@\S+:\d+:\d+(?:\n|$)/;

function stackOf(exception: unknown): string {
  const text = String(exception);
  const stack = exception instanceof Error ? exception.stack : undefined;
  if (stack === undefined) return text;
  return FRAME.test(stack) ? `${text}\n${stack}` : stack;
}
