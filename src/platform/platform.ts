/**
 * What heddle needs of a runtime, and nothing more.
 *
 * One object per runtime implements this; `#platform` in package.json picks it.
 * Nothing outside this folder names a runtime or imports from one.
 */

import type { ChildStarter } from "./process/ipc.ts";
import type { Processes } from "./process/processes.ts";
import type { Sockets } from "./net/sockets.ts";
import type { WebURL } from "../base/web-types.ts";

/** One end of a message channel. Messages wait in it until it has a listener. */
export interface Port {
  postMessage(message: unknown, transfer?: readonly object[]): void;
  /** Calls back for each message from now on. */
  onMessage(listener: (message: unknown) => void): void;
  /** Calls back once, when the other end is closed or its agent has died, and all that it posted has come. */
  onClose(listener: () => void): void;
  /** Whether listening on this port keeps the agent alive. A new port does not. */
  ref(): void;
  unref(): void;
  close(): void;
  /** What to put into a message, and into its transfer list, to send the port itself. */
  readonly raw: object;
}

/** What a worker runs first: a file, or a text. */
export type WorkerCode = WebURL | { readonly text: string };

export interface SpawnOptions {
  readonly name: string;
  /** Readable as {@link Server.workerData} in the new worker. */
  readonly data: unknown;
  readonly transfer: readonly object[];
  /** Size of the worker's stack; undefined for the runtime's own. */
  readonly stackSizeBytes?: number | undefined;
}

/** A worker as its creator sees it. It never keeps the creator alive. */
export interface WorkerHandle {
  /** The runtime's number for the thread. */
  readonly threadId: number;
  /** Calls back with an error that nothing in the worker caught. */
  onError(listener: (error: unknown) => void): void;
  /** Calls back once, when the worker has ended. */
  onExit(listener: (exitCode: number) => void): void;
  /** Whether the worker keeps its creator alive. A new one does not. */
  ref(): void;
  unref(): void;
  /** Ends the worker. A thread that is blocked or loops may go on (see {@link Capabilities.terminateStopsSync}). */
  terminate(): Promise<void>;
}

/** A ref'd handle that holds the agent's event loop open between `hold` and `release`. */
export interface KeepAlive {
  hold(): void;
  release(): void;
}

/** A value that follows asynchronous code started inside `run`, where {@link Platform.asyncContext} says so. */
export interface AmbientValue<T> {
  run<R>(value: T, fn: () => R): R;
  get(): T | undefined;
}

/**
 * Where the calling code is in asynchronous code: what a program keeps in `AsyncLocalStorage`
 * there, and every {@link AmbientValue}.
 */
export interface AsyncScope {
  /** Calls a function in it. `self` is what `this` is in the function. */
  runInAsyncScope<T, A extends unknown[], R>(
    fn: (this: T, ...args: A) => R,
    self: T,
    ...args: A
  ): R;
}

export interface Capabilities {
  /** A SharedArrayBuffer can be posted to another agent. */
  readonly sharedMemory: boolean;
  /** This agent may block in `Atomics.wait`. */
  readonly block: boolean;
  /** `terminate()` also stops an agent that is blocked or in an endless loop. */
  readonly terminateStopsSync: boolean;
  /** {@link Server.takeMessage} finds every message that no listener has been called with. */
  readonly takesBesideListeners: boolean;
  /** A port that has a listener can be sent to another agent. */
  readonly sendsListeningPorts: boolean;
  /** {@link SpawnOptions.stackSizeBytes} is honoured. */
  readonly stackSize: boolean;
  /** {@link Server.loopIsIdle} can tell. */
  readonly seesOpenHandles: boolean;
  /** {@link Server.sockets} works. */
  readonly sockets: boolean;
  /** {@link Server.processes} works. */
  readonly processes: boolean;
}

