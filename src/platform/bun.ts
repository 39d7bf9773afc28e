import type { Platform } from "./platform.ts";
import { v8 } from "./builtins.ts";
import { isIgnoredRejection } from "./rejections.ts";
import { serverPlatform } from "./server.ts";

export const platform: Platform = serverPlatform({
  name: "bun",
  capabilities: {
    terminateStopsSync: true,
    takesBesideListeners: true,
    seesOpenHandles: false,
    stackSize: false,
  },
  serialize: (value) => v8().serialize(value),
  deserialize: (bytes) => v8().deserialize(bytes) as unknown,
  loopIsIdle: () => false, // Bun does not say which handles are open
  onFatalError: (listener) => {
    process.once("uncaughtExceptionMonitor", listener);
    // Bun ends a worker for an unhandled rejection without telling the monitor.
    process.on("unhandledRejection", (error) => {
      if (isIgnoredRejection(error)) return;
      listener(error);
      process.exit(1);
    });
  },
});
