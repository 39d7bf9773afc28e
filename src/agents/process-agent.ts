/**
 * One child process as its creator sees it: started, watched, stopped.
 *
 * It starts in its own time. Until it says that it is ready, what is posted to it waits
 * here. Its death is noticed by the runtime's events alone, which need the creator's event loop.
 */
import type { WebURL } from "../base/web-types.ts";
import type { Port } from "../platform/platform.ts";
import type { Ipc, IpcChild, IpcSettings } from "../platform/process/ipc.ts";
import { RELEASE } from "../base/release.ts";
import type { Greeting } from "../wire/protocol.ts";
import { type Agent, describeUncaught } from "./agent.ts";

/** What a child says when it listens. The first message that it receives is a {@link ChildInit}. */
export interface ReadyMessage {
  readonly kind: "ready";
}

/** The last thing that a child says which ends of an error that nothing caught. */
export interface FatalMessage {
  readonly kind: "fatal";
  readonly thrown: unknown;
}

/** What a child says that another release of heddle has started; the same in all releases. */
export interface RefusedMessage {
  readonly kind: "refused";
  /** The end of a sentence. */
  readonly why: string;
}

export interface ChildInit extends Greeting {
  readonly payload: unknown;
}

/** What is for the agent itself, and not for its pool. */
type OwnMessage = ReadyMessage | FatalMessage | RefusedMessage;

export interface ProcessAgentOptions {
  readonly name: string;
  /** Module that the child runs first. */
  readonly entry: WebURL;
  readonly payload: unknown;
  readonly settings: IpcSettings;
  /** What starts it. Default: this agent or, if that is a thread, what keeps the children of threads. */
  readonly starter?: Pick<Ipc, "start"> | undefined;
  /** Makes an error of what a {@link FatalMessage} says. */
  readonly readThrown: (thrown: unknown) => unknown;
  /** Called once, when it has died or ended. */
  readonly onDeath: () => void;
}

/** The exit code of a process that ends of an error that nothing caught. */
const UNCAUGHT = 1;

export class ProcessAgent implements Agent {
  readonly name: string;
  readonly title: string;
  readonly port: Port;
  readonly ended: Promise<void>;
  readonly #options: ProcessAgentOptions;
  /** Resolves when it has started, or could not be. */
  readonly #begun: Promise<void>;
  readonly #resolveBegun: () => void;
  readonly #resolveEnded: () => void;
  /** Signals for it that were sent before it started. */
  readonly #signals: string[] = [];
  readonly #listeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #child: IpcChild | undefined;
  /** What it has not been sent; undefined once it listens. */
  #waiting: unknown[] | undefined;
  #isRetired = false;
  #wasTerminated = false;
  #hasEnded = false;
  #isReferenced = false;
  #exitCode: number | undefined;
  #signal: string | undefined;
  #fatal: FatalMessage | undefined;
  #refusal: string | undefined;
  /** Why it could not be started. */
  #failure: Error | undefined;

  constructor(options: ProcessAgentOptions) {
    this.#options = options;
    this.name = options.name;
    this.title = `process "${options.name}"`;
    const init: ChildInit = { protocol: RELEASE, payload: options.payload };
    this.#waiting = [init];
    this.port = this.#makePort();
    let resolveBegun!: () => void;
    this.#begun = new Promise((resolve) => (resolveBegun = resolve));
    this.#resolveBegun = resolveBegun;
    let resolveEnded!: () => void;
    this.ended = new Promise((resolve) => (resolveEnded = resolve));
    this.#resolveEnded = resolveEnded;
    if (options.starter === undefined) void this.#start();
    else this.#startBy(options.starter);
  }

  /** Why it could not be started. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Undefined until it has started. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The signal that ended it. */
  get signal(): string | undefined {
    return this.#signal;
  }

  get isDead(): boolean {
    return this.#hasEnded || this.#isRetired || this.#wasTerminated;
  }

