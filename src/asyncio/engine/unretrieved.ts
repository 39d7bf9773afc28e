/** Failures of futures that were never retrieved: the loop's exception handler is called with them. */
import { Unread } from "../../observe/unread.ts";
import { callForSession } from "./handle.ts";
import type { LoopFace, StackFrame } from "../events.ts";

/** What is known of a failed future. */
export interface UnreadFailure {
  readonly loop: LoopFace;
  /** The run whose code it belongs to, which may have ended when this is reported. */
  readonly session: object | undefined;
  readonly error: unknown;
  /** `Future`, or `Task` and its name. */
  readonly what: string;
  /** Where it was made; in debug mode. */
  readonly madeAt: readonly StackFrame[] | undefined;
}

export const unretrieved: Unread<UnreadFailure> = /* @__PURE__ */ new Unread(report);

function report({ loop, session, error, what, madeAt }: UnreadFailure): void {
  const message = `${what} exception was never retrieved`;
  const context = { message, exception: error };
  callForSession(session, () =>
    loop.callExceptionHandler(
      madeAt === undefined ? context : { ...context, sourceTraceback: madeAt },
    ),
  );
}
