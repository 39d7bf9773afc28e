/** First code of the warden's thread (see warden.ts). */
import { platform } from "#platform";
import { Doorbell } from "../memory/doorbell.ts";
import { AgentStatus, NO_EXIT_CODE } from "./status.ts";
import type { WatchRequest } from "./warden.ts";

const orders = platform.adoptPort((platform.workerData as { port: unknown }).port);

orders.onMessage((message) => {
  const request = message as WatchRequest;
  const lifeline = platform.adoptPort(request.lifeline);
  // A port with a listener stays open and reports its closing.
  lifeline.onMessage(() => {});
  lifeline.onClose(() => {
    new AgentStatus(request.status).markDead(NO_EXIT_CODE);
    new Doorbell(request.doorbell).ringAlways();
  });
});
orders.ref();