export interface ErrorStream {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** A run of asyncio that goes on. */
export interface EndableRun {
  /** What it waits for, a line each. Read if it goes on for long after Ctrl-C. */
  inWords(): string;
  /** Ctrl-C was pressed. Absent in a run that is being closed because of it. */
  interrupt?(): void;
  /** Nothing will ever happen any more. */
  giveUp?(): void;
}

/** Packages that read texts, or find files. Each is loaded when it is first needed. */
export type Parser =
  | "acorn"
  | "es-module-lexer"
  | "@sveltejs/acorn-typescript"
  | "import-meta-resolve";

export interface LoadedScript {
  readonly url: string;
  readonly text: string;
}

/** A place in a script, of which lines and columns count from 1. */
export interface FunctionLocation {
  readonly line: number;
  readonly column: number;
  /** The script, which takes longer to find out: its URL, and the text that was loaded. */
  script(): LoadedScript | undefined;
}

/** What asyncio and contexts need of a runtime. */
export interface Platform {
  readonly name: "node" | "deno" | "bun" | "browser" | "workerd";
  /** Whether ambient values follow asynchronous code: {@link AmbientValue}. */
  readonly asyncContext: boolean;

  /** Runs `listener` when this agent ends for any reason but being terminated or out of memory. */
  onExit(listener: (exitCode: number) => void): void;
  /**
   * Runs `listener` for each of these signals that the program gets, in place of what it
   * would do otherwise. In the main thread only. Returns how to stop.
   *
   * @throws {TypeError} There is no such signal, or it cannot be listened to.
   */
  onSignal(signal: string, listener: () => void): () => void;
  /**
   * Keeps rejections that are not handled from ending the agent if `isIgnored` says so of their
   * reason. What becomes of all others, the runtime decides, or the program's own listeners.
   * To be called again before each that is to be ignored.
   */
  ignoreRejections(isIgnored: (reason: unknown) => boolean): void;

  /** Runs `callback` in a later turn of the event loop, after microtasks and due timers. */
  nextTurn(callback: () => void): void;
  ambientValue<T>(): AmbientValue<T>;
  /** The async scope of the calling code; one that just calls where {@link Platform.asyncContext} is false. */
  asyncScope(): AsyncScope;

  readonly errorStream: ErrorStream;
}

/**
 * What programs with threads and processes need besides, and runtimes without them refuse; among
 * that, how the modules of functions are found and loaded.
 */
export interface Server {
  readonly capabilities: Capabilities;
  readonly isMainThread: boolean;
  /** Whether this is the main thread of the program itself, and not of a child that heddle started. */
  readonly isProgramThread: boolean;
  /** What the creator of this worker gave it; undefined in the main thread. */
  readonly workerData: unknown;

  /** How many threads can run at once here: processors, less what the cgroup quota forbids. */
  parallelism(): number;
  spawn(code: WorkerCode, options: SpawnOptions): WorkerHandle;
  /** The text of the file that workers start with, where a bundler has put it into the program. */
  readonly workerText: string | undefined;
  /** Ends this worker at once; exit handlers run. */
  exit(code: number): never;
  /**
   * Sends the program a signal.
   *
   * @throws {TypeError} There is no such signal.
   */
  raise(signal: string): void;
  /** Has Ctrl-C, and that nothing is left to do, end a run. Returns how to say that it is over. */
  watchRun(run: EndableRun): () => void;
  /**
   * Runs `listener` when nothing is left for the agent to do, before it ends; if the listener
   * opens something, the agent goes on. Not where the runtime cannot tell. Returns how to stop.
   */
  onNothingLeft(listener: () => void): () => void;
  /**
   * Resolves with the stacks of other threads by their {@link WorkerHandle.threadId}, frames one
   * a line: of all that can be asked, and answer within `timeoutMs`.
   */
  threadStacks(timeoutMs: number): Promise<ReadonlyMap<number, string>>;
  /** Whether this agent is running its exit handlers: no worker that it starts could run anything any more. */
  isExiting(): boolean;
  /** Makes the program's exit code 1 unless it has one. For use in an exit handler. */
  failExit(): void;
  /** Has the program end with that exit code if nothing catches the error. */
  exitCodeIfUncaught(error: object, exitCode: number): void;
  /** Runs `listener` for an error that nothing caught, just before the agent ends of it. */
  onFatalError(listener: (error: unknown) => void): void;

