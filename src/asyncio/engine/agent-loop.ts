/** The loop that a thread's runs share. */
import { Loop, runAlways } from "./loop.ts";

let loop: Loop | undefined;

export function agentLoop(): Loop {
  if (loop === undefined) {
    loop = new Loop();
    runAlways(loop);
  }
  return loop;
}
