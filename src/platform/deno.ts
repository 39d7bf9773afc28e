import { checkedSignal } from "./builtins.ts";
import { NO_RUNTIME } from "./process/child-arguments.ts";
import type { Server, ServerPlatform } from "./platform.ts";
import { ignoreRejectionEvents } from "./rejection-events.ts";
import { childrenWith, exitCodeIfUncaught, exitNow, serverPlatform } from "./server.ts";
import { denoSliceUrl, SLICES } from "./slice-loading.ts";

/** The part of Deno's own API that is used here. */
interface DenoGlobal {
  readonly build: { readonly standalone: boolean };
  readonly permissions: {
    querySync(permission: { readonly name: string }): {
      readonly state: string;
      readonly partial?: boolean;
    };
  };
}

const PERMISSIONS = ["read", "write", "net", "env", "run", "ffi", "sys", "import"];

/**
 * A child gets the permissions that this process has without any condition: which files or
 * hosts the others are for cannot be asked. `fork` would give it all.
 */
function childFlags(given: readonly string[] = []): string[] {
  const { build, permissions } = (globalThis as unknown as { Deno: DenoGlobal }).Deno;
  if (build.standalone) throw new Error(NO_RUNTIME);
  const granted = PERMISSIONS.filter((name) => {
    const { state, partial } = permissions.querySync({ name });
    return state === "granted" && partial !== true;
  });
  if (!granted.includes("run")) {
    throw new Error(
      "Deno must run with --allow-run, without a list of programs: a process that cannot end itself would outlive its parent",
    );
  }
  const widening = given.find((flag) => /^(?:-[AP]|--(?:allow|permission))/.test(flag));
  if (widening !== undefined) {
    throw new Error(`a child has the permissions of its parent, and ${widening} would change them`);
  }
  const flags = granted.map((name) => `--allow-${name}`);
  const allowed = granted.length < PERMISSIONS.length ? flags : ["--allow-all"];
  return ["run", "--no-prompt", ...allowed, ...given];
}

/** What shells expect of a program that Ctrl-C ends. */
const INTERRUPTED = 130;

/** Once a program has listened to a signal, Deno does nothing of its own for it any more. */
function raise(signal: string): void {
  process.kill(process.pid, checkedSignal(signal, "send a signal"));
  if (signal === "SIGINT" && process.listenerCount(signal) === 0) process.exit(INTERRUPTED);
}

// Deno loads its timers when the global is first read, and runs microtasks before it goes on: they
// would run in the middle of what reads it.
void globalThis.setTimeout;

export const platform: ServerPlatform = serverPlatform({
  name: "deno",
  recompile: (text) => SLICES.compileSlice(text, ""),
  capabilities: {
    terminateStopsSync: false,
    takesBesideListeners: false, // takes from several ports before it calls the first listener
    sendsListeningPorts: false,
    seesOpenHandles: false,
    stackSize: false,
  },
  children: () => childrenWith(childFlags),
  raise,
  sliceUrl: denoSliceUrl,
  exitCodeIfUncaught: (error, exitCode) => exitCodeIfUncaught(error, exitCode, exitNow),
  ignoreRejections: ignoreRejectionEvents,
  loopIsIdle: () => false, // handles of Deno's own APIs cannot be counted
});

export const server: Server = platform;
