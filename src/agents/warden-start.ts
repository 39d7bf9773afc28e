/** What the warden's thread does (see warden.ts). */
import { server } from "#platform";
import { adoptProgram, program } from "../program/program.ts";
import { type LifelineRequest, post } from "./lifeline.ts";
import { AgentStatus, NO_EXIT_CODE } from "./status.ts";
import type { WardenInit, WatchRequest } from "./warden.ts";

/** Makes this worker the warden that its worker data says. */
export function startWarden(): void {
  const init = server.workerData as WardenInit;
  adoptProgram(init.program);
  const orders = server.adoptPort(init.port);
  const route = init.route === undefined ? undefined : server.adoptPort(init.route);

  const follow = (request: LifelineRequest): void => {
    if (route !== undefined) return post(route, request);
    if (request.kind === "route") {
      const port = server.adoptPort(request.port);
      return port.onMessage((message) => follow(message as LifelineRequest));
    }
    void import("./kept-children.ts").then(({ endChildrenOfDead, keepChildren }) =>
      request.kind === "keep" ? keepChildren(request) : endChildrenOfDead(),
    );
  };
  const watch = (request: WatchRequest): void => {
    const lifeline = server.adoptPort(request.lifeline);
    // A port with a listener stays open and reports its closing.
    lifeline.onMessage((message) => follow(message as LifelineRequest));
    lifeline.onClose(() => {
      const status = new AgentStatus(request.status);
      if (!status.markDead(NO_EXIT_CODE) && status.isRetired) return;
      program().reportDeath(request.slot, request.agent);
    });
  };
  orders.onMessage((message) => {
    const request = message as WatchRequest | LifelineRequest;
    if (request.kind === "watch") watch(request);
    else follow(request);
  });
  orders.ref();
}
