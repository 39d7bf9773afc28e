/**
 * Failures of futures that nobody asked about.
 *
 * A future that failed and was dropped, or is still unread when the program ends,
 * is reported once to its loop's exception handler.
 */
import { platform } from "#platform";
import type { Loop } from "./loop.ts";
import type { StackFrame } from "./stack-frames.ts";

/** What is known of a failed future. Holds not the future, which could then never be collected. */
export interface UnreadFailure {
  readonly loop: Loop;
  readonly error: unknown;
  /** `Future`, or `Task` and its name. */
  readonly what: string;
  /** Where it was made; in debug mode. */
  readonly madeAt: readonly StackFrame[] | undefined;
}

const unread = /* @__PURE__ */ new Set<UnreadFailure>();
let collected: FinalizationRegistry<UnreadFailure> | undefined;

/** Notes that the future has failed. */
export function noteFailure(future: object, failure: UnreadFailure): void {
  if (collected === undefined) {
    collected = new FinalizationRegistry(report);
    platform.onExit(() => {
      for (const each of unread) report(each);
    });
  }
  unread.add(failure);
  collected.register(future, failure, failure);
}

/** Notes that somebody has seen the failure. */
export function markRead(failure: UnreadFailure): void {
  if (unread.delete(failure)) collected?.unregister(failure);
}

function report(failure: UnreadFailure): void {
  if (!unread.delete(failure)) return;
  const { loop, error, what, madeAt } = failure;
  const message = `${what} exception was never retrieved`;
  const context = { message, exception: error };
  loop.callExceptionHandler(
    madeAt === undefined ? context : { ...context, sourceTraceback: madeAt },
  );
}
