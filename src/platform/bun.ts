import type { Server, ServerPlatform } from "./platform.ts";
import { modules, urls, v8 } from "./builtins.ts";
import { isIgnoredRejection } from "./rejections.ts";
import { serverPlatform } from "./server.ts";
import { bunSliceUrl } from "./slice-loading.ts";

/** The part of Bun's own API that is used here. */
interface BunGlobal {
  readonly Transpiler: new (options: object) => { transformSync(source: string): string };
}

function recompile(text: string): string | undefined {
  const { Transpiler } = (globalThis as unknown as { Bun: BunGlobal }).Bun;
  const options = { loader: "ts", target: "bun", inline: true, minify: { syntax: true } };
  try {
    return new Transpiler(options).transformSync(text);
  } catch {
    return undefined;
  }
}

/** A call at the end of a function takes the place of that function's own on the stack. */
function loadedModules(): readonly string[] {
  const { cache } = modules().createRequire(import.meta.url);
  // It has ES modules too.
  return Object.keys(cache).map((path) => {
    const [file = path, query] = path.split("?");
    const { href } = urls().pathToFileURL(file);
    return query === undefined ? href : `${href}?${query}`;
  });
}

/** Bun drops the query of a URL of a file, and keeps that of a path. */
function toImport(url: string): string {
  return /^file:.*\?/.test(url) ? urls().fileURLToPath(url) + new URL(url).search : url;
}

export const platform: ServerPlatform = serverPlatform({
  name: "bun",
  capabilities: {
    terminateStopsSync: true,
    takesBesideListeners: true,
    sendsListeningPorts: true,
    seesOpenHandles: false,
    stackSize: false,
  },
  loadedModules,
  toImport,
  recompile,
  sliceUrl: bunSliceUrl,
  compileSlice: (text) => text, // Bun compiles it when it loads it
  serialize(value) {
    const bytes = v8().serialize(value);
    // Bun lays them on memory that it says is shared.
    return bytes.buffer instanceof ArrayBuffer ? bytes : new Uint8Array(bytes);
  },
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

export const server: Server = platform;
