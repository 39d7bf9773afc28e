import type { Platform } from "./platform.ts";
import { serverPlatform } from "./server.ts";

export const platform: Platform = serverPlatform({
  name: "bun",
  terminateStopsSync: true,
  loopIsIdle: () => false, // Bun does not say which handles are open
});
