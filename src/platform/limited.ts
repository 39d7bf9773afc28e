/**
 * Runtimes as far as asyncio needs them: its core runs in any. What needs threads,
 * sockets or processes says that it is not there.
 */
import { UnsupportedError } from "../errors.ts";
import type { AmbientValue, AsyncScope, Platform } from "./platform.ts";
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

const nothing = (): void => undefined;
const never = (): boolean => false;

/** @param where The runtime in words, for errors. */
// oxlint-disable-next-line max-lines-per-function -- one object, and little in each of its parts
export function limitedPlatform(name: "browser" | "workerd", where: string): Platform {
  const unsupported = (what: string, capability: string) => (): never => {
    throw new UnsupportedError(`Cannot ${what}: not supported in ${where} yet`, {
      capability,
      runtime: name,
    });
  };
  const noThreads = unsupported("start a thread", "threads");
  const noFiles = unsupported("look into a module", "modules");
  return {
    name,
    isMainThread: true,
    isProgramThread: true,
    workerData: undefined,
    capabilities: {
      sharedMemory: false,
      block: false,
      terminateStopsSync: false,
      takesBesideListeners: false,
      stackSize: false,
      seesOpenHandles: false,
      asyncContext: false,
      sockets: false,
      processes: false,
    },

    // Not everywhere, whatever the declarations say.
    parallelism: () => (navigator as { hardwareConcurrency?: number }).hardwareConcurrency ?? 1,
    spawn: noThreads,
    workerText: undefined,
    exit: unsupported("end the program", "exit"),
    onExit: nothing,
    raise: unsupported("send a signal", "signals"),
    onSignal: unsupported("listen to a signal", "signals"),
    watchRun: () => nothing,
    onNothingLeft: () => nothing,
    threadStacks: async () => new Map(),
    isExiting: never,
    failExit: nothing,
    exitCodeIfUncaught: nothing,
    ignoreRejections: ignoreRejectionEvents,
    onFatalError: nothing,

    channel: noThreads,
    adoptPort: noThreads,
    serialize: noThreads,
    deserialize: noThreads,

    nextTurn,
    loopIsIdle: never,
    loopMayRunDry: never,
    listensForSignals: () => true,
    keepAlive: () => ({ hold: nothing, release: nothing }),
    backgroundTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(timer) };
    },
    ambientValue: () => new SynchronousValue(),
    asyncScope: () => plainScope,

    sockets: async () => unsupported("open a connection", "sockets")(),
    processes: async () => unsupported("start a program", "processes")(),
    ipc: async () => unsupported("start a process", "processes")(),

    entryUrl: () => undefined,
    requireModule: noFiles,
    parser: noFiles,
    resolveModule: noFiles,
    isBuiltinModule: never,
    readSource: () => undefined,
    stripTypes: (source) => source,
    sliceUrl: noFiles,
    compileSlice: () => undefined,
    importSlice: async () => noFiles(),
    prepareTypeScript: async () => noFiles(),

    errorStream: {
      isTerminal: false,
      columns: 80,
      // oxlint-disable-next-line no-console -- there is no other stream
      write: (text) => console.error(text.replace(/\n$/, "")),
    },
    writeOutputDirectly: nothing,
  };
}
