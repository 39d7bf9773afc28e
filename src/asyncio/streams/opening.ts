/** Waiting for something to be opened by the runtime, and giving it up when the wait is cancelled. */
import type { Loop } from "../engine/classes.ts";
import type { Coroutine } from "../events.ts";
import { ConnectionAbortedError } from "../../errors.ts";
import { osErrorFrom } from "./os-error.ts";

/** How the runtime answers: once, with the one or the other. */
export interface Answer<T> {
  readonly opened: (result: T) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Waits for the answer to what `begin` begins; it returns what gives it up again.
 *
 * @param attempt What is tried, in words, for the error.
 */
export function* opening<T>(
  loop: Loop,
  attempt: string,
  begin: (answer: Answer<T>) => () => void,
): Coroutine<T> {
  const outcome = loop.createFuture<T>();
  const answer: Answer<T> = {
    opened: (result) => {
      if (!outcome.done()) outcome.setResult(result);
    },
    failed: (error) => {
      if (!outcome.done()) outcome.setException(osErrorFrom(error, attempt));
    },
  };
  let giveUp = (): void => {};
  try {
    giveUp = begin(answer);
  } catch (error) {
    // A certificate that is none, say.
    answer.failed(error);
  }
  try {
    return yield* outcome;
  } catch (error) {
    // Also when it is open by now: a cancelled task never gets to see it.
    giveUp();
    throw error;
  }
}

/** Does the same, but gives up after a time. */
export function* openingWithin<T>(
  loop: Loop,
  timeoutMs: number,
  attempt: string,
  begin: (answer: Answer<T>) => () => void,
): Coroutine<T> {
  let fail: ((error: unknown) => void) | undefined;
  const timer = loop.callLater(timeoutMs, () =>
    fail?.(new ConnectionAbortedError(`Cannot ${attempt}: it took longer than ${timeoutMs} ms`)),
  );
  try {
    return yield* opening<T>(loop, attempt, (answer) => {
      fail = answer.failed;
      return begin(answer);
    });
  } finally {
    timer.cancel();
  }
}
