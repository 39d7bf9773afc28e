/**
 * What a call gets that is not awaited, `void work()`, when its task or block is cancelled.
 *
 * It is cancelled with the rest, and its promise is rejected with the CancelledError. That does
 * not have to be reported, so it does not end the program as other rejections do that are not
 * handled. The same error counts if it is what a task ends with.
 */
import { platform } from "#platform";
import { isObject } from "../../base/options.ts";
import { threadRegistry } from "../../base/registry.ts";
import { CancelledError } from "../../errors.ts";

let given: WeakSet<object> | undefined;

function isGiven(error: unknown): boolean {
  return isObject(error) && given?.has(error) === true;
}

/** Notes that an error was thrown into an async function because its task, or a block of it, was cancelled. */
export function noteCancellation(error: unknown): void {
  if (!(error instanceof CancelledError)) return;
  given ??= threadRegistry("given cancellations@1", () => new WeakSet());
  given.add(error);
  platform.ignoreRejections(isGiven);
}

/** Notes that a task has ended with the error. */
export function noteOutcome(error: CancelledError): void {
  given?.delete(error);
}
