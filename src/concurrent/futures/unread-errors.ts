/**
 * Failures that nobody asked about.
 *
 * A future that failed and was then dropped, or that is still unread when the
 * program ends, is reported once on standard error: nothing is lost without a word.
 */
import { platform } from "#platform";

/** What to print, by the token that a future holds. Holds no future, so that it can be collected. */
const unread = /* @__PURE__ */ new Map<object, unknown>();
let collected: FinalizationRegistry<object> | undefined;

/** Notes that the future has failed; returns the token to give to {@link markRead}. */
export function noteFailure(future: object, error: unknown): object {
  if (collected === undefined) {
    collected = new FinalizationRegistry(report);
    platform.onExit(() => {
      for (const token of unread.keys()) report(token);
    });
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
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  platform.errorStream.write(`Future exception was never retrieved\n${text}\n`);
}
