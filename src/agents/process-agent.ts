/**
 * One child process as its creator sees it: started, watched, stopped.
 *
 * It starts in its own time. Until it says that it is ready, what is posted to it waits
 * here. Its death is noticed by the runtime's events alone, which need the creator's event loop.
 */
import type { WebURL } from "../base/web-types.ts";
import type { Port } from "../platform/platform.ts";
import type {
  ChildStarter,
  ControlAnswer,
  ControlRequest,
  IpcChild,
  IpcEvents,
  IpcSettings,
} from "../platform/process/ipc.ts";
import type { Detour } from "../platform/process/detour-address.ts";
import type { RelayedIpc } from "../platform/process/relayed-ipc.ts";
import { Session } from "../platform/process/session.ts";
import { RELEASE } from "../base/release.ts";
import type { Greeting } from "../wire/protocol.ts";
import { type Agent, describeUncaught } from "./agent.ts";
import { childStarter } from "./child-keeper.ts";

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
  /**
   * What starts it, and reports while this agent blocks. Default: this agent or, if that is a
   * thread, what keeps the children of threads; see {@link ProcessAgent.reportWhileBlocked}.
   */
  readonly starter?: ChildStarter | undefined;
  /** Whether this agent blocks. */
  readonly isBlocked: () => boolean;
  /** Makes an error of what a {@link FatalMessage} says. */
  readonly readThrown: (thrown: unknown) => unknown;
  /** Called once, when it has died or ended. */
  readonly onDeath: () => void;
}

/** What may start a child anew, or open the second lane to it. */
export type Helper = Pick<RelayedIpc, "start" | "reach">;

/** The exit code of a process that ends of an error that nothing caught. */
const UNCAUGHT = 1;
/** How long the event that says how a child ended may be outstanding, in milliseconds. */
const LAST_EVENT_MS = 1000;

