/** What the warden's thread does (see warden.ts). */
import { server } from "#platform";
import { adoptProgram, program } from "../program/program.ts";
import { AgentStatus, NO_EXIT_CODE } from "./status.ts";
import type { WardenInit, WatchRequest } from "./warden.ts";

/** Makes this worker the warden that its worker data says. */
export function startWarden(): void {
  const init = server.workerData as WardenInit;
  adoptProgram(init.program);
  const orders = server.adoptPort(init.port);

  orders.onMessage((message) => {
    const request = message as WatchRequest;
    const lifeline = server.adoptPort(request.lifeline);
    // A port with a listener stays open and reports its closing.
    lifeline.onMessage(() => {});
    lifeline.onClose(() => {
      const status = new AgentStatus(request.status);
      if (!status.markDead(NO_EXIT_CODE) && status.isRetired) return;
      program().reportDeath(request.slot, request.agent);
    });
  });
  orders.ref();
}
