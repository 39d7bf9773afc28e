import type { Platform } from "./platform.ts";
import { serverPlatform } from "./server.ts";

export const platform: Platform = serverPlatform({
  name: "deno",
  capabilities: {
    terminateStopsSync: false,
    takesBesideListeners: false, // takes from several ports before it calls the first listener
    seesOpenHandles: false,
    stackSize: false,
  },
  loopIsIdle: () => false, // handles of Deno's own APIs cannot be counted
});
