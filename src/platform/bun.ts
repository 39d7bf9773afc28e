import process from "node:process";
import type { Platform } from "./platform.ts";
import { serverPlatform } from "./server.ts";

export const platform: Platform = serverPlatform({
  name: "bun",
  terminateStopsSync: true,
  loopIsIdle: () => false, // Bun does not say which handles are open
  onFatalError: (listener) => {
    process.once("uncaughtExceptionMonitor", listener);
    // Bun ends a worker for an unhandled rejection without telling the monitor.
    process.once("unhandledRejection", (error) => {
      listener(error);
      process.exit(1);
    });
  },
});
