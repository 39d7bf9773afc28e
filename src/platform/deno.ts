import type { Platform } from "./platform.ts";
import { serverPlatform } from "./server.ts";

export const platform: Platform = serverPlatform({
  name: "deno",
  terminateStopsSync: false,
  seesOpenHandles: false,
  stackSize: false,
  loopIsIdle: () => false, // handles of Deno's own APIs cannot be counted
});
