/**
 * What Node, Deno and Bun share: all three implement `node:worker_threads` and
 * its neighbours. Each runtime's own file says only where it differs.
 */
import { errorText } from "../base/text.ts";
import type * as AsyncHooks from "node:async_hooks";
import type { MessagePort, TransferListItem, Worker, WorkerOptions } from "node:worker_threads";
import { deserialize, serialize } from "./value-bytes.ts";
import { bare } from "../base/options.ts";
import { ownFile } from "../base/own-files.ts";
import { asyncHooks, checkedSignal, fs, os, timers, workerThreads } from "./builtins.ts";
import { childArguments, NO_RUNTIME } from "./process/child-arguments.ts";
import type { ChildStarter } from "./process/ipc.ts";
import type * as NodeChildren from "./process/node-children.ts";
import { writeOutputDirectly } from "./direct-output.ts";
import { ignoreRejections } from "./rejections.ts";
import { checkRelease } from "./release.ts";
import { RunEndings } from "./run-endings.ts";
import {
  entryUrl,
  evaluatedText,
  prepareTypeScript,
  hasChanged,
  readSource,
  loadOwnFile,
  requireModule,
  resolveModule,
  shareEntryUrl,
  stripTypes,
} from "./module-loading.ts";
import { SLICES } from "./slice-loading.ts";
import type {
  AmbientValue,
  AsyncScope,
  Capabilities,
  ErrorStream,
  KeepAlive,
  Platform,
  ServerPlatform,
  Port,
  SpawnOptions,
  WorkerCode,
  WorkerHandle,
} from "./platform.ts";

// As they are when heddle is imported: a user's tests may replace the global ones, which Deno's differ from.
const { clearTimeout, setImmediate, setInterval, setTimeout } = timers();

/** The longest delay a timer takes. A keep-alive timer never fires within a program's life. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

class MessagePortAdapter implements Port {
  readonly raw: MessagePort;

  constructor(raw: MessagePort) {
    this.raw = raw;
    raw.unref();
  }

  postMessage(message: unknown, transfer?: readonly object[]): void {
    if (transfer === undefined || transfer.length === 0) this.raw.postMessage(message);
    else this.raw.postMessage(message, transfer as unknown as TransferListItem[]);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.raw.on("message", listener);
    this.raw.unref();
  }

  onClose(listener: () => void): void {
    this.raw.once("close", listener);
  }

  ref(): void {
    this.raw.ref();
  }

  unref(): void {
    this.raw.unref();
  }

  close(): void {
    this.raw.close();
  }
}

class ThreadHandle implements WorkerHandle {
  readonly #worker: Worker;

  constructor(code: WorkerCode, options: SpawnOptions) {
    shareEntryUrl();
    const { name, data, transfer, stackSizeBytes } = options;
    const settings: WorkerOptions = bare({
      name,
      workerData: data,
      ...inheritedFlags(),
      // What a module's top level reads of the command line is read in workers too.
      argv: process.argv.slice(evaluatedText() === undefined ? 2 : 1),
      transferList: transfer as unknown as TransferListItem[],
    });
    if (stackSizeBytes !== undefined) {
      settings.resourceLimits = bare({ stackSizeMb: stackSizeBytes / 2 ** 20 });
    }
    const { Worker: Thread } = workerThreads();
    this.#worker =
      code instanceof URL
        ? new Thread(code, settings)
        : new Thread(code.text, { ...settings, eval: true });
    this.#worker.unref();
  }

  get threadId(): number {
    return this.#worker.threadId;
  }

  onError(listener: (error: unknown) => void): void {
    this.#worker.on("error", listener);
  }

  onExit(listener: (exitCode: number) => void): void {
    this.#worker.once("exit", listener);
  }

  ref(): void {
    this.#worker.ref();
  }

  unref(): void {
    this.#worker.unref();
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Flags that say how the program's own text is given: a worker's module is a file, and refuses them. */
const ENTRY_FLAGS = /^(--input-type\b|-e$|--eval\b|-p$|-pe$|--print\b)/;

/** Flags that are meant for the program's first process alone. */
const PARENT_FLAGS = /^(--inspect\b|--test\b|--watch\b|--interactive\b|-i$|--check\b|-c$)/;

/** The program's flags for a worker, where they differ from what it would inherit. */
function inheritedFlags(): { execArgv?: string[] } {
  const { execArgv } = process;
  if (!execArgv.some((flag) => ENTRY_FLAGS.test(flag))) return {};
  return { execArgv: execArgv.filter((flag) => flag.startsWith("-") && !ENTRY_FLAGS.test(flag)) };
}

