/** Python's Process. */
import { nextPath, ownIdentity, ownProcessId, parentIdentity } from "../agents/process-identity.ts";
import { addCatchAndFinally, type Catch, type Finally } from "../base/catch-finally.ts";
import { type AnyFunction, checkedFunction } from "../base/functions.ts";
import { checkedOption, checkedOptions, checkedType } from "../base/options.ts";
import { threadRegistry } from "../base/registry.ts";
import { checkedText, errorText, showAsText } from "../base/text.ts";
import { CannotBlockError, RuntimeError } from "../errors.ts";
import { platform } from "#platform";
import { program } from "../program/program.ts";
import { describeFunction } from "../shipping/described-function.ts";
import { type Waiting, waitingFor, waitingOn } from "../waiting/task-waits.ts";
import { untilCalled } from "../waiting/until-called.ts";
import {
  checkedDeadline,
  type CheckedWait,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { diedError, type ProcessEnd, type RunningProcess, startProcess } from "./process-host.ts";
import {
  checkedArguments,
  checkedSettings,
  OPTIONS,
  type ProcessOptions,
  type Settings,
} from "./process-options.ts";
import { inputTo, outputOf, type ProcessInput } from "./process-streams.ts";
import { ADOPT, type TargetStart } from "../calls/run-target.ts";

const NAME = 'Process: "name"';
const DAEMON = 'Process: "daemon"';
const PARENT = "Cannot block until the parent has ended: this process ends with it";

/** The processes that this thread has started and that have not ended, in that order. */
export function living(): Set<Process> {
  return threadRegistry("processes@1", () => new Set());
}

/** The objects of the calling process and of its parent, once they have been asked for. */
export function views(): { own: Process | undefined; parent: Process | undefined } {
  return threadRegistry("process views@1", () => ({ own: undefined, parent: undefined }));
}

/** Whether the object that is made stands for a process that runs: it takes no number. */
let isMakingView = false;

/** Makes the object of the calling process, or of its parent. Not public. */
export let makeView: (view: "own" | "parent", Class: Function) => Process;

/**
 * A function that runs in a process of its own.
 *
 * The target takes along what it uses of its module, and may use no variable of a function around
 * it; its arguments are copied. The program's main module is not run again, so no guard is needed
 * around it. A process shares no memory with its parent, has its own working
 * directory and environment, and harms nothing else when it crashes. It ends when its target has
 * ended, or what the target promised, and with its parent at the latest.
 *
 * What the target throws is thrown by {@link Process.join}, with its class, fields and cause. If
 * nothing waits for it, it is printed when the process ends, and the program's exit code is 1
 * unless `join` is called later.
 *
 * Subclasses that override `run` must be exported by a module; own fields of the
 * object are copied into the process.
 *
 * Python: `multiprocessing.Process`
 * Differs: `join` throws what the target threw, and throws a `ProcessDiedError` where something
 *   else has ended the process than the target or a method of this object. `await process` resolves
 *   with what the target returned. `kwargs` is one object after the arguments. There is no
 *   `group`. `authkey` is not there yet.
 *
 * @example
 * ```ts
 * import { Process } from "heddle/multiprocessing";
 *
 * const child = new Process({ target: (n: number) => n * 2, args: [21] });
 * child.start();
 * console.log(await child, child.exitcode); // 42 0
 * ```
 *
 * @example What it throws comes home
 * ```ts
 * import { Process } from "heddle/multiprocessing";
 *
 * const child = new Process({ target: () => { throw new RangeError("too far"); } });
 * child.start();
 * await child.join().catch((error) => console.log(String(error))); // RangeError: too far
 * console.log(child.exitcode); // 1
 * ```
 */
export class Process<R = unknown, A extends readonly unknown[] = readonly never[]> {
  #target: AnyFunction | undefined;
  #args: readonly unknown[];
  #name: string;
  #daemon: boolean;
  readonly #path: readonly number[];
  readonly #settings: Settings;
  /** The calling process, or its parent. */
  #view: "own" | "parent" | undefined;
  #running: RunningProcess | undefined;
  #end: ProcessEnd | undefined;
  #isClosed = false;
  /** Signals that were sent through this object. */
  readonly #sent = new Set<string>();
  /** Whether its error was reported, and the process has not been joined since. */
  #isUncollected = false;
  /** Whether a join has got what came of it. */
  #isCollected = false;
  #joiners: (() => void)[] = [];
  #sentinel: Promise<void> | undefined;
  #resolveSentinel: (() => void) | undefined;

  static {
    makeView = (view, Class) => {
      isMakingView = true;
      const process = Reflect.construct(Process, [], Class) as Process;
      isMakingView = false;
      process.#view = view;
      const { name, daemon } =
        view === "own" ? ownIdentity() : { daemon: false, ...parentIdentity() };
      process.#name = name ?? "";
      process.#daemon = daemon;
      return process;
    };
    showAsText(this.prototype);
    addCatchAndFinally(this.prototype);
    // Not written as a method, since its key is an imported symbol.
    Object.defineProperty(this, ADOPT, {
      value(this: Function, start: TargetStart, target: AnyFunction, args: unknown[]): Process {
        const process = Object.assign(makeView("own", this), start.fields);
        process.#target = target;
        process.#args = args;
        views().own = process;
        return process;
      },
    });
  }

  /**
   * Makes a process, which does nothing until it is started.
   *
   * @throws {TypeError} An unknown option, or one of the wrong type.
   */
  constructor(options?: ProcessOptions<R, A>) {
    const own = checkedOptions(options, OPTIONS, "Process");
    if (own.target !== undefined) checkedFunction(own.target, 'Process: "target"');
    this.#target = own.target;
    this.#args = checkedArguments(own.args, own.kwargs);
    this.#settings = checkedSettings(own);
    this.#path = isMakingView ? [] : nextPath();
    this.#name =
      own.name === undefined || own.name === ""
        ? `Process-${this.#path.join(":")}`
        : checkedText(own.name, NAME);
    this.#daemon = checkedOption(own.daemon, "boolean", DAEMON) ?? ownIdentity().daemon;
  }

  /**
   * Starts the process; returns at once. It begins some tens of milliseconds later.
   *
   * Python: `multiprocessing.Process.start`
   * Differs: the system starts it a little later than `start` returns, so that one that cannot be
   *   started is reported by {@link Process.join}.
   *
   * @throws {RuntimeError} It was started before, or this process is a daemon, or still loads its
   *   modules.
   * @throws {NotShippableError} The target uses what it cannot take along.
   * @throws {SendError} An argument cannot be sent.
   * @throws {UnsupportedError} The runtime has no processes.
   */
  start(): void {
    this.#checkOpen("start");
    if (this.#view !== undefined || this.#running !== undefined) {
      throw new RuntimeError(`Cannot start ${String(this)}: processes can only be started once`);
    }
    if (ownIdentity().daemon) {
      throw new RuntimeError(
        `Cannot start ${String(this)}: a process that is a daemon must not have children, which would outlive it`,
      );
    }
    const runsClass = this.run !== Process.prototype.run;
    this.#running = startProcess({
      fn: runsClass ? this.constructor : (this.#target ?? ((): void => undefined)),
      args: runsClass && this.#target === undefined ? [] : this.#args,
      start: {
        runsClass,
        target:
          runsClass && this.#target !== undefined ? describeFunction(this.#target) : undefined,
        fields: runsClass ? { ...(this as unknown as Record<string, unknown>) } : undefined,
      },
      settings: {
        ...this.#settings,
        identity: { name: this.#name, path: this.#path, daemon: this.#daemon },
        ignoresInterrupts: false,
      },
      onEnd: (end) => this.#ended(end),
    });
    living().add(this);
  }

  /**
   * What the process does: calls the target with its arguments. Override it in a
   * subclass that a module exports.
   *
   * Python: `multiprocessing.Process.run`
   */
  run(): unknown {
    return this.#target === undefined
      ? undefined
      : Reflect.apply(this.#target, undefined, this.#args);
  }

  /**
   * Resolves when the process has ended; {@link Process.exitcode} says how.
   *
   * Python: `multiprocessing.Process.join`
   * Differs: throws what the target threw.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. Ask
   *   {@link Process.isAlive} whether it was long enough.
   * @param options.signal Ends the wait with the signal's reason.
   * @throws What the target threw, if it did.
   * @throws {ProcessDiedError} The process was ended by a signal that no method of this object has
   *   sent, or by an error that nothing could catch, or could not be started.
   * @throws {RuntimeError} It has not been started, is the calling process, or has been closed.
   */
  join(options?: WaitOptions): Waiting<void> {
    return waitingFor(options, "Process.join", (wait) => this.#join(wait), {
      taking: { deliver: () => this.#collect(), giveBack: () => this.#leave() },
      quick: undefined,
    });
  }

  /**
   * The blocking twin of {@link Process.join}. `options.timeout` is in milliseconds.
   *
   * Python: `multiprocessing.Process.join`
   *
   * @throws {CannotBlockError} The calling thread may not block; or it takes waiting to load a
   *   class or function that is in what the target returned or threw.
   */
  joinSync(options?: SyncWaitOptions): void {
    const deadlineMs = checkedDeadline(options, "Process.joinSync");
    this.#checkJoinable();
    if (this.#end === undefined) {
      if (this.#running === undefined) throw new CannotBlockError(PARENT);
      const joiner = (): void => undefined; // its error is not one that nothing waits for
      this.#joiners.push(joiner);
      try {
        if (!this.#running.blockUntilEnd(deadlineMs)) return;
      } finally {
        this.#joiners = this.#joiners.filter((other) => other !== joiner);
      }
    }
    this.#collect();
  }

  async #join({ deadlineMs, signal }: CheckedWait): Promise<void> {
    this.#checkJoinable();
    if (this.#end !== undefined) return;
    const subscribe = (done: () => void): (() => void) => {
      this.#joiners.push(done);
      return () => (this.#joiners = this.#joiners.filter((joiner) => joiner !== done));
    };
    await untilCalled(subscribe, deadlineMs, signal);
  }

  /** Lets the process be awaited: resolves with what the target returned, or rejects as {@link Process.join} does. Python: none */
  // oxlint-disable-next-line unicorn/no-thenable -- a process is meant to be awaited
  then<T = Awaited<R>, E = never>(
    onFulfilled?: ((value: Awaited<R>) => T | PromiseLike<T>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#untilResult().then(onFulfilled, onRejected);
  }

  /** As a promise's `catch`: calls back with what the target threw. Python: none */
  declare readonly catch: Catch<Awaited<R>>;

  /** As a promise's `finally`: calls back once the process has ended. Python: none */
  declare readonly finally: Finally<Awaited<R>>;

  /** Lets an asyncio task wait for the process by `yield*`; see {@link Process.then}. Python: none */
  [Symbol.iterator](): Iterator<never, Awaited<R>, unknown> {
    const wait: Partial<Waiting<Awaited<R>>> = this.#untilResult();
    const iterator = wait[Symbol.iterator]?.();
    if (iterator !== undefined) return iterator;
    wait.catch?.(() => undefined);
    throw new TypeError(
      "Cannot iterate over a process: only an asyncio task can wait for it by yield*",
    );
  }

  #untilResult(): Waiting<Awaited<R>> {
    return waitingFor(undefined, "Process.then", (wait) => this.#join(wait), {
      taking: { deliver: () => this.#result(), giveBack: () => this.#leave() },
      quick: undefined,
    });
  }

  #result(): Awaited<R> {
    this.#collect();
    const end = this.#end as ProcessEnd;
    if (end.outcome?.kind === "returned") return end.outcome.value as Awaited<R>;
    throw diedError(`Cannot get the result of ${String(this)}`, this.#name, this.pid, end);
  }

  /**
   * Ends the process by SIGTERM: its exit handlers do not run, unless its code listens to that
   * signal, and its own children end with it.
   *
   * Python: `multiprocessing.Process.terminate`
   *
   * @throws {RuntimeError} It has not been started, is the parent or the calling process, or has been closed.
   */
  terminate(): void {
    this.#send("SIGTERM", "terminate");
  }

  /** The same by SIGKILL, which no process can catch. Python: `multiprocessing.Process.kill` */
  kill(): void {
    this.#send("SIGKILL", "kill");
  }

  /**
   * Interrupts the process by SIGINT, as Ctrl-C does.
   *
   * Python: `multiprocessing.Process.interrupt`
   * Differs: ends the process, unless its code listens to that signal, as `asyncio.run` does.
   */
  interrupt(): void {
    this.#send("SIGINT", "interrupt");
  }

  #send(signal: string, attempt: string): void {
    this.#checkOpen(attempt);
    if (this.#running === undefined) {
      const why =
        this.#view === undefined
          ? "it has not been started"
          : `it is the ${this.#view === "own" ? "calling process" : "parent"}`;
      throw new RuntimeError(`Cannot ${attempt} ${String(this)}: ${why}`);
    }
    this.#sent.add(signal);
    if (this.#end === undefined) this.#running.kill(signal);
  }

  /**
   * Whether the process has been started and has not ended.
   *
   * Python: `multiprocessing.Process.is_alive`
   *
   * @throws {RuntimeError} It has been closed.
   */
  isAlive(): boolean {
    this.#checkOpen("look whether it is alive:");
    return this.#view !== undefined || (this.#running !== undefined && this.#end === undefined);
  }

  /**
   * Gives the object up: nothing but its name can be asked any more.
   *
   * Python: `multiprocessing.Process.close`
   *
   * @throws {RuntimeError} The process runs.
   */
  close(): void {
    if (this.#isClosed) return;
    if (this.isAlive()) {
      throw new RuntimeError(
        `Cannot close ${String(this)}: it has not ended. Call join() first, or terminate()`,
      );
    }
    this.#isClosed = true;
  }

  /** The name; need not be unique. Python: `multiprocessing.Process.name` */
  get name(): string {
    return this.#name;
  }

  set name(name: string | number) {
    this.#name = checkedText(name, NAME);
  }

  /**
   * Whether the program may end while the process runs, and ends it then. Can be set before the
   * start. A daemon must not have children.
   *
   * Python: `multiprocessing.Process.daemon`
   *
   * @throws {RuntimeError} Set after the start.
   */
  get daemon(): boolean {
    return this.#daemon;
  }

  set daemon(daemon: boolean) {
    if (this.#view !== undefined || this.#running !== undefined) {
      throw new RuntimeError(`Cannot set "daemon" of ${String(this)}: it has been started`);
    }
    this.#daemon = checkedType(daemon, "boolean", DAEMON);
  }

  /**
   * The process id; undefined before {@link Process.start}, and of a process that could not be
   * started. Directly after the start it blocks, some tens of milliseconds, until the system has
   * started the process.
   *
   * Python: `multiprocessing.Process.pid`
   *
   * @throws {CannotBlockError} The calling thread may not block, and the system has not started it.
   */
  get pid(): number | undefined {
    this.#checkOpen("get the process id:");
    if (this.#view === "own") return ownProcessId();
    return this.#view === "parent" ? parentIdentity()?.pid : this.#running?.pid;
  }

  /** The same as {@link Process.pid}. Python: `multiprocessing.Process.ident` */
  get ident(): number | undefined {
    return this.pid;
  }

  /**
   * How the process ended: 0 when its target returned, 1 when it threw, what it exited with, or
   * the number of the signal that ended it, negated. Undefined until then.
   *
   * Python: `multiprocessing.Process.exitcode`
   */
  get exitcode(): number | undefined {
    this.#checkOpen("get the exit code:");
    const end = this.#end;
    if (end === undefined) return undefined;
    return end.signalNumber === undefined ? end.exitCode : -end.signalNumber;
  }

  /**
   * Resolves when the process has ended, however it did. A task that is cancelled waits no more.
   *
   * Python: `multiprocessing.Process.sentinel`
   * Differs: a promise, and not a number.
   *
   * @throws {RuntimeError} It has not been started, or has been closed.
   */
  get sentinel(): Waiting<void> {
    this.#checkOpen("get the sentinel:");
    if (this.#running === undefined) {
      throw new RuntimeError(`Cannot get the sentinel of ${String(this)}: it has not been started`);
    }
    const sentinel = (this.#sentinel ??= new Promise((resolve) => {
      this.#resolveSentinel = resolve;
      if (this.#end !== undefined) resolve();
    }));
    return waitingOn(() => sentinel);
  }

  /** What the process reads on standard input, where the option `stdin` is `pipe`. Python: none */
  get stdin(): ProcessInput {
    return inputTo(this.#piped("stdin", "write to"), () => String(this));
  }

  /** What the process prints on standard output, in chunks, where the option `stdout` is `pipe`. Python: none */
  get stdout(): AsyncIterable<Uint8Array> {
    return outputOf(this.#piped("stdout", "read"), "stdout");
  }

  /** The same for standard error. Python: none */
  get stderr(): AsyncIterable<Uint8Array> {
    return outputOf(this.#piped("stderr", "read"), "stderr");
  }

  /** The process, whose stream is a pipe. */
  #piped(stream: "stdin" | "stdout" | "stderr", attempt: string): RunningProcess {
    const running = this.#running;
    if (this.#settings[stream] === "pipe" && running !== undefined) return running;
    const why =
      running === undefined && this.#settings[stream] === "pipe"
        ? "it has not been started"
        : `make the process with { ${stream}: "pipe" }`;
    throw new RuntimeError(`Cannot ${attempt} the ${stream} of ${String(this)}: ${why}`);
  }

  /** The state in words. Python: `multiprocessing.Process.__repr__` */
  toString(): string {
    const state = this.#isClosed ? "closed" : this.#state();
    const known = this.#isClosed ? undefined : this.#running ? this.#running.knownPid : this.pid;
    const pid = known === undefined ? "" : ` ${known}`;
    return `<${this.constructor.name}(${this.#name}, ${state}${this.#daemon ? " daemon" : ""}${pid})>`;
  }

  #state(): string {
    if (this.#view !== undefined) return "started";
    if (this.#running === undefined) return "initial";
    if (this.#end === undefined) return "started";
    const { signal, exitCode } = this.#end;
    return `stopped exitcode=${signal === undefined ? exitCode : `-${signal}`}`;
  }

  #checkOpen(attempt: string): void {
    if (!this.#isClosed) return;
    throw new RuntimeError(`Cannot ${attempt} ${String(this)}: it has been closed`);
  }

  #checkJoinable(): void {
    this.#checkOpen("join");
    if (this.#view === "own") {
      throw new RuntimeError(`Cannot join ${String(this)}: it is the current process`);
    }
    if (this.#view === undefined && this.#running === undefined) {
      throw new RuntimeError(`Cannot join ${String(this)}: it has not been started`);
    }
  }

  #ended(end: ProcessEnd): void {
    this.#end = end;
    living().delete(this);
    const joiners = this.#joiners;
    this.#joiners = [];
    if (joiners.length === 0) this.#reportFailure();
    for (const joiner of joiners) joiner();
    this.#resolveSentinel?.();
  }

  /** What {@link Process.join} throws once the process has ended. */
  #failure(): { readonly error: unknown } | undefined {
    const { outcome, signal, cause } = this.#end as ProcessEnd;
    if (outcome !== undefined) return outcome.kind === "threw" ? outcome : undefined;
    const wasSent = signal !== undefined && this.#sent.has(signal);
    if (wasSent || (signal === undefined && cause === undefined)) return undefined;
    const attempt = `${this.constructor.name} "${this.#name}" died`;
    return { error: diedError(attempt, this.#name, this.pid, this.#end as ProcessEnd) };
  }

  #reportFailure(): void {
    const failure = this.#failure();
    if (failure === undefined || this.#isUncollected) return;
    this.#isUncollected = true;
    program().agents.countUncollected(1);
    platform.errorStream.write(
      `Exception in process ${this.#name}:\n${errorText(failure.error)}\n`,
    );
  }

  /** A join has gone that was to collect the failure. */
  #leave(): true {
    if (this.#end !== undefined && !this.#isCollected) this.#reportFailure();
    return true;
  }

  #collect(): void {
    if (this.#end === undefined) return;
    this.#isCollected = true;
    if (this.#isUncollected) {
      this.#isUncollected = false;
      program().agents.countUncollected(-1);
    }
    const failure = this.#failure();
    if (failure !== undefined) throw failure.error;
  }
}
