/** Which loop the calling code runs in. */
import { RuntimeError } from "../../errors.ts";
import { taskOfCaller } from "./task-of-caller.ts";
import type { Loop } from "./loop.ts";

/** The loop whose callback or step is being called. */
let calling: Loop | undefined;
/** What {@link setEventLoop} was given. */
let chosen: Loop | undefined;

/** For loops, around what they call; returns what it was. */
export function setRunningLoop(loop: Loop | undefined): Loop | undefined {
  const outer = calling;
  calling = loop;
  return outer;
}

/** The loop that the calling code runs in, if it runs in one. */
export function runningLoop(): Loop | undefined {
  return calling ?? taskOfCaller()?.getLoop();
}

/**
 * Returns the loop that the calling code runs in: that of its task, or of its callback.
 *
 * Python: `asyncio.get_running_loop`
 *
 * @throws {RuntimeError} It runs in none.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run } from "heddle/asyncio";
 *
 * await run(async () => console.log(getRunningLoop().isRunning())); // true
 * ```
 */
export function getRunningLoop(): Loop {
  const loop = runningLoop();
  if (loop === undefined) {
    throw new RuntimeError(
      "Cannot get the running event loop: there is none here; call this from a coroutine that run() or a task runs",
    );
  }
  return loop;
}

/**
 * Returns the loop that the calling code runs in, or else the one given to {@link setEventLoop}.
 *
 * Python: `asyncio.get_event_loop`
 *
 * @throws {RuntimeError} There is neither.
 *
 * @example
 * ```ts
 * import { getEventLoop, getRunningLoop, run } from "heddle/asyncio";
 *
 * await run(async () => console.log(getEventLoop() === getRunningLoop())); // true
 * ```
 */
export function getEventLoop(): Loop {
  return runningLoop() ?? chosen ?? getRunningLoop();
}

/**
 * Chooses what {@link getEventLoop} returns outside of any loop; `null` for none.
 *
 * Python: `asyncio.set_event_loop`
 *
 * @example
 * ```ts
 * import { getEventLoop, Loop, setEventLoop } from "heddle/asyncio";
 *
 * const loop = new Loop();
 * setEventLoop(loop);
 * console.log(getEventLoop() === loop); // true
 * setEventLoop(null);
 * loop.close();
 * ```
 */
export function setEventLoop(loop: Loop | null): void {
  chosen = loop ?? undefined;
}
