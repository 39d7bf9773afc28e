/** Worker side of a worker's death: it says so itself whenever it still can. */
import { platform } from "#platform";
import { Doorbell } from "../memory/doorbell.ts";
import { encodeThrown, type LocateClass } from "../wire/remote-error.ts";
import type { AgentInit } from "./worker-agent.ts";
import { AgentStatus } from "./status.ts";

/** Arranges that this worker's creator learns how it ended, even while the creator blocks. */
export function announceDeath(init: AgentInit, locateClass: LocateClass): void {
  if (init.shared === undefined) return;
  const status = new AgentStatus(init.shared.status);
  const doorbell = new Doorbell(init.shared.doorbell);
  platform.onFatalError((error) => status.leaveLastWords(encodeThrown(error, locateClass)));
  platform.onExit((exitCode) => {
    status.markDead(exitCode);
    doorbell.ringAlways();
  });
}