/** Flags for a child process, our own by default: it is not debugged, nor does it look for tests or run a prompt. */
function inheritedByChildren(given: readonly string[] = process.execArgv): string[] {
  // Bun's executables have their modules in a file system of their own; in Node's, the executable is the module.
  const started = process.argv[1] ?? "";
  if (started === process.execPath || /^(?:\/\$bunfs\/|[A-Z]:[\\/]~BUN)/.test(started)) {
    throw new Error(NO_RUNTIME);
  }
  const flags: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const flag = given[i] as string;
    if (!ENTRY_FLAGS.test(flag) && !PARENT_FLAGS.test(flag)) flags.push(flag);
    // The text, or another value, that stands by itself goes with its flag.
    else if (!flag.includes("=") && given[i + 1]?.startsWith("-") === false) i++;
  }
  return flags;
}

class TimerKeepAlive implements KeepAlive {
  #timer: NodeJS.Timeout | undefined;

  hold(): void {
    if (this.#timer === undefined) this.#timer = setInterval(() => {}, LONGEST_DELAY_MS);
    else this.#timer.ref();
  }

  release(): void {
    this.#timer?.unref();
  }
}

class AsyncLocalValue<T> implements AmbientValue<T> {
  readonly #storage: AsyncHooks.AsyncLocalStorage<T> = new (asyncHooks().AsyncLocalStorage)();

  run<R>(value: T, fn: () => R): R {
    return this.#storage.run(value, fn);
  }

