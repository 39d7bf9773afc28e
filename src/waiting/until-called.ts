/** A promise for a callback, with a time limit and a signal. */
import { server } from "#platform";
import { NEVER, remaining } from "../memory/deadline.ts";
import { withUserFrames } from "../wire/stack.ts";
import { agentPump } from "./pump.ts";
import { type Flight } from "./source.ts";
import { mayEnd } from "./wait-options.ts";

/** Something that is awaited keeps the program alive. */
const AWAITED: Flight = { keepsAlive: true, runsCode: false, mayEnd: false };
/** The same, but a timer or a signal may end it. */
const AWAITED_AT_MOST: Flight = { keepsAlive: true, runsCode: false, mayEnd: true };

/** Ends a wait with an error. */
export type Refuse = (error: Error) => void;

/**
 * Resolves with true once `done` is called; with false when the deadline comes first.
 *
 * @param subscribe Starts listening; may call `done` at once. Returns how to stop. `refuse` is
 *   there if nothing but the program's own code ends the wait.
 * @throws What the signal gives as its reason.
 */
export async function untilCalled(
  subscribe: (done: () => void, refuse: Refuse | undefined) => () => void,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  signal?.throwIfAborted();
  const pump = agentPump();
  const flight = mayEnd(deadlineMs, signal) ? AWAITED_AT_MOST : AWAITED;
  const outcome = await new Promise<boolean | Error>((resolve, reject) => {
    let isOver = false;
    let timer: { cancel(): void } | undefined;
    let unsubscribe = (): void => {};
    // The first one counts: to end a flight twice would have the pump forget another's.
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      pump.end(flight);
      timer?.cancel();
      signal?.removeEventListener("abort", onAbort);
      settle();
    };
    const giveUp = (settle: () => void): void => {
      if (!isOver) unsubscribe();
      end(settle);
    };
    const onAbort = (): void => giveUp(() => reject(signal?.reason as Error));
    const expire = (): void => giveUp(() => resolve(false));
    const refuse = (error: Error): void => giveUp(() => resolve(error));
    pump.begin(flight);
    const done = (): void => end(() => resolve(true));
    unsubscribe = subscribe(done, flight === AWAITED ? refuse : undefined);
    if (isOver) return;
    signal?.addEventListener("abort", onAbort);
    if (deadlineMs !== NEVER) {
      timer = server.backgroundTimer(expire, Math.ceil(remaining(deadlineMs)));
    }
  });
  if (typeof outcome === "boolean") return outcome;
  throw withUserFrames(outcome);
}
