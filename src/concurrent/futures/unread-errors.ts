/**
 * Failures that nobody asked about.
 *
 * A future that failed and was then dropped, or that is still unread when the
 * program ends, is reported once on standard error: nothing is lost without a word.
 */
import { platform } from "#platform";

/** Failures reported in full; of more, only the number is told. */
const MOST_REPORTED = 10;

/** What to print, by the token that a future holds. Holds no future, so that it can be collected. */
const unread = /* @__PURE__ */ new Map<object, unknown>();
let collected: FinalizationRegistry<object> | undefined;
let reported = 0;

/** Notes that the future has failed; returns the token to give to {@link markRead}. */
export function noteFailure(future: object, error: unknown): object {
  if (collected === undefined) {
    collected = new FinalizationRegistry(report);
    platform.onExit(reportRest);
  }
  const token = {};
  unread.set(token, error);
  collected.register(future, token, token);
  return token;
}

/** Notes that somebody has seen the failure. */
export function markRead(token: object): void {
  if (unread.delete(token)) collected?.unregister(token);
}

function report(token: object): void {
  if (!unread.has(token)) return;
  const error = unread.get(token);
  unread.delete(token);
  if (reported++ >= MOST_REPORTED) return;
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  platform.errorStream.write(`Future exception was never retrieved\n${text}\n`);
}

function reportRest(): void {
  for (const token of unread.keys()) report(token);
  if (reported <= MOST_REPORTED) return;
  platform.errorStream.write(
    `${reported - MOST_REPORTED} more future exceptions were never retrieved\n`,
  );
}
