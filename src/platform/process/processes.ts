/** Programs that run as children of this process. */
import type { ByteStream } from "../net/byte-stream.ts";

/** What a child's standard stream is: a pipe to us, our own, nothing, or an open file's descriptor. */
export type ChildStdio = "pipe" | "inherit" | "ignore" | number;

export interface ChildSettings {
  readonly stdin: ChildStdio;
  readonly stdout: ChildStdio;
  /** `stdout`: the same as standard output, so that the two keep their order. */
  readonly stderr: ChildStdio | "stdout";
  readonly cwd: string | undefined;
  /** The whole environment of the child; undefined for ours. */
  readonly env: Readonly<Record<string, string>> | undefined;
  /** Makes the child the leader of a session and group of its own. */
  readonly newSession: boolean;
}

/** What to run: a program with its arguments, or a line for the system's shell. */
export type Command =
  | { readonly kind: "program"; readonly program: string; readonly args: readonly string[] }
  | { readonly kind: "line"; readonly line: string };

export interface ChildEvents {
  /** Called back once, unless `failed` is. */
  started(child: Child): void;
  /** The program could not be started. */
  failed(error: unknown): void;
  /** It has ended: with an exit code, or by the signal of which the number comes negated. */
  exited(returnCode: number): void;
}

export interface Child {
  readonly pid: number;
  /** Undefined where it is not a pipe. */
  readonly stdin: ByteStream | undefined;
  readonly stdout: ByteStream | undefined;
  readonly stderr: ByteStream | undefined;
  /**
   * Sends the child a signal, by its name or number. Does nothing once it has ended.
   *
   * @throws {TypeError} There is no such signal.
   */
  kill(signal: string | number): void;
}

export interface Processes {
  /** @returns A function that gives the start up, killing what may have started; nothing is called back after it. */
  spawn(command: Command, settings: ChildSettings, events: ChildEvents): () => void;
}
