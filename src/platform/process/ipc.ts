/** Child processes that run a module of ours, and the messages to and from them. */
import type { WebURL } from "../../base/web-types.ts";

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
  /** Ends the child by force. Does nothing once it has ended. */
  kill(): void;
}

export interface IpcEvents {
  /** Called back once, unless `failed` is, and before anything else. */
  started(child: IpcChild): void;
  /** The child could not be started; nothing follows. */
  failed(error: unknown): void;
  message(message: unknown): void;
  /** It has ended, and what it had sent has been reported. Either may be unknown. */
  ended(exitCode: number | undefined, signal: string | undefined): void;
}

/** The parent, as its child sees it. Ends the child when the channel is closed. */
export interface IpcParent extends IpcChannel {
  onMessage(listener: (message: unknown) => void): void;
  /**
   * Makes sure that this process ends when its parent does, whatever its main thread is
   * doing by then. Resolves once that holds.
   */
  endWithParent(): Promise<void>;
}

export interface Ipc {
  /** Starts a child, which does not keep this agent alive. It ends with this agent at the latest. */
  start(module: WebURL, events: IpcEvents): void;
  /** In a child that was started so. */
  parent(): IpcParent;
}
