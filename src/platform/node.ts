import { functionLocation } from "./function-location.ts";
import type { Server, ServerPlatform } from "./platform.ts";
import { serverPlatform } from "./server.ts";

/** Handles that are open in an agent of ours whatever the user's code does. */
const OWN_RESOURCES: ReadonlySet<string> = new Set(["CloseReq", "MessagePort", "Immediate"]);

/** Counted also if the program does not read from them. */
const STANDARD_STREAMS: ReadonlySet<string> = new Set(["PipeWrap", "TTYWrap"]);

/** Whether nothing is open but one timer, which keeps the agent alive, and maybe the standard streams. */
function loopMayRunDry(): boolean {
  const open = process.getActiveResourcesInfo().filter((name) => !OWN_RESOURCES.has(name));
  const others = open.filter((name) => !STANDARD_STREAMS.has(name));
  return others.every((name) => name === "Timeout") && others.length <= 1;
}

export const platform: ServerPlatform = serverPlatform({
  name: "node",
  capabilities: {
    terminateStopsSync: true,
    takesBesideListeners: true,
    sendsListeningPorts: true,
    seesOpenHandles: true,
    stackSize: true,
  },
  threadStacks: async (timeoutMs) => (await import("./node-stacks.ts")).threadStacks(timeoutMs),
  functionLocation,
  loopMayRunDry,
  loopIsIdle: () => process.getActiveResourcesInfo().every((name) => OWN_RESOURCES.has(name)),
});

export const server: Server = platform;