export class ProcessAgent implements Agent {
  readonly name: string;
  readonly title: string;
  readonly port: Port;
  readonly ended: Promise<void>;
  /** Called with each answer. */
  onAnswer: (answer: ControlAnswer) => void = () => undefined;
  readonly #options: ProcessAgentOptions;
  /** Resolves when it has started, or could not be. */
  readonly #begun: Promise<void>;
  readonly #resolveBegun: () => void;
  readonly #resolveEnded: () => void;
  /** Signals for it that were sent before it started. */
  readonly #signals: string[] = [];
  /** What the thread of its lifeline has not answered. Whatever leads to that is given all of it. */
  readonly #requests = new Set<ControlRequest>();
  readonly #listeners: ((message: unknown) => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #child: IpcChild | undefined;
  /** What it has not been sent; undefined once it listens. */
  #waiting: unknown[] | undefined;
  #isRetired = false;
  #wasTerminated = false;
  #hasEnded = false;
  #isReferenced = false;
  /** How often it was started: what an earlier child does is not reported. */
  #starts = 0;
  /** Whether its reports come while this agent blocks. */
  #isHelped: boolean;
  /** Where the child listens for the second lane, and what is said by two lanes. */
  #detour: Detour | undefined;
  #session: Session | undefined;
  /** The second lane. */
  #reached: ReturnType<Helper["reach"]> | undefined;
  /** Whether it has ended, and how is not known. */
  #isLaneOver = false;
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
    this.#isHelped = options.starter !== undefined;
    if (options.starter === undefined) void this.#start();
    else this.#startBy(options.starter, options.settings);
  }

  /**
   * Has its reports come while this agent blocks, from now on.
   *
   *   it has been started                   messages go by the second lane, once it listens there
   *   it has not, or does not listen there  it is started anew, if it has been sent nothing
   *   its end is known, how it ended is not what is known is reported
   *
   * @returns False where that cannot be.
   */
  reportWhileBlocked(helper: Helper): boolean {
    if (this.#isLaneOver) this.#end(undefined, undefined);
    if (this.#isHelped || this.#hasEnded) return true;
    if (!this.#changeOver(helper)) {
      if (this.#waiting === undefined) return false;
      this.#startAnew(helper);
    }
    this.#isHelped = true;
    return true;
  }

  #startAnew(helper: Helper): void {
    const child = this.#child;
    this.#child = undefined;
    this.#session = undefined;
    this.#startBy(helper, this.#options.settings);
    child?.unref();
    child?.kill("SIGKILL");
  }

  #changeOver(helper: Helper): boolean {
    const session = this.#session;
    if (session === undefined || this.#detour === undefined) return false;
    const reached = helper.reach(
      { ...this.#detour, pid: this.pid as number },
      {
        started: () => undefined,
        failed: () => undefined,
        message: (message) => session.receiveChanged(message),
        answer: (answer) => this.#answered(answer),
        ended: (exitCode, signal) => this.#laneEnded(exitCode, signal),
      },
    );
    this.#reached = reached;
    session.changeOver((message) => reached.send(message));
    for (const request of this.#requests) reached.ask(request);
    return true;
  }

  /** It has ended. The event that says how comes as well, unless this agent blocks. */
  #laneEnded(exitCode: number | undefined, signal: string | undefined): void {
    if (exitCode !== undefined || signal !== undefined || this.#options.isBlocked()) {
      return this.#end(exitCode, signal);
    }
    this.#isLaneOver = true;
    setTimeout(() => this.#end(undefined, undefined), LAST_EVENT_MS);
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

  get isAbandoned(): boolean {
    return false;
  }

  stop(): void {
    this.#wasTerminated = true;
    (this.#reached ?? this.#child)?.stop();
  }

  /** Has the thread of its lifeline ask or take a call; see {@link ProcessAgent.onAnswer}. */
  ask(request: ControlRequest): void {
    this.#requests.add(request);
    (this.#reached ?? this.#child)?.ask(request);
  }

  #answered(answer: ControlAnswer): void {
    for (const request of this.#requests) {
      if (request.verb !== answer.verb || request.number !== answer.number) continue;
      this.#requests.delete(request);
      this.onAnswer(answer); // not for one that came by both lanes
    }
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

  /** Writes to what it reads, which is a pipe; undefined ends that. Resolves with why it could not. */
  async write(chunk: Uint8Array | undefined): Promise<string | undefined> {
    await this.#begun;
    const child = this.#child;
    if (child?.write === undefined) return "it could not be started";
    return new Promise((resolve) => child.write?.(chunk, resolve));
  }

  /** The number of the signal that ended it. */
  get signalNumber(): number | undefined {
    if (this.#signal === undefined) return undefined;
    return (this.#reached ?? this.#child)?.signalNumber(this.#signal);
  }

  /** At once where it can: what its creator does next may take long. */
  async #start(): Promise<void> {
    try {
      let starter = childStarter();
      if (starter instanceof Promise) starter = await starter;
      if (this.#isHelped) return; // it has been started otherwise
      this.#startBy(starter, { ...this.#options.settings, mayChangeOver: true });
    } catch (error) {
      await Promise.resolve(); // until its creator knows it
      if (!this.#isHelped) this.#failed(error);
    }
  }

  #startBy(starter: ChildStarter, settings: IpcSettings): void {
    const start = ++this.#starts;
    const isCurrent = (): boolean => start === this.#starts;
    const events: IpcEvents = {
      started: (child) => {
        if (!isCurrent()) return child.kill("SIGKILL");
        const receive = (message: unknown): void => this.#receive(message as OwnMessage);
        this.#detour = child.detour;
        if (child.detour !== undefined)
          this.#session = new Session((message) => child.send(message), receive);
        this.#started(child);
      },
      failed: (error) => {
        if (isCurrent()) this.#failed(error);
      },
      message: (message) => {
        if (!isCurrent()) return;
        if (this.#session === undefined) this.#receive(message as OwnMessage);
        else this.#session.receive(message);
      },
      answer: (answer) => {
        if (isCurrent()) this.#answered(answer);
      },
      ended: (exitCode, signal) => {
        if (isCurrent()) this.#end(exitCode, signal);
      },
    };
    starter.start(this.#options.entry, settings, events);
  }

  #started(child: IpcChild): void {
    this.#child = child;
    this.#resolveBegun();
    for (const signal of this.#signals) child.kill(signal);
    for (const request of this.#requests) child.ask(request);
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
    for (const message of waiting) this.#send(message);
  }

  #send(message: unknown): void {
    if (this.#session === undefined) this.#child?.send(message);
    else this.#session.send(message);
  }

  #end(exitCode: number | undefined, signal: string | undefined): void {
    if (this.#hasEnded) return; // two lanes may have said so
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
        if (this.#waiting === undefined) this.#send(message);
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
