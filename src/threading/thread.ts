/** Python's Thread. */
import { checkedText, kindOf, nameOf, showAsText } from "../base/text.ts";
import type { Outcome } from "../calls/outcome.ts";
import { addCatchAndFinally, type Catch, type Finally } from "../base/catch-finally.ts";
import { checkedFunction, isIterable, type AnyFunction } from "../base/functions.ts";
import { THREAD } from "../program/kinds.ts";
import { program } from "../program/program.ts";
import { namedEntries } from "../contextvars/entries.ts";
import { type Context, isContext } from "../contextvars/context.ts";
import { RuntimeError, ThreadDiedError } from "../errors.ts";
import { asTarget, type Giving } from "../base/advice.ts";
import { describeFunction } from "../shipping/described-function.ts";
import { RUNNING } from "../memory/agent-table.ts";
import { checkedOption, checkedOptions, checkedType } from "../base/options.ts";
import { untilCalled } from "../waiting/until-called.ts";
import { type Waiting, waitingFor } from "../waiting/task-waits.ts";
import {
  checkedDeadline,
  type CheckedWait,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import type { WaitPoint } from "../waiting/wait-point.ts";
import { threadRegistry } from "../base/registry.ts";
import { endOfThread, startThread, type ThreadPlan } from "../_thread/thread-host.ts";
import { ADOPT } from "../calls/run-target.ts";
import type { ThreadStart, TimerStart } from "../_thread/thread-start.ts";
import { HANDLE } from "../wire/handles.ts";
// oxlint-disable-next-line import/no-cycle -- which names the type of threads
import { reportException } from "./excepthook.ts";

/** What a new {@link Thread} is to do. Python: none */
export type ThreadOptions<R = unknown, A extends readonly unknown[] = readonly never[]> =
  | (CommonOptions<R, A> & {
      /** The target's arguments; they are copied to the thread. */
      readonly args?: Readonly<NoInfer<A>> | undefined;
      /** None. */
      readonly kwargs?: undefined;
    })
  | (CommonOptions<R, A> & {
      /** The target's arguments before `kwargs`. */
      readonly args?: readonly unknown[] | undefined;
      /** Passed as one object behind the arguments, in place of Python's keyword arguments. */
      readonly kwargs: object;
    });

interface CommonOptions<R, A extends readonly unknown[]> {
  /** The function to run in the thread. It takes along what it uses of its module. */
  readonly target?: ((...args: A) => R) | undefined;
  /** Default: `Thread-N (target)`. */
  readonly name?: string | number | undefined;
  /** Whether the program may end while the thread runs. Default: that of the thread that makes it. */
  readonly daemon?: boolean | undefined;
  /** The context whose variables the target sees. Default: an empty one. */
  readonly context?: Context | undefined;
}

/** Views of threads by ident: the same thread is the same object, as long as it is referenced. */
function views(): Map<number, WeakRef<Thread>> {
  return threadRegistry("threads@1", () => new Map());
}

/** The thread that this agent runs, once it has been asked for. */
function currentView(): { thread: Thread | undefined } {
  return threadRegistry("current thread@1", () => ({ thread: undefined }));
}

/** Makes a thread's object for another agent, or the agent that runs it. */
let makeView: (ident: number, Class: Function) => Thread;

/**
 * A function that runs in parallel to the code that started it.
 *
 * The target takes along what it uses of its module, and may use no variable of a function around it; its
 * arguments are copied. What it throws is thrown by {@link Thread.join}, with its
 * class, fields and cause. A thread is warm after its first use: the next one
 * starts in tens of microseconds.
 *
 * Subclasses that override `run` must be exported by a module; own fields of the
 * object are copied into the thread.
 *
 * Python: `threading.Thread`
 * Differs: threads share no variables, only shared objects (locks, queues) and
 *   `SharedArrayBuffer`s. `await thread` resolves with what the target returned. `kwargs` is one
 *   object after the arguments. There is no `group`.
 *
 * @example
 * ```ts
 * import { Thread } from "heddle/threading";
 *
 * const thread = new Thread({ target: (n: number) => n * 2, args: [21] });
 * thread.start();
 * console.log(await thread); // 42
 * ```
 *
 * @example What it throws comes home
 * ```ts
 * import { Thread } from "heddle/threading";
 *
 * const thread = new Thread({ target: () => { throw new RangeError("too far"); } });
 * thread.start();
 * await thread.join().catch((error) => console.log(String(error))); // RangeError: too far
 * ```
 */
export class Thread<R = unknown, A extends readonly unknown[] = readonly never[]> {
  #target: AnyFunction | undefined;
  #args: readonly unknown[];
  readonly #context: Context | undefined;
  #name: string;
  #daemon: boolean;
  #ident: number | undefined;
  /** Whether the thread was started by another agent, or is the agent's own. */
  #isView = false;
  #outcome: Outcome | undefined;
  /** Whether its exception was reported, and the thread has not been joined since. */
  #isUncollected = false;
  /** Whether a join has got what came of it. */
  #isCollected = false;
  #joinersSync = 0;
  #joiners: (() => void)[] = [];

  static {
    makeView = (ident, Class) => {
      const thread = Reflect.construct(Thread, [], Class) as Thread;
      thread.#ident = ident;
      thread.#isView = true;
      views().set(ident, new WeakRef(thread));
      noteThread();
      return thread;
    };
    showAsText(this.prototype);
    addCatchAndFinally(this.prototype);
    // Not written as methods, since their keys are imported symbols.
    Object.defineProperty(this.prototype, HANDLE, {
      get(this: Thread) {
        if (this.#ident === undefined) {
          throw new RuntimeError(`Cannot send ${String(this)}: it has not been started`);
        }
        return -this.#ident;
      },
    });
    Object.defineProperty(this, ADOPT, {
      value(this: Function, start: ThreadStart, target: AnyFunction, args: unknown[]): Thread {
        const thread = Object.assign(makeView(start.ident, this), start.fields);
        thread.#target = target;
        thread.#args = args;
        currentView().thread = thread;
        return thread;
      },
    });
  }

  /**
   * Makes a thread, which does nothing until it is started.
   *
   * @throws {TypeError} An unknown option, or one of the wrong type.
   */
  constructor(options?: ThreadOptions<R, A>) {
    const own = checkedOptions(
      options,
      ["target", "args", "kwargs", "name", "daemon", "context"],
      "Thread",
    );
    if (own.target !== undefined) checkedFunction(own.target, 'Thread: "target"');
    if (own.context !== undefined && !isContext(own.context)) {
      throw new TypeError(`Thread: "context" must be a Context, got ${kindOf(own.context)}`);
    }
    this.#target = own.target;
    this.#args = checkedArguments(own.args, own.kwargs);
    this.#context = own.context;
    this.#name = own.name === undefined || own.name === "" ? "" : checkedText(own.name, NAME);
    this.#daemon = checkedOption(own.daemon, "boolean", DAEMON) ?? program().record.isDaemon;
  }

  /**
   * Starts the thread; returns at once. It begins a little later.
   *
   * Python: `threading.Thread.start`
   *
   * @throws {RuntimeError} It was started before, or there are too many threads.
   * @throws {NotShippableError} The target uses what it cannot take along.
   * @throws {SendError} An argument cannot be sent.
   */
  start(): void {
    if (this.#ident !== undefined) {
      throw new RuntimeError(`Cannot start ${String(this)}: threads can only be started once`);
    }
    const runsClass = this.run !== Thread.prototype.run;
    const plan: ThreadPlan = {
      fn: runsClass ? this.constructor : (this.#target ?? ((): void => undefined)),
      args: runsClass && this.#target === undefined ? [] : this.#args,
      target: runsClass && this.#target !== undefined ? describeFunction(this.#target) : undefined,
      name: this.name,
      daemon: this.#daemon,
      runsClass,
      fields: runsClass ? { ...(this as unknown as Record<string, unknown>) } : undefined,
      context: this.#context === undefined ? [] : namedEntries(this.#context),
      timer: this.timerStart(),
      giving: this.giving(),
      onEnd: (outcome) => this.#end(outcome),
    };
    this.#ident = startThread(plan);
    views().set(this.#ident, new WeakRef(this));
    noteThread();
  }

  /** For Timer: what to wait for before the target is called. @internal */
  protected timerStart(): TimerStart | undefined {
    return undefined;
  }

  /** How a program gives the target arguments. @internal */
  protected giving(): Giving {
    return asTarget("Thread");
  }

  /**
   * What the thread does: calls the target with its arguments. Override it in a
   * subclass that a module exports.
   *
   * Python: `threading.Thread.run`
   */
  run(): unknown {
    return this.#target === undefined
      ? undefined
      : Reflect.apply(this.#target, undefined, this.#args);
  }

  /**
   * Resolves when the thread has ended.
   *
   * Python: `threading.Thread.join`
   *
   * Differs: throws what the target threw if the calling thread started it; other threads only
   *   wait.
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. Ask
   *   {@link Thread.isAlive} whether it was long enough.
   * @param options.signal Ends the wait with the signal's reason.
   * @throws What the target threw, if it did.
   * @throws {ThreadDiedError} The thread was ended by something else: it exited,
   *   ran out of memory, or an error that nothing could catch.
   * @throws {RuntimeError} It has not been started, or is the calling thread.
   */
  join(options?: WaitOptions): Waiting<void> {
    return waitingFor(options, "Thread.join", (wait) => this.#join(wait), {
      taking: { deliver: () => this.#collect(), giveBack: () => this.#leave() },
      quick: undefined,
    });
  }

  async #join(wait: CheckedWait): Promise<void> {
    this.#checkJoinable();
    if (this.#isView) {
      // It need not stand behind those that wait for the next thread of the same agent.
      if (!this.isAlive()) return wait.signal?.throwIfAborted();
      await this.#endPoint.wait(() => !this.isAlive(), wait);
      return;
    }
    if (this.#outcome === undefined) await this.#untilEnd(wait.deadlineMs, wait.signal);
  }

  /**
   * The blocking twin of {@link Thread.join}. `options.timeout` is in milliseconds.
   *
   * Python: `threading.Thread.join`
   *
   * @throws {DeadlockError} The thread waits, directly or not, for the calling one.
   */
  joinSync(options?: SyncWaitOptions): void {
    const deadlineMs = checkedDeadline(options, "Thread.joinSync");
    this.#checkJoinable();
    if (this.#isView) {
      this.#endPoint.waitSync(() => !this.isAlive(), deadlineMs);
      return;
    }
    this.#joinersSync++;
    try {
      if (!this.#endPoint.waitSync(() => this.#outcome !== undefined, deadlineMs)) return;
    } finally {
      this.#joinersSync--;
    }
    this.#collect();
  }

  /** Lets the thread be awaited: resolves with what the target returned, or rejects as {@link Thread.join} does. Python: none */
  // oxlint-disable-next-line unicorn/no-thenable -- a thread is meant to be awaited
  then<T = Awaited<R>, E = never>(
    onFulfilled?: ((value: Awaited<R>) => T | PromiseLike<T>) | null,
    onRejected?: ((reason: unknown) => E | PromiseLike<E>) | null,
  ): Promise<T | E> {
    return this.#untilResult().then(onFulfilled, onRejected);
  }

  /** As a promise's `catch`: calls back with what the target threw. Python: none */
  declare readonly catch: Catch<Awaited<R>>;

  /** As a promise's `finally`: calls back once the thread has ended. Python: none */
  declare readonly finally: Finally<Awaited<R>>;

  /** Lets an asyncio task wait for the thread by `yield*`; see {@link Thread.then}. Python: none */
  [Symbol.iterator](): Iterator<never, Awaited<R>, unknown> {
    const wait: Partial<Waiting<Awaited<R>>> = this.#untilResult();
    const iterator = wait[Symbol.iterator]?.();
    if (iterator !== undefined) return iterator;
    wait.catch?.(() => undefined);
    throw new TypeError(
      "Cannot iterate over a thread: only an asyncio task can wait for it by yield*",
    );
  }

  #untilResult(): Waiting<Awaited<R>> {
    return waitingFor(undefined, "Thread.then", (wait) => this.#join(wait), {
      taking: { deliver: () => this.#result(), giveBack: () => this.#leave() },
      quick: undefined,
    });
  }

  #result(): Awaited<R> {
    this.#collect();
    if (this.#isView) {
      throw new RuntimeError(
        `Cannot get the result of ${String(this)}: it is available only in the thread that started it`,
      );
    }
    return (this.#outcome as { value: Awaited<R> }).value;
  }

  /** Whether the thread has been started and has not ended. Python: `threading.Thread.is_alive` */
  isAlive(): boolean {
    if (this.#ident === undefined || this.#outcome !== undefined) return false;
    return program().agents.fateOf(this.#ident) === RUNNING;
  }

  /** The thread's name; need not be unique. Python: `threading.Thread.name` */
  get name(): string {
    // It may have renamed itself.
    if (this.isAlive()) return this.#record().name;
    if (!this.#isView && this.#name === "") {
      const target = this.#target === undefined ? "" : ` (${nameOf(this.#target) || "anonymous"})`;
      this.#name = `Thread-${program().agents.nextNumber()}${target}`;
    }
    return this.#name;
  }

  set name(name: string | number) {
    this.#name = checkedText(name, NAME);
    if (this.isAlive()) this.#record().name = this.#name;
  }

  /** A number unlike that of any other living thread; undefined before the start. Python: `threading.Thread.ident` */
  get ident(): number | undefined {
    return this.#ident;
  }

  /** The same as {@link Thread.ident}: runtimes do not tell the operating system's. Python: `threading.Thread.native_id` */
  get nativeId(): number | undefined {
    return this.#ident;
  }

  /**
   * Whether the program may end while the thread runs. Can be set before the start.
   *
   * Python: `threading.Thread.daemon`
   *
   * @throws {RuntimeError} Set after the start.
   */
  get daemon(): boolean {
    return this.#isView && this.isAlive() ? this.#record().isDaemon : this.#daemon;
  }

  set daemon(daemon: boolean) {
    if (this.#ident !== undefined) {
      throw new RuntimeError(`Cannot set "daemon" of ${String(this)}: it has been started`);
    }
    this.#daemon = checkedType(daemon, "boolean", DAEMON);
  }

  /** The thread's state in words. Python: `threading.Thread.__repr__` */
  toString(): string {
    const daemon = this.daemon ? " daemon" : "";
    const state = this.#ident === undefined ? "initial" : this.isAlive() ? "started" : "stopped";
    const ident = this.#ident === undefined ? "" : ` ${this.#ident}`;
    return `<${this.constructor.name}(${this.name}, ${state}${daemon}${ident})>`;
  }

  #record(): ReturnType<ReturnType<typeof program>["recordOf"]> {
    const { agents } = program();
    return program().recordOf(agents.slotOf(this.#ident as number));
  }

  get #endPoint(): WaitPoint {
    return endOfThread(this.#ident as number);
  }

  #checkJoinable(): void {
    if (this.#ident === undefined) {
      throw new RuntimeError(`Cannot join ${String(this)}: it has not been started`);
    }
    if (this.#ident === program().ident) {
      throw new RuntimeError(`Cannot join ${String(this)}: it is the current thread`);
    }
    if (this.#isView && this.#ident === program().agents.identOf(0)) {
      throw new RuntimeError("Cannot join the main thread: it ends with the program");
    }
  }

  async #untilEnd(deadlineMs: number, signal: AbortSignal | undefined): Promise<void> {
    await untilCalled(
      (done) => {
        this.#joiners.push(done);
        return () => (this.#joiners = this.#joiners.filter((joiner) => joiner !== done));
      },
      deadlineMs,
      signal,
    );
  }

  #end(outcome: Outcome): void {
    const hasDied = outcome.kind === "threw" && outcome.error instanceof ThreadDiedError;
    this.#name = hasDied ? this.name : this.#record().name; // its worker runs no other thread yet
    this.#outcome = outcome;
    const joiners = this.#joiners;
    this.#joiners = [];
    if (outcome.kind === "threw" && joiners.length === 0 && this.#joinersSync === 0) {
      this.#report(outcome.error);
    }
    for (const joiner of joiners) joiner();
  }

  #report(error: unknown): void {
    this.#isUncollected = true;
    program().agents.countUncollected(1);
    reportException(this, error);
  }

  /** A join has gone that was to collect what the target threw. */
  #leave(): true {
    if (this.#outcome?.kind === "threw" && !this.#isCollected && !this.#isUncollected)
      this.#report(this.#outcome.error);
    return true;
  }

  #collect(): void {
    this.#isCollected = this.#outcome !== undefined;
    if (this.#isUncollected) {
      this.#isUncollected = false;
      program().agents.countUncollected(-1);
    }
    if (this.#outcome?.kind === "threw") throw this.#outcome.error;
  }
}

const NAME = 'Thread: "name"';
const DAEMON = 'Thread: "daemon"';

function checkedArguments(args: unknown, kwargs: unknown): readonly unknown[] {
  if (args !== undefined && (typeof args !== "object" || !isIterable(args))) {
    throw new TypeError(`Thread: "args" must be an array, got ${kindOf(args)}`);
  }
  if (kwargs !== undefined && (typeof kwargs !== "object" || kwargs === null)) {
    throw new TypeError(`Thread: "kwargs" must be an object, got ${kindOf(kwargs)}`);
  }
  const list = args === undefined ? [] : [...args];
  return kwargs === undefined ? list : [...list, kwargs];
}

/** From now on, values may contain threads. */
function noteThread(): void {
  program().noteKind(THREAD);
}

/** The object of the thread with that ident, as this agent has it. Not public. */
export function threadWith(ident: number): Thread {
  return views().get(ident)?.deref() ?? makeView(ident, Thread);
}

/** The object of the calling thread. Not public. */
export function ownThread(): Thread {
  const state = currentView();
  const { ident } = program();
  if (state.thread?.ident !== ident) state.thread = threadWith(ident);
  return state.thread;
}
