import type { Loop } from "./loop.ts";
import { sessionsOf } from "./loop-core.ts";
import type { Session } from "./session.ts";
import { sessionOf } from "./task.ts";
import { taskOfCaller } from "./task-of-caller.ts";

/** The run that the calling code belongs to: that of its task; in a callback, the loop's latest. */
export function currentSession(loop: Loop): Session {
  const task = taskOfCaller();
  if (task !== undefined) {
    const session = sessionOf(task);
    if (session.loop === loop) return session;
  }
  return sessionsOf(loop).at(-1) as Session;
}