  get(): T | undefined {
    return this.#storage.getStore();
  }
}

let hooks: typeof AsyncHooks | undefined;

/**
 * On Node, `AsyncLocalStorage.snapshot()` takes 30 to 200 times as long. The number is what Node
 * takes by default; to have it asked for the default takes as long as all the rest.
 */
function asyncScope(): AsyncScope {
  hooks ??= asyncHooks();
  return new hooks.AsyncResource("heddle", hooks.executionAsyncId());
}

/** Listeners that only end what goes on already. */
const endingListeners = /* @__PURE__ */ new WeakSet<Function>();

function listensForSignals(): boolean {
  const isForProgram = (listener: Function): boolean => !endingListeners.has(listener);
  return process
    .eventNames()
    .some(
      (name) =>
        String(name).startsWith("SIG") && process.listeners(name as "SIGINT").some(isForProgram),
    );
}

function failExit(): void {
  process.exitCode ||= 1;
}

/** Exit codes of programs that end of an error. */
let exitCodes: WeakMap<object, number> | undefined;

export function exitCodeIfUncaught(
  error: object,
  exitCode: number,
  end: (exitCode: number, error: Error) => void = setExitCode,
): void {
  if (exitCodes === undefined) {
    const codes = (exitCodes = new WeakMap<object, number>());
    process.on("uncaughtExceptionMonitor", (uncaught) => {
      const code = codes.get(uncaught);
      if (code !== undefined) end(code, uncaught);
    });
  }
  exitCodes.set(error, exitCode);
}

/** The runtime prints the error and makes the exit code 1, before exit handlers run. */
function setExitCode(exitCode: number): void {
  process.prependOnceListener("exit", () => void (process.exitCode = exitCode));
}

/** The same where exit handlers do not run for errors. */
export function exitNow(exitCode: number, error: Error): void {
  errorStream.write(`error: Uncaught ${errorText(error)}\n`);
  process.exit(exitCode);
}

function raise(signal: string): void {
  process.kill(process.pid, checkedSignal(signal, "send a signal"));
}

function backgroundTimer(callback: () => void, delayMs: number): { cancel(): void } {
  const timer = setTimeout(callback, delayMs).unref();
  return { cancel: () => clearTimeout(timer) };
}

/** Signals that end or stop a program whatever it does. */
const UNSTOPPABLE: ReadonlySet<string> = new Set(["SIGKILL", "SIGSTOP"]);

function onSignal(signal: string, listener: () => void): () => void {
  checkedSignal(signal, "listen to a signal");
  if (UNSTOPPABLE.has(signal))
    throw new TypeError(`Cannot listen to a signal: "${signal}" cannot be caught`);
  process.on(signal, listener);
  return () => void process.off(signal, listener);
}

/** Listens to Ctrl-C for runs, in the main thread, unless the program does. */
function onInterrupt(listener: () => void): (() => void) | undefined {
  if (!workerThreads().isMainThread || process.listenerCount("SIGINT") > 0) return undefined;
  endingListeners.add(listener);
  return onSignal("SIGINT", listener);
}

function onNothingLeft(listener: () => void): () => void {
  process.once("beforeExit", listener);
  return () => void process.off("beforeExit", listener);
}

let exiting: boolean | undefined;

function isExiting(): boolean {
  if (exiting === undefined) {
    exiting = false;
    process.prependOnceListener("exit", () => (exiting = true));
  }
  return exiting;
}

let programThread: boolean | undefined;

/** Asked for each call that is submitted. */
function isProgramThread(): boolean {
  return (programThread ??= workerThreads().isMainThread && childArguments() === undefined);
}

let processors: number | undefined;

/** Asked once: the answer does not change, and is in a file. */
function parallelism(): number {
  return (processors ??= Math.max(1, Math.min(os().availableParallelism(), cgroupQuota())));
}

/** Processors that the control group grants, or Infinity where none says. */
function cgroupQuota(): number {
  try {
    const [quota, period] = fs().readFileSync("/sys/fs/cgroup/cpu.max", "utf8").split(" ");
    if (quota === undefined || quota === "max") return Infinity;
    return Math.max(1, Math.floor(Number(quota) / Number(period)));
  } catch {
    return Infinity; // no control groups here, or none that may be read
  }
}

const errorStream: ErrorStream = {
  get isTerminal() {
    return process.stderr.isTTY;
  },
  get columns() {
    return process.stderr.columns ?? 80;
  },
  write: (text) => void process.stderr.write(text),
};

const CAPABILITIES = {
  sharedMemory: true,
  block: true,
  sockets: true,
  processes: true,
};

/**
 * Child processes that get such flags. The file is loaded synchronously, so that a pool's first process
 * starts before its function is looked for. Bundles, which have left it behind, start none.
 */
export function childrenWith(flags: NodeChildren.ChildFlags): ChildStarter {
  const file = loadOwnFile(ownFile("platform/process/node-children.js") as URL);
  return (file as unknown as typeof NodeChildren).nodeChildren(flags, entryUrl);
}

const LOADED_WHEN_NEEDED: Pick<ServerPlatform, "sockets" | "processes" | "children"> = {
  sockets: async () => (await import("./net/node-sockets.ts")).sockets,
  processes: async () => (await import("./process/node-processes.ts")).processes,
  children: () => childrenWith(inheritedByChildren),
};

/** The capabilities in which Node, Deno and Bun differ. */
type OwnCapabilities = Omit<Capabilities, keyof typeof CAPABILITIES>;

type OwnParts = Pick<ServerPlatform, "name" | "loopIsIdle"> &
  Partial<Omit<ServerPlatform, "capabilities">> & { readonly capabilities: OwnCapabilities };

/** @throws {UnsupportedError} The runtime is too old. */
function startThread(
  runtime: Platform["name"],
  code: WorkerCode,
  options: SpawnOptions,
): ThreadHandle {
  checkRelease(runtime as "node" | "deno" | "bun");
  return new ThreadHandle(code, options);
}

/** The parts of {@link ServerPlatform} that are the same on Node, Deno and Bun. */
// oxlint-disable-next-line max-lines-per-function -- one object, and little in each of its parts
export function serverPlatform({ capabilities, ...own }: OwnParts): ServerPlatform {
  let endings: RunEndings | undefined;
  const platform: ServerPlatform = {
    get isMainThread() {
      return workerThreads().isMainThread;
    },
    get isProgramThread() {
      return isProgramThread();
    },
    get workerData() {
      const { isMainThread, workerData } = workerThreads();
      return isMainThread ? undefined : workerData;
    },
    asyncContext: true,
    capabilities: { ...CAPABILITIES, ...capabilities },

    parallelism,
    spawn: (code, options) => startThread(own.name, code, options),
    workerText: undefined,
    exit: (code) => process.exit(code),
    onExit: (listener) => void process.prependOnceListener("exit", listener),
    raise,
    onSignal,
    watchRun: (run) => (endings ??= new RunEndings(platform, onInterrupt)).add(run),
    onNothingLeft,
    isExiting,
    failExit,
    exitCodeIfUncaught,
    ignoreRejections,
    onFatalError: (listener) => void process.once("uncaughtExceptionMonitor", listener),

    channel: () => {
      const { port1, port2 } = new (workerThreads().MessageChannel)();
      return { port1: new MessagePortAdapter(port1), port2: new MessagePortAdapter(port2) };
    },
    adoptPort: (raw) => new MessagePortAdapter(raw as MessagePort),
    takeMessage: (port) => workerThreads().receiveMessageOnPort(port.raw as unknown as MessagePort),

    serialize,
    deserialize,

    loopMayRunDry: () => true,
    listensForSignals,
    nextTurn: (callback) => void setImmediate(callback),
    keepAlive: () => new TimerKeepAlive(),
    backgroundTimer,
    ambientValue: () => new AsyncLocalValue(),
    asyncScope,

    ...LOADED_WHEN_NEEDED,
    entryUrl,
    requireModule,
    loadOwnFile,
    parser: (name) => requireModule(import.meta.url, name),
    resolveModule,
    isBuiltinModule: (specifier) => specifier.startsWith("node:"),
    readSource,
    hasChanged,
    stripTypes,
    ...SLICES,
    prepareTypeScript,

    errorStream,
    writeOutputDirectly,
    threadStacks: async () => new Map(),
    ...own,
  };
  return platform;
}
