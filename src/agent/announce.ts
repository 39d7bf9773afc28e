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
  let failed = false;
  platform.onFatalError((error) => {
    failed = true;
    status.leaveLastWords(encodeThrown(error, locateClass));
  });
  platform.onExit((exitCode) => {
    // Bun reports 0 for a worker that an unhandled rejection ended.
    status.markDead(failed && exitCode === 0 ? 1 : exitCode);
    doorbell.ringAlways();
  });
}
