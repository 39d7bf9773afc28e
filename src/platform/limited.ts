/**
 * Runtimes as far as asyncio needs them: its core runs in any. What needs threads,
 * sockets or processes says that it is not there.
 */
import { UnsupportedError } from "../errors.ts";
import type { AmbientValue, AsyncScope, Platform, Server } from "./platform.ts";
import { ignoreRejectionEvents } from "./rejection-events.ts";

/** A value that is there until `run` returns: nothing here follows asynchronous code. */
class SynchronousValue<T> implements AmbientValue<T> {
  #value: T | undefined;

  run<R>(value: T, fn: () => R): R {
    const outer = this.#value;
    this.#value = value;
    try {
      return fn();
    } finally {
      this.#value = outer;
    }
  }

  get(): T | undefined {
    return this.#value;
  }
}

const plainScope: AsyncScope = {
  runInAsyncScope: (fn, self, ...args) => fn.apply(self, args),
};

let turns: { readonly port2: { postMessage(message: unknown): void } } | undefined;
const waiting: (() => void)[] = [];

/** A timer would take four milliseconds. */
function nextTurn(callback: () => void): void {
  if (turns === undefined) {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => waiting.shift()?.());
    port1.start();
    turns = { port2 };
  }
  waiting.push(callback);
  turns.port2.postMessage(undefined);
}

const nothing = (): undefined => undefined;
const never = (): boolean => false;

type Name = "browser" | "workerd";

type ModulesOfServer = Pick<
  Server,
  | "entryUrl"
  | "requireModule"
  | "loadOwnFile"
  | "parser"
  | "resolveModule"
  | "isBuiltinModule"
  | "readSource"
  | "stripTypes"
  | "sliceUrl"
  | "compileSlice"
  | "importSlice"
  | "prepareTypeScript"
>;

/** @param where The runtime in words, for errors. */
export function limitedPlatform(name: Name, where: string): Platform {
  return {
    name,
    asyncContext: false,

    onExit: nothing,
    onSignal: unsupported("listen to a signal", "signals", name, where),
    ignoreRejections: ignoreRejectionEvents,

    nextTurn,
    ambientValue: () => new SynchronousValue(),
    asyncScope: () => plainScope,

    errorStream: {
      isTerminal: false,
      columns: 80,
      // oxlint-disable-next-line no-console -- there is no other stream
      write: (text) => console.error(text.replace(/\n$/, "")),
    },
  };
}

/** Says of everything that it is not there. A bundle that needs none of it has none. */
export function limitedServer(name: Name, where: string): Server {
  const missing = (what: string, capability: string): (() => never) =>
    unsupported(what, capability, name, where);
  const noThreads = missing("start a thread", "threads");
  return {
    isMainThread: true,
    isProgramThread: true,
    workerData: undefined,
    capabilities: {
      sharedMemory: false,
      block: false,
      terminateStopsSync: false,
      takesBesideListeners: false,
      sendsListeningPorts: true,
      stackSize: false,
      seesOpenHandles: false,
      sockets: false,
      processes: false,
    },

    // Not everywhere, whatever the declarations say.
    parallelism: () => (navigator as { hardwareConcurrency?: number }).hardwareConcurrency ?? 1,
    spawn: noThreads,
    workerText: undefined,
    exit: missing("end the program", "exit"),
    raise: missing("send a signal", "signals"),
    watchRun: () => nothing,
    onNothingLeft: () => nothing,
    threadStacks: async () => new Map(),
    isExiting: never,
    failExit: nothing,
    exitCodeIfUncaught: nothing,
    onFatalError: nothing,

    channel: noThreads,
    adoptPort: noThreads,
    serialize: noThreads,
    deserialize: noThreads,

    loopIsIdle: never,
    loopMayRunDry: never,
    listensForSignals: () => true,
    keepAlive: () => ({ hold: nothing, release: nothing }),
    backgroundTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },

    sockets: async () => missing("open a connection", "sockets")(),
    processes: async () => missing("start a program", "processes")(),
    children: missing("start a process", "processes"),

    ...withoutModules(missing("look into a module", "modules")),

    writeOutputDirectly: nothing,
  };
}

/** How modules are looked into, which have no files. */
function withoutModules(noFiles: () => never): ModulesOfServer {
  return {
    entryUrl: nothing,
    requireModule: noFiles,
    loadOwnFile: noFiles,
    parser: noFiles,
    resolveModule: noFiles,
    isBuiltinModule: never,
    readSource: nothing,
    stripTypes: (source) => source,
    sliceUrl: noFiles,
    compileSlice: nothing,
    importSlice: noFiles,
    prepareTypeScript: noFiles,
  };
}

function unsupported(what: string, capability: string, runtime: Name, where: string) {
  return (): never => {
    throw new UnsupportedError(`Cannot ${what}: not supported in ${where} yet`, {
      capability,
      runtime,
    });
  };
}
