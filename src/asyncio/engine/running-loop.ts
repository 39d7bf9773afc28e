import { coreOfLoop } from "./loop-core.ts";
import { wrongType } from "../../base/text.ts";
import { loopOfCaller, runningLoop } from "./caller.ts";
import { type Loop, loopOf } from "./classes.ts";

/** What {@link setEventLoop} was given. */
let chosen: Loop | undefined;

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
  return loopOf(runningLoop());
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
  return loopOfCaller() === undefined ? (chosen ?? getRunningLoop()) : getRunningLoop();
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
  if (loop !== null && coreOfLoop(loop) === undefined)
    throw wrongType("setEventLoop: loop", "a Loop or null", loop);
  chosen = loop ?? undefined;
}
