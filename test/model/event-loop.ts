/**
 * An event loop for an agent of a model, whose body is synchronous: it runs what
 * awaits promises, then the turns that heddle asked for, and sleeps when there are none.
 */
import { setFlagsFromString } from "node:v8";

import { platform } from "../../build/src/platform/node.js";

setFlagsFromString("--allow-natives-syntax");
// oxlint-disable-next-line typescript/no-implied-eval -- nothing else runs microtasks in the middle of a function
const runMicrotasks = new Function("%PerformMicrotaskCheckpoint()") as () => void;

const turns: (() => void)[] = [];

/** Stands in for the runtime's event loop. For agents only. */
const LOOP = {
  nextTurn: (callback: () => void) => void turns.push(callback),
  keepAlive: () => ({ hold: () => undefined, release: () => undefined }),
};

/**
 * Runs an event loop until `main` has returned and its promise is settled.
 *
 * @param idle Sleeps until the agent's `waitAsync` is notified.
 * @throws What `main` throws.
 */
export function runLoop(idle: () => void, main: () => Promise<unknown>): void {
  Object.assign(platform, LOOP);
  let end: { readonly error?: unknown } | undefined;
  try {
    void main().then(
      () => (end = {}),
      (error: unknown) => (end = { error }),
    );
    for (;;) {
      runMicrotasks();
      if (end !== undefined) break;
      const turn = turns.shift();
      if (turn === undefined) idle();
      else turn();
    }
  } finally {
    // What awaits in a run that is over must not go on in the next one: it ends at its next step.
    runMicrotasks();
    turns.length = 0;
  }
  if ("error" in end) throw end.error;
}

/** Resolves in a later turn of the loop. */
export async function nextTurn(): Promise<void> {
  return new Promise((resolve) => turns.push(resolve));
}
