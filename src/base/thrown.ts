/**
 * Errors that are `undefined` or `null`: `Promise.reject()`, `throw undefined`.
 *
 * Inside heddle, the absence of an error is never told by `undefined`. Where an interface says
 * so, as `exception()` does, such an error is shown as another one.
 */
import { RuntimeError } from "../errors.ts";

/** What was thrown, or an error that stands for it if it looks like none. */
export function exceptionFrom(thrown: unknown): unknown {
  return thrown ?? new RuntimeError(`Failed with ${String(thrown)} in place of an error`);
}