  /** Whether it has really ended, and what it had sent has come. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  deathCause(): unknown {
    if (this.#failure !== undefined) return this.#failure;
    // A program that goes on after such an error may end otherwise later.
    if (this.#fatal === undefined || this.#exitCode !== UNCAUGHT) return undefined;
    return this.#options.readThrown(this.#fatal.thrown);
  }

  describeDeath(): string {
    if (this.#failure !== undefined) {
      return `it could not be started: ${this.#failure.message}`;
    }
    if (this.#refusal !== undefined) return this.#refusal;
    const cause = this.deathCause();
    if (cause !== undefined) return describeUncaught(cause);
    if (this.#signal === "SIGABRT") return "it aborted (SIGABRT), as when it runs out of memory";
    if (this.#signal !== undefined) return `it was killed by ${this.#signal}`;
    return this.#exitCode === undefined
      ? "it was terminated, or closed its channel"
      : `it exited with code ${this.#exitCode}`;
  }

  ref(): void {
    this.#isReferenced = true;
    this.#child?.ref();
  }

  markRetired(): void {
    this.#isRetired = true;
  }

  terminate(): Promise<void> {
    this.#wasTerminated = true;
    this.#child?.kill("SIGKILL");
    return this.ended;
  }

  /** Sends it a signal, at once or when it has started. */
  kill(signal: string): void {
    if (this.#child === undefined) this.#signals.push(signal);
    else this.#child.kill(signal);
  }

  /** What it prints to a pipe; undefined where it could not be started. */
  async output(stream: "stdout" | "stderr"): Promise<AsyncIterable<Uint8Array> | undefined> {
    await this.#begun;
    return this.#child?.[stream];
  }

  /** The number of the signal that ended it. */
  get signalNumber(): number | undefined {
    return this.#signal === undefined ? undefined : this.#child?.signalNumber(this.#signal);
  }

  async #start(): Promise<void> {
    try {
      const { childStarter } = await import("./child-keeper.ts");
      this.#startBy(await childStarter());
    } catch (error) {
      this.#failed(error);
    }
  }

  #startBy(starter: Pick<Ipc, "start">): void {
    starter.start(this.#options.entry, this.#options.settings, {
      started: (child) => this.#started(child),
      failed: (error) => this.#failed(error),
      message: (message) => this.#receive(message as OwnMessage),
      ended: (exitCode, signal) => this.#end(exitCode, signal),
    });
  }

  #started(child: IpcChild): void {
    this.#child = child;
    this.#resolveBegun();
    for (const signal of this.#signals) child.kill(signal);
    if (this.#wasTerminated) child.kill("SIGKILL");
    else if (this.#isReferenced) child.ref();
  }

  #failed(error: unknown): void {
    this.#failure = error as Error; // of the runtime's
    this.#resolveBegun();
    this.#end(undefined, undefined);
  }

  #receive(message: OwnMessage): void {
    if (message.kind === "ready") this.#flush();
    else if (message.kind === "fatal") this.#fatal = message;
    else if (message.kind === "refused") this.#refused(message);
    else for (const listener of this.#listeners) listener(message);
  }

  #refused({ why }: RefusedMessage): void {
    this.#refusal = why;
    this.#child?.kill("SIGKILL");
  }

  #flush(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of waiting) this.#child?.send(message);
  }

  #end(exitCode: number | undefined, signal: string | undefined): void {
    this.#hasEnded = true;
    this.#exitCode = exitCode;
    this.#signal = signal;
    for (const listener of this.#closeListeners) listener();
    this.#options.onDeath();
    this.#resolveEnded();
  }

  #makePort(): Port {
    return {
      postMessage: (message) => {
        if (this.#waiting === undefined) this.#child?.send(message);
        else this.#waiting.push(message);
      },
      onMessage: (listener) => void this.#listeners.push(listener),
      onClose: (listener) => void this.#closeListeners.push(listener),
      ref: () => this.ref(),
      unref: () => this.#child?.unref(),
      close: () => undefined, // it ends with the child
      raw: this,
    };
  }
}
