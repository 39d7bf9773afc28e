import type { Platform } from "./platform.ts";
import { v8 } from "./builtins.ts";
import { isIgnoredRejection } from "./rejections.ts";
import { serverPlatform } from "./server.ts";

/** The part of Bun's own API that is used here. */
interface BunGlobal {
  readonly Transpiler: new (options: { loader: "ts" | "tsx" }) => {
    transformSync(source: string): string;
  };
}

/** Bun has no type stripping that keeps positions: its transpiler's output is good for looking into. */
function stripTypes(source: string, url: string): string {
  if (!/\.[mc]?tsx?(?:[?#]|$)/.test(url)) return source;
  const { Transpiler } = (globalThis as unknown as { Bun: BunGlobal }).Bun;
  try {
    return new Transpiler({ loader: /x(?:[?#]|$)/.test(url) ? "tsx" : "ts" }).transformSync(source);
  } catch {
    return source; // syntax that Bun itself refuses
  }
}

export const platform: Platform = serverPlatform({
  name: "bun",
  capabilities: {
    terminateStopsSync: true,
    takesBesideListeners: true,
    seesOpenHandles: false,
    stackSize: false,
  },
  stripTypes,
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
