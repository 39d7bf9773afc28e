/** Worker side of a worker's death: it says so itself whenever it still can. */
import { platform, server } from "#platform";
import { type CodeLookup, reports } from "../wire/channel.ts";
import { encodeThrown } from "../wire/remote-error.ts";
import { program } from "../program/program.ts";
import { forgetAll } from "../program/shared-object.ts";
import { AgentStatus } from "./status.ts";
import type { AgentInit } from "./worker-agent.ts";

/** Arranges that this worker's creator learns how it ended, even while the creator blocks. */
export function announceDeath(init: AgentInit, code: CodeLookup): void {
  if (init.shared === undefined) return;
  const status = new AgentStatus(init.shared.status);
  const { agents, record, slot } = program();
  server.onFatalError((error) => status.writeExitReport(encodeThrown(error, reports(code))));
  platform.onExit((exitCode) => {
    status.markDead(exitCode);
    forgetAll();
    if (!status.isRetired) program().reportDeath(slot, agents.agentAt(slot));
    record.isIdle = true; // its creator, which gives the slot back, may block
    agents.bell(agents.parentOf(slot)).ringAlways();
  });
}