  channel(): { readonly port1: Port; readonly port2: Port };
  /** Wraps a port that arrived in a message or in `workerData`. */
  adoptPort(raw: unknown): Port;
  /**
   * Takes the next waiting message, or returns undefined, without a turn of the event loop:
   * for an agent that blocks. Absent where the runtime cannot.
   */
  takeMessage?(port: Port): { readonly message: unknown } | undefined;

  /**
   * Writes a value as bytes, from which {@link Server.deserialize} makes a copy in any agent,
   * as structured clone would. Throws for what structured clone refuses, and for
   * ports and streams; may make an ordinary copy of shared memory.
   */
  serialize(value: unknown): Uint8Array;
  deserialize(bytes: Uint8Array): unknown;

  /**
   * Whether nothing is left for the event loop to wait for, so that blocking
   * this agent does not delay a timer or socket. False where the runtime cannot tell.
   */
  loopIsIdle(): boolean;
  /** Whether the loop may run dry once {@link KeepAlive} is released; true where the runtime cannot tell. */
  loopMayRunDry(): boolean;
  /** Whether the user's code waits for signals, which keeps no program alive. */
  listensForSignals(): boolean;
  keepAlive(): KeepAlive;
  /** Calls back once after `delayMs` milliseconds, without keeping the agent alive for it. */
  backgroundTimer(callback: () => void, delayMs: number): { cancel(): void };

  /** Connections and servers. Loads what it needs when first called. */
  sockets(): Promise<Sockets>;
  /** Child processes. Loads what it needs when first called. */
  processes(): Promise<Processes>;
  /** Child processes that run a module, and messages to them. Loads what it needs when first called, from a file. */
  children(): ChildStarter;

  /** The URL of the module that the program was started with, when there is one. */
  entryUrl(): string | undefined;
  /**
   * Loads a module synchronously, as `require` in the module `from` would, and
   * returns its namespace, the very one that `import` gives. Throws where that
   * cannot be: the module awaits at its top level, or is being evaluated now.
   */
  requireModule(from: string, specifier: string): Record<string, unknown>;
  /** Loads one of heddle's own files synchronously. Of it, and of what it imports, tsx makes a second copy. */
  loadOwnFile(url: WebURL): Record<string, unknown>;
  /** Loads a parser when it is first needed. Most programs need none. */
  parser(name: Parser): object;
  /**
   * Resolves a specifier as the module `from` would; throws when it cannot.
   *
   * @param isImport Whether it stands in an `import`, and not in a call of `require`: packages
   *   may have another file for each.
   */
  resolveModule(from: string, specifier: string, isImport: boolean): string;
  /** Whether a specifier names a module of the runtime's own. */
  isBuiltinModule(specifier: string): boolean;
  /** The source text of a module, or undefined when it cannot be read. */
  readSource(url: string): string | undefined;
  /** The URLs of the modules that are loaded, where the runtime loses some of those on the stack. */
  loadedModules?(): readonly string[];
  /** Where the engine says that a function stands, where it can be asked. */
  functionLocation?(fn: Function): FunctionLocation | undefined;
  /** What to import in the place of a module's URL. Default: that. */
  toImport?(url: string): string;
  /** Whether the file of the module has changed since the program started. */
  hasChanged?(url: string): boolean;
  /** Makes JavaScript of TypeScript, keeping positions; returns the text as it is where that cannot be. */
  stripTypes(source: string, url: string): string;
  /** Compiles a module as the runtime does before it runs one, if functions then have other texts. */
  recompile?(text: string): string | undefined;
  /** The URL of a part of the module at `url`, which no file has. */
  sliceUrl(url: string, id: string): string;
  /** Makes of TypeScript what {@link Server.importSlice} takes; undefined where that cannot be. */
  compileSlice(text: string, url: string): string | undefined;
  /** Imports a module by its text. `texts` has it, and those that it imports by such URLs. */
  importSlice(
    url: string,
    texts: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown>>;
  /** Prepares this worker to import TypeScript modules; throws when this runtime cannot. */
  prepareTypeScript(): Promise<void>;

  /** Worker: makes what it prints appear at once and whole, also while its creator blocks. */
  writeOutputDirectly(): void;
}

/** Both, as one object. */
export type ServerPlatform = Platform & Server;
