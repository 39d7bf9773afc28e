/** Child processes that run a module of ours, and the messages to and from them. */
import type { WebURL } from "../../base/web-types.ts";
import type { ChildIdentity } from "./child-arguments.ts";
import type { Detour } from "./detour-address.ts";

/** How long a child that has got SIGTERM may live on before it gets SIGKILL, in milliseconds. */
export const TERM_MS = 1000;

/**
 * One end of the channel between a process and its child. Messages are plain data: objects and
 * arrays of primitive values and of `Uint8Array`s on ordinary memory. What else the
 * runtimes carry, they carry differently, and some values end the channel.
 */
export interface IpcChannel {
  send(message: unknown): void;
  ref(): void;
  unref(): void;
}

export interface IpcChild extends IpcChannel {
  readonly pid: number;
  /** Where it listens for a second lane, if it does: then both sides speak through a `Session`. */
  readonly detour?: Detour | undefined;
  /** What it prints, where that is a pipe; the chunks come in order, and the last one before the end. */
  readonly stdout: AsyncIterable<Uint8Array> | undefined;
  readonly stderr: AsyncIterable<Uint8Array> | undefined;
  /**
   * Writes to what it reads, where that is a pipe; undefined ends that. Calls back once, when the
   * system has the bytes, or with why it does not.
   */
  write?(chunk: Uint8Array | undefined, done: (error: string | undefined) => void): void;
  /** Sends it a signal, by name: `SIGKILL` ends it by force. Does nothing once it has ended. */
  kill(signal: string): void;
  /** Ends it: by SIGTERM and, if it lives a second later, by SIGKILL. */
  stop(): void;
  /** Has the thread that holds its lifeline do something with the words that it shares with the main thread, whatever that is doing. */
  ask(request: ControlRequest): void;
  /** The number of the signal that has ended it. */
  signalNumber(signal: string): number;
}

/** What the thread that holds a child's lifeline does: calls the {@link Controller}. */
export interface ControlRequest {
  readonly verb: "a" | "e" | "b";
  readonly number: number;
}

export interface ControlAnswer extends ControlRequest {
  readonly answer: string;
}

/** A function of some shared words, a verb and a number, which returns an answer. */
export interface Controller {
  readonly memory: SharedArrayBuffer;
  /** Its text: the thread loads no module. */
  readonly controller: string;
}

/** What a child reads: nothing, what this process would read, or a pipe. */
export type ChildInput = "ignore" | "inherit" | "pipe";

/** Where what a child prints goes: where this process prints, into a pipe, or nowhere. */
export type ChildOutput = "inherit" | "pipe" | "ignore";

/** How a child is started, where that is not as this process was. */
export interface IpcSettings {
  /** Who it is. */
  readonly identity: ChildIdentity;
  /** Whether the parent alone decides what Ctrl-C means, which the terminal sends to all processes of a program. */
  readonly ignoresInterrupts: boolean;
  /** Its working directory; undefined for ours. */
  readonly cwd?: string | undefined;
  /** Its whole environment; undefined for ours. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Flags of the runtime, in place of ours. */
  readonly execArgv?: readonly string[] | undefined;
  /** Default: nothing. What a child reads of this process's would be lost to it. */
  readonly stdin?: ChildInput | undefined;
  readonly stdout?: ChildOutput | undefined;
  readonly stderr?: ChildOutput | undefined;
  /** Whether it is to listen for a second lane (detour.ts), if that can be: see {@link IpcChild.detour}. */
  readonly mayChangeOver?: boolean | undefined;
}

export interface IpcEvents {
  /** Called back once, unless `failed` is, and before anything else. */
  started(child: IpcChild): void;
  /** The child could not be started; nothing follows. */
  failed(error: unknown): void;
  message(message: unknown): void;
  answer?(answer: ControlAnswer): void;
  /** It has ended, and what it had sent has been reported. Either may be unknown. */
  ended(exitCode: number | undefined, signal: string | undefined): void;
}

/** The parent, as a child sees it that was started so. Ends the child when the channel is closed. */
export interface IpcParent extends IpcChannel {
  onMessage(listener: (message: unknown) => void): void;
  /**
   * Makes sure that this process ends when its parent does, whatever its main thread is
   * doing by then. Another thread begins to watch some milliseconds after this has returned, also while
   * the main thread blocks; a parent that has ended by then ends the process as well. It answers
   * the parent's requests besides.
   */
  endWithParent(controller: Controller): void;
  /** Ends this process: with `code`, or with that which the user's code has set. Exit handlers run. */
  exit(code?: number): never;
}

/** What starts child processes. */
export interface ChildStarter {
  /**
   * Starts a child, which does not keep this agent alive. It ends with this agent at the latest. Of the
   * events `started` alone may come from within this call.
   */
  start(module: WebURL, settings: IpcSettings, events: IpcEvents): void;
}
