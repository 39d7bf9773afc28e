import process from "node:process";
import type { Platform } from "./platform.ts";
import { serverPlatform } from "./server.ts";

/** Handles that are open in an agent of ours whatever the user's code does. */
const OWN_RESOURCES: ReadonlySet<string> = new Set(["CloseReq", "MessagePort", "Immediate"]);

export const platform: Platform = serverPlatform({
  name: "node",
  terminateStopsSync: true,
  seesOpenHandles: true,
  stackSize: true,
  threadStacks: async (timeoutMs) => (await import("./node-stacks.ts")).threadStacks(timeoutMs),
  loopIsIdle: () => process.getActiveResourcesInfo().every((name) => OWN_RESOURCES.has(name)),
});
