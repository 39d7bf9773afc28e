/**
 * Failures of futures that nobody asked about.
 *
 * A future that failed and was dropped, or is still unread when the program ends,
 * is reported once to its loop's exception handler.
 */
import { platform } from "#platform";
import type { Loop } from "./loop.ts";

/** What is known of a failed future. Holds not the future, which could then never be collected. */
export interface UnreadFailure {
  readonly loop: Loop;
  readonly error: unknown;
  /** `Future`, or `Task` and its name. */
  readonly what: string;
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
  const { loop, error, what } = failure;
  loop.callExceptionHandler({ message: `${what} exception was never retrieved`, exception: error });
}
