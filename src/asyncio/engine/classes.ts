/** What becomes of errors that nobody else gets. */
import { addCatchAndFinally, type Catch, type Finally } from "../../base/catch-finally.ts";
import { addSignalHandler, defineHandle, introduceTasks } from "#asyncio-host";
import { platform } from "#platform";
import type { OverloadArguments, OverloadResult } from "../../base/call-types.ts";
import { type AnyFunction, checkedFunction } from "../../base/functions.ts";
import { checkedOptions, checkedType, isObject } from "../../base/options.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import { checkedText, showAsText } from "../../base/text.ts";
import { type Context, contentsOf, contextOf } from "../../contextvars/context.ts";
import { RuntimeError } from "../../errors.ts";
import type {
  Awaitable,
  CallbackOptions,
  CallExecutor,
  Coroutine,
  Handle,
  LoopOptions,
  Spawnable,
  StackFrame,
  Suspend,
  TaskOptions,
  TimerHandle,
} from "../events.ts";
import { callByExecutor, chooseExecutor, OwnCallCore, shutdownExecutor } from "./calls.ts";
import { chosenLoop, loopOfCaller, sessionOfCaller, settingsFor } from "./caller.ts";
import { checkedFrames, noteCreation, stackInWords } from "./debug.ts";
import { checkReport, Handler, printReport, report } from "./exception-reports.ts";
import { callWhenDone, errorFrom, FAILED, FINISHED, FutureCore, untilDone } from "./future-core.ts";
import { callOfUser } from "./handle.ts";
import { checkTime, closedError, LoopCore, type Session, SLOW_MS } from "./loop-core.ts";
import { close, isCoroutine } from "./spawnable.ts";
import { checkedTaskName, checkedTaskOptions, NAME, newTaskCore } from "./new-task.ts";
import { leaveAlone } from "./external-awaits.ts";
import { TaskCore } from "./task-core.ts";
import { thenOf } from "./thenable.ts";
import { realClock } from "./timers.ts";

/** What a {@link Future} can be made with. Python: none */
export interface FutureOptions {
  /** The loop that calls what waits for it. Default: the running one. */
  readonly loop?: Loop | undefined;
}

let readCore: (value: object) => FutureCore | undefined;

/**
 * The eventual result of an operation that somebody else completes.
 *
 * Wait for it with `yield*` or `await`. It belongs to one loop. Other threads must
 * not touch it.
 *
 * Python: `asyncio.Future`
 * Differs: code outside of tasks can await it, too. An async function cannot return a future: the
 *   promise takes its result instead.
 *
 * @example
 * ```ts
 * import { Future, getRunningLoop, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const future = new Future<number>();
 *   getRunningLoop().callSoon(() => future.setResult(42));
 *   console.log(await future); // 42
 * });
 * ```
 */
export class Future<T> implements Awaitable<T> {
  readonly #core: FutureCore<T>;

  static {
    showAsText(this.prototype);
    addCatchAndFinally(this.prototype);
    readCore = (value) => (#core in value ? (value as Future<unknown>).#core : undefined);
  }

  /**
   * Makes a pending future.
   *
   * Python: `asyncio.Future`
   *
   * @throws {RuntimeError} No loop was given, and there is no running one.
   */
  constructor(options?: FutureOptions);
  /** The face of a core. @internal */
  constructor(core: FutureCore<T>);
  constructor(given?: FutureOptions | FutureCore<T>) {
    this.#core =
      given instanceof FutureCore ? given : new FutureCore<T>(chosenLoop(given, "new Future()"));
    this.#core.face = this;
  }

  /** The loop it belongs to. Python: `asyncio.Future.get_loop` */
  getLoop(): Loop {
    return loopOf(this.#core.loop);
  }

  /** Whether it has a result or an error, or was cancelled. Python: `asyncio.Future.done` */
  done(): boolean {
    return !this.#core.isPending;
  }

  /** Whether it was cancelled. Python: `asyncio.Future.cancelled` */
  cancelled(): boolean {
    return this.#core.isCancelled;
  }

  /**
   * Returns the result, or throws the error. Never waits.
   *
   * Python: `asyncio.Future.result`
   *
   * @throws {InvalidStateError} It is not done.
   * @throws {CancelledError} It was cancelled.
   * @throws What was set as its exception.
   */
  result(): T {
    return this.#core.result();
  }

  /**
   * Returns the error, or undefined if there is none. Never waits.
   *
   * Python: `asyncio.Future.exception`
   *
   * Differs: for `undefined` or `null` that was thrown, there is a {@link RuntimeError}.
   *
   * @throws {InvalidStateError} It is not done.
   * @throws {CancelledError} It was cancelled.
   */
  exception(): unknown {
    return this.#core.exception();
  }

  /**
   * Cancels it, if it is not done. What waits for it gets a {@link CancelledError}.
   *
   * Python: `asyncio.Future.cancel`
   *
   * @param message What the error is to say.
   * @returns Whether it was not done.
   */
  cancel(message?: unknown): boolean {
    return this.#core.cancel(message);
  }

  /**
   * Completes it with a result.
   *
   * Python: `asyncio.Future.set_result`
   *
   * @throws {InvalidStateError} It is done.
   */
  setResult(result: T): void {
    this.#core.checkPending("result");
    this.#core.settle(FINISHED, result);
  }

  /**
   * Completes it with an error, or with one made of the class given.
   *
   * Python: `asyncio.Future.set_exception`
   *
   * Differs: no rule for StopIteration, which JavaScript does not have.
   *
   * @throws {InvalidStateError} It is done.
   */
  setException(exception: unknown): void {
    this.#core.checkPending("exception");
    this.#core.settle(FAILED, errorFrom(exception));
  }

  /**
   * Has a function called with the future, in the next iteration of the loop after it is done.
   *
   * Functions are called in the order in which they were added.
   *
   * Python: `asyncio.Future.add_done_callback`
   *
   * @param options.context What it is called in. Default: a copy of the current context.
   *
   * @example
   * ```ts
   * import { createTask, run, sleep } from "heddle/asyncio";
   *
   * await run(async () => {
   *   const task = createTask(() => sleep(1, "slept"));
   *   task.addDoneCallback((done) => console.log(done.result())); // slept
   *   await task;
   *   await sleep(0);
   * });
   * ```
   */
  addDoneCallback(callback: (future: this) => unknown, options?: CallbackOptions): void {
    checkedFunction(callback, "Future.addDoneCallback: the callback");
    const { context } = checkedOptions(options, ["context"], "Future.addDoneCallback");
    const contents = context === undefined ? undefined : contentsOf(context);
    const { loop } = this.#core;
    this.#core.addWaiter(callOfUser(loop.face, callback, [this], sessionOfCaller(loop), contents));
  }

  /**
   * Has a function not be called that {@link Future.addDoneCallback} was given.
   *
   * Python: `asyncio.Future.remove_done_callback`
   *
   * @returns How many times it had been added.
   */
  removeDoneCallback(callback: (future: this) => unknown): number {
    return this.#core.removeCallback(callback);
  }

  /** Waits, as `yield*` does. Python: `asyncio.Future.__await__` */
  [Symbol.iterator](): Iterator<Suspend, T, unknown> {
    return this.#core;
  }

  /**
   * Waits, as `await` does. Returns a promise for what the function that is called returns.
   *
   * Python: `asyncio.Future.__await__`
   */
  // oxlint-disable-next-line unicorn/no-thenable -- futures can be awaited
  then<R1 = T, R2 = never>(
    onFulfilled?: ((value: T) => R1 | PromiseLike<R1>) | null,
    // oxlint-disable-next-line typescript/no-explicit-any -- as in PromiseLike
    onRejected?: ((reason: any) => R2 | PromiseLike<R2>) | null,
  ): Promise<R1 | R2> {
    return thenOf(this.#core, onFulfilled, onRejected, callWhenDone);
  }

  /** As a promise's `catch`: calls back with the exception. Python: none */
  declare readonly catch: Catch<T>;

  /** As a promise's `finally`: calls back once the future is done. Python: none */
  declare readonly finally: Finally<T>;

  /** The future's state in words: `<Future finished result=42>`. Python: `asyncio.Future.__repr__` */
  toString(): string {
    const { stateInWords, outcomeInWords } = this.#core;
    return `<${this[Symbol.toStringTag]} ${stateInWords}${outcomeInWords}>`;
  }

  get [Symbol.toStringTag](): string {
    return "Future";
  }
}

/**
 * A coroutine that a loop runs, beside others. {@link createTask} makes tasks.
 *
 * Waiting for a task, by `yield*` or `await`, gives what its coroutine returned, or
 * throws what it threw.
 *
 * Python: `asyncio.Task`
 * Differs: only `createTask` and the like make tasks. The loop holds a task until it is done. An
 *   async function cannot return a task: the promise takes its result instead.
 *
 * @example
 * ```ts
 * import { type Coroutine, createTask, run, sleep } from "heddle/asyncio";
 *
 * function* square(n: number): Coroutine<number> {
 *   yield* sleep(1);
 *   return n * n;
 * }
 *
 * function* main(): Coroutine<void> {
 *   const [a, b] = [createTask(square(2)), createTask(square(3))];
 *   console.log((yield* a) + (yield* b)); // 13
 * }
 *
 * await run(main());
 * ```
 */
export class Task<T> extends Future<T> {
  readonly #core: TaskCore<T>;

  /** {@link createTask} makes tasks. @internal */
  constructor(core: TaskCore<T>) {
    if (!(core instanceof TaskCore))
      throw new TypeError("Cannot create a task with new: use createTask()");
    super(core);
    this.#core = core;
    core.session.tasks.add(this);
  }

  /**
   * Asks the task to end: a {@link CancelledError} is thrown in it, where it waits.
   *
   * The task may clean up, even wait, and should let the error pass. If it catches
   * it, it goes on. Cancelling a task that waits for another cancels that one.
   *
   * Python: `asyncio.Task.cancel`
   *
   * Differs: an async function that awaits a promise that is not heddle's goes on until that
   *   settles, and is cancelled at its next wait for something of heddle's, or else when it ends;
   *   see {@link fromPromise}.
   *
   * @param message What the error is to say.
   * @returns Whether the task was not done.
   *
   * @example
   * ```ts
   * import { CancelledError } from "heddle";
   * import { createTask, run, sleep } from "heddle/asyncio";
   *
   * await run(async () => {
   *   const task = createTask(async () => {
   *     try {
   *       await sleep(3_600_000);
   *     } catch (error) {
   *       console.log(error instanceof CancelledError); // true
   *       throw error;
   *     }
   *   });
   *   await sleep(0);
   *   task.cancel();
   *   await sleep(0);
   *   console.log(task.cancelled()); // true
   * });
   * ```
   */
  override cancel(message?: unknown): boolean {
    return this.#core.cancel(message);
  }

  /**
   * How often the task was asked to cancel, less how often that was taken back.
   *
   * Python: `asyncio.Task.cancelling`
   */
  cancelling(): number {
    return this.#core.requests;
  }

  /**
   * Takes one request to cancel back; returns how many remain.
   *
   * Code that cancels a task for a purpose of its own, and catches the error, says
   * so by this: otherwise blocks around it take it that somebody else cancelled the task.
   *
   * Python: `asyncio.Task.uncancel`
   */
  uncancel(): number {
    return this.#core.uncancel();
  }

  /**
   * Is aborted by {@link Task.cancel}, for APIs that take a signal. After that there is a new one.
   *
   * Asked for in a block of the task, such as a time limit, it is aborted with the block as well.
   *
   * Better, where it can be done, is {@link fromPromise}, whose signal is for one wait.
   *
   * Python: none
   */
  get signal(): WebAbortSignal {
    return this.#core.signal;
  }

  /** The task's name; `Task-` and a number unless it was given one. Python: `asyncio.Task.get_name` */
  getName(): string {
    return this.#core.displayName;
  }

  /** Gives the task another name. Python: `asyncio.Task.set_name` */
  setName(name: unknown): void {
    this.#core.name = checkedText(name, NAME);
  }

  /** The context that the task runs in. Python: `asyncio.Task.get_context` */
  getContext(): Context {
    return contextOf(this.#core.contents);
  }

  /**
   * The coroutine that the task runs, or the function that it was made of.
   *
   * Python: `asyncio.Task.get_coro`
   */
  getCoro(): Coroutine<T> | (() => unknown) | undefined {
    return this.#core.made;
  }

  /**
   * The stack of the task's generators, the innermost first, where it waits.
   *
   * Empty for a task that is running, ready, done, or an async function's.
   *
   * Python: `asyncio.Task.get_stack`
   *
   * Differs: frames are descriptions; the innermost is first.
   *
   * @param options.limit No more frames than that, from the outermost on.
   */
  getStack(options?: { readonly limit?: number | undefined }): StackFrame[] {
    return this.#core.getStack(checkedFrames(options, "Task.getStack"));
  }

  /**
   * Writes the stack of {@link Task.getStack} on standard error, the innermost function last.
   *
   * Python: `asyncio.Task.print_stack`
   *
   * Differs: always writes on standard error.
   *
   * @param options.limit No more frames than that, from the outermost on.
   */
  printStack(options?: { readonly limit?: number | undefined }): void {
    const limit = checkedFrames(options, "Task.printStack");
    platform.errorStream.write(stackInWords(String(this), this.#core.getStack(limit)));
  }

  /**
   * Always throws: only its coroutine can complete a task.
   *
   * Python: `asyncio.Task.set_result`
   *
   * @throws {RuntimeError} Always.
   */
  override setResult(_result: T): never {
    throw notSettable("result", "returning");
  }

  /**
   * Always throws: only its coroutine can complete a task.
   *
   * Python: `asyncio.Task.set_exception`
   *
   * @throws {RuntimeError} Always.
   */
  override setException(_exception: unknown): never {
    throw notSettable("exception", "throwing");
  }

  /** The task's name and state in words: `<Task pending name="Task-1">`. Python: `asyncio.Task.__repr__` */
  override toString(): string {
    return this.#core.inWords;
  }

  override get [Symbol.toStringTag](): string {
    return "Task";
  }
}

/** What a loop's exception handler is told about an error that nobody else was there to get. Python: none */
export interface ExceptionContext {
  /** What happened. */
  readonly message: string;

  /** The error, if there was one. */
  readonly exception?: unknown;

  /** The future that it concerns. */
  readonly future?: Future<unknown>;

  /** The task that it concerns. */
  readonly task?: Task<unknown>;

  /** The callback that it concerns. */
  readonly handle?: Handle;

  /** Where the task or callback was made, the innermost function first; in debug mode. */
  readonly sourceTraceback?: readonly StackFrame[] | undefined;
}

/** What {@link Loop.setExceptionHandler} takes. Python: none */
export type ExceptionHandler = (loop: Loop, context: ExceptionContext) => unknown;

type LoopHandler = Handler<Loop, ExceptionContext> | undefined;

/** What makes a loop's tasks; see {@link Loop.setTaskFactory}. Python: none */
export type TaskFactory = <T>(
  loop: Loop,
  coroutine: Spawnable<T>,
  options?: TaskOptions,
) => Task<T>;

function notSettable(what: string, how: string): RuntimeError {
  return new RuntimeError(`Cannot set a task's ${what}: its coroutine does that by ${how}`);
}

/**
 * Runs callbacks and the steps of tasks, in the order in which they become ready.
 *
 * Each thread has a loop, which {@link run} uses. Make another to give it a clock of
 * its own, in tests: `run(main, { loopFactory: () => new Loop({ clock }) })`.
 *
 * What is ready runs in iterations. An iteration runs exactly what was ready when it
 * began; what becomes ready meanwhile waits for the next. A loop that has much to run
 * leaves timers and sockets their turn every two milliseconds.
 *
 * Python: `asyncio.EventLoop`, `asyncio.AbstractEventLoop`
 * Differs: times are in milliseconds. Methods that run the loop return promises. The loop has no
 *   methods for sockets and files, which belong to the runtime.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const loop = getRunningLoop();
 *   loop.callSoon((word: string) => console.log(word), "hello"); // hello
 *   loop.callLater(5, (word: string) => console.log(word), "world"); // world
 *   await sleep(10);
 * });
 * ```
 */
export class Loop {
  readonly #core: LoopCore;
  /** In debug mode, callbacks and steps that take so many milliseconds are reported. Python: `asyncio.loop.slow_callback_duration` */
  slowCallbackDuration: number = SLOW_MS;

  static {
    showAsText(this.prototype, (loop) => loop.#core.inWords);
    defineHandle(this.prototype, (loop) => loop.#core);
  }

  /**
   * Makes a loop that does not run yet.
   *
   * Python: `asyncio.new_event_loop`
   *
   * @param options.clock Where it has its time from. Default: the real time.
   */
  constructor(options?: LoopOptions) {
    const { clock = realClock } = checkedOptions(options, ["clock"], "Loop");
    this.#core = new LoopCore(this, clock);
    this.#core.iterations.onLeftAlone = leaveAlone;
    introduceTasks();
  }

  /** The loop's time, in milliseconds from an arbitrary start. Python: `asyncio.loop.time` */
  time(): number {
    return this.#core.clock.time();
  }

  /**
   * Has a function called in the next iteration, in a copy of the context that is current now.
   *
   * Functions are called in the order in which they were given.
   *
   * Python: `asyncio.loop.call_soon`
   *
   * Differs: no `context`: call this within `context.run`.
   *
   * @throws {TypeError} `callback` is not a function.
   * @throws {RuntimeError} The loop is closed.
   */
  callSoon<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    return this.#core.callSoon(callback, args, sessionOfCaller(this.#core));
  }

  /**
   * Does the same as {@link Loop.callSoon}.
   *
   * Python: `asyncio.loop.call_soon_threadsafe`
   * Differs: in another thread, a loop arrives as a {@link LoopHandle}. The loop
   *   needs no wake-up.
   */
  callSoonThreadsafe<A extends unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    this.#core.checkCall(callback, "callSoonThreadsafe");
    return this.callSoon(callback, ...args);
  }

  /**
   * Has a function called after so many milliseconds, in a copy of the context that is current now.
   *
   * Python: `asyncio.loop.call_later`
   *
   * @throws {TypeError} `delayMs` is not a number, or `callback` is not a function.
   * @throws {RangeError} `delayMs` is NaN.
   * @throws {RuntimeError} The loop is closed.
   */
  callLater<A extends unknown[]>(
    delayMs: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkTime(delayMs, "Loop.callLater: the time");
    return this.callAt(this.time() + delayMs, callback, ...args);
  }

  /**
   * Has a function called when the loop's clock, in milliseconds, shows that time.
   *
   * Python: `asyncio.loop.call_at`
   *
   * @throws {TypeError} `whenMs` is not a number, or `callback` is not a function.
   * @throws {RangeError} `whenMs` is NaN.
   * @throws {RuntimeError} The loop is closed.
   */
  callAt<A extends unknown[]>(
    whenMs: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkTime(whenMs, "Loop.callAt: the time");
    return this.#core.callAt(whenMs, callback, args, sessionOfCaller(this.#core));
  }

  /**
   * Has a function told of errors that nobody else gets; `null` to have them printed.
   *
   * In a thread's own loop it is told of those of the current {@link run}, or Runner, only.
   *
   * Python: `asyncio.loop.set_exception_handler`
   *
   * @throws {TypeError} It is neither a function nor `null`.
   */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null) checkedFunction(handler, "Loop.setExceptionHandler: the handler");
    settingsFor(this.#core).handler = handler === null ? undefined : new Handler(handler);
  }

  /** What gets errors, if anything was set. Python: `asyncio.loop.get_exception_handler` */
  getExceptionHandler(): ExceptionHandler | null {
    return (settingsFor(this.#core).handler as LoopHandler)?.fn ?? null;
  }

  /** Prints what happened on standard error. Python: `asyncio.loop.default_exception_handler` */
  defaultExceptionHandler(context: ExceptionContext): void {
    printReport(context);
  }

  /** Tells the exception handler what happened. Python: `asyncio.loop.call_exception_handler` */
  callExceptionHandler(context: ExceptionContext): void {
    checkReport(context);
    const { handler } = settingsFor(this.#core, coreOf(context.task ?? context.future));
    report(this, context, handler as LoopHandler);
  }

  /** Whether debug mode is on. Python: `asyncio.loop.get_debug` */
  getDebug(): boolean {
    return settingsFor(this.#core).isDebug;
  }

  /**
   * Switches debug mode on or off. It makes everything slower, and writes on standard error:
   *
   * - steps and callbacks that take long, see {@link Loop.slowCallbackDuration};
   * - operations that were made and never waited for, once they are collected or the program ends;
   * - tasks that were cancelled and returned as if nothing had been;
   * - tasks that were cancelled a second ago, and still await a promise that is not heddle's.
   *
   * With these, and with errors that nobody gets, it tells where the task or callback was made.
   *
   * Python: `asyncio.loop.set_debug`
   * Differs: Python reports coroutines that were never awaited in any mode, and does not report
   *   swallowed cancellations.
   */
  setDebug(isDebug: boolean): void {
    checkedType(isDebug, "boolean", "Loop.setDebug: isDebug");
    settingsFor(this.#core).isDebug = isDebug;
    this.#core.noteDebug();
  }

  /** Makes a future of this loop. Python: `asyncio.loop.create_future` */
  createFuture<T>(): Future<T> {
    return new Future<T>(new FutureCore<T>(this.#core));
  }

  /**
   * Makes a task of this loop, or has the task factory make it; see {@link createTask}.
   *
   * Python: `asyncio.loop.create_task`
   *
   * @throws {RuntimeError} The loop is closed.
   * @throws {TypeError} No task can be made of it.
   */
  createTask<T>(coroutine: Spawnable<T>, options?: TaskOptions): Task<T> {
    if (this.isClosed()) {
      if (isCoroutine(coroutine)) close(coroutine);
      throw closedError("createTask");
    }
    const factory = this.getTaskFactory();
    if (factory === null) return makeTask(this.#core, coroutine, options);
    const name = checkedTaskName(options);
    const task = factory(this, coroutine, options);
    if (name !== undefined) task.setName(name);
    return task;
  }

  /**
   * Has a function make the loop's tasks; `null` for none.
   *
   * In a thread's own loop it makes those of the current {@link run}, or Runner, only.
   *
   * Python: `asyncio.loop.set_task_factory`
   *
   * @throws {TypeError} It is neither a function nor `null`.
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null) checkedFunction(factory, "Loop.setTaskFactory: the factory");
    settingsFor(this.#core).taskFactory = factory;
  }

  /** What makes the loop's tasks, if anything was set. Python: `asyncio.loop.get_task_factory` */
  getTaskFactory(): TaskFactory | null {
    return (settingsFor(this.#core).taskFactory as TaskFactory | undefined) ?? null;
  }

  /** Whether the loop runs. Python: `asyncio.loop.is_running` */
  isRunning(): boolean {
    return this.#core.isRunning;
  }

  /** Whether the loop has been closed. Python: `asyncio.loop.is_closed` */
  isClosed(): boolean {
    return this.#core.isClosed;
  }

  /**
   * Runs the loop until it is stopped; for one iteration if {@link Loop.stop} was called before.
   *
   * Python: `asyncio.loop.run_forever`
   *
   * Differs: returns a promise. A thread's own loop, which `run` uses, always runs.
   *
   * @throws {RuntimeError} The loop runs already or is closed, or a loop runs the calling code.
   *
   * @example One iteration
   * ```ts
   * import { Loop } from "heddle/asyncio";
   *
   * const loop = new Loop();
   * loop.callSoon(() => console.log("first")); // first
   * loop.callSoon(() => loop.callSoon(() => console.log("in the second iteration")));
   * loop.stop();
   * await loop.runForever();
   * console.log("stopped"); // stopped
   * loop.close();
   * ```
   */
  async runForever(): Promise<void> {
    await this.#core.runForever(loopOfCaller());
  }

  /**
   * Runs the loop until the future is done, or the task of the coroutine; returns its result.
   *
   * Python: `asyncio.loop.run_until_complete`
   *
   * Differs: returns a promise. Python's ValueError is a RangeError.
   *
   * @throws {TypeError} It is not a future, and no task can be made of it.
   * @throws {RangeError} The future belongs to another loop.
   * @throws {RuntimeError} The loop runs already or is closed, or was stopped too early.
   * @throws What the future or coroutine throws.
   */
  async runUntilComplete<T>(future: Spawnable<T>): Promise<T> {
    const given = coreOf(future) as FutureCore<T> | undefined;
    if (given !== undefined && given.loop !== this.#core)
      throw new RangeError("Cannot run the event loop: the future belongs to another event loop");
    this.#core.checkRunnable(loopOfCaller());
    return untilDone(given ?? coreOf(this.createTask(future)), () => this.runForever());
  }

  /**
   * Stops the loop after the iteration that is being run, or else after the next one.
   *
   * Python: `asyncio.loop.stop`
   *
   * @throws {RuntimeError} It is a thread's own loop, which always runs.
   */
  stop(): void {
    this.#core.stop();
  }

  /**
   * Runs `fn(...args)` by an executor, such as a thread pool; returns a future of the loop.
   *
   * Python: `asyncio.loop.run_in_executor`
   *
   * The errors below are thrown by the wait for the future if the executor is the loop's own,
   * which is loaded and made for its first call. If the future is cancelled while the call runs,
   * the call is asked to stop, as that of {@link toThread}.
   *
   * @param executor `null` for the loop's own, which is shut down at the end of the run that
   *   needed it first.
   * @throws {RuntimeError} The loop is closed, or the executor has been shut down.
   * @throws {NotShippableError} Another thread could not run `fn`; says why and what to do.
   *
   * @example
   * ```ts
   * import { getRunningLoop, run } from "heddle/asyncio";
   *
   * const square = (n: number): number => n * n;
   * await run(async () => {
   *   console.log(await getRunningLoop().runInExecutor(null, square, 7)); // 49
   * });
   * ```
   */
  runInExecutor<A extends unknown[], R>(
    executor: CallExecutor | null,
    fn: (...args: A) => R,
    ...args: A
  ): Future<Awaited<R>>;
  runInExecutor<F extends AnyFunction, A extends OverloadArguments<F>>(
    executor: CallExecutor | null,
    fn: F,
    ...args: A
  ): Future<Awaited<OverloadResult<F, A>>>;
  runInExecutor(
    executor: CallExecutor | null,
    fn: AnyFunction,
    ...args: unknown[]
  ): Future<unknown> {
    this.#core.checkCall(fn, "runInExecutor");
    const core = new OwnCallCore(this.#core);
    callByExecutor(executor, core, fn, args);
    return new Future<unknown>(core);
  }

  /**
   * Chooses what {@link Loop.runInExecutor} and {@link toThread} use where they are given no executor.
   *
   * Python: `asyncio.loop.set_default_executor`
   *
   * @throws {TypeError} It is not a ThreadPoolExecutor.
   */
  setDefaultExecutor(executor: CallExecutor): void {
    chooseExecutor(this.#core, executor);
  }

  /**
   * Waits until all calls of the default executor are done, and ends its threads. A later call makes new ones.
   *
   * Python: `asyncio.loop.shutdown_default_executor`
   * Differs: takes no timeout; the loop may use another executor afterwards.
   */
  async shutdownDefaultExecutor(): Promise<void> {
    await shutdownExecutor(this.#core);
  }

  /**
   * Has a function called, in a copy of the current context, whenever the program gets a signal such as `SIGTERM`.
   *
   * It takes the place of a handler that was added before, and of what the signal does otherwise,
   * until the {@link run} or Runner ends that the calling code is in, or the loop is closed.
   *
   * Python: `asyncio.loop.add_signal_handler`
   *
   * Differs: takes the signal's name.
   *
   * @throws {RuntimeError} The loop is closed, or this is not the main thread.
   * @throws {TypeError} There is no such signal, or it cannot be handled; `callback` is not a function.
   */
  addSignalHandler<A extends unknown[]>(
    signal: string,
    callback: (...args: A) => unknown,
    ...args: A
  ): void {
    this.#core.checkCall(callback, "addSignalHandler");
    checkedType(signal, "string", "Loop.addSignalHandler: signal");
    addSignalHandler(this.#core, signal, callback, args);
  }

  /**
   * Takes a signal's handler away. Returns whether there was one.
   *
   * Python: `asyncio.loop.remove_signal_handler`
   */
  removeSignalHandler(signal: string): boolean {
    checkedType(signal, "string", "Loop.removeSignalHandler: signal");
    return this.#core.signals?.remove(signal) ?? false;
  }

  /**
   * Forgets all callbacks and refuses new ones. Does nothing if the loop is closed.
   *
   * Python: `asyncio.loop.close`
   *
   * @throws {RuntimeError} The loop runs.
   */
  close(): void {
    this.#core.close();
  }
}

/** What a future of this copy of heddle consists of; undefined for anything else. */
export function coreOf<T>(future: Future<T>): FutureCore<T>;
export function coreOf(value: unknown): FutureCore | undefined;
export function coreOf(value: unknown): FutureCore | undefined {
  return isObject(value) ? readCore(value) : undefined;
}

/** What users have of a loop. */
export function loopOf({ face }: LoopCore): Loop {
  return face as Loop;
}

/** What a loop does to make a task, unless it has a task factory. */
export function makeTask<T>(
  loop: LoopCore,
  coroutine: Spawnable<T>,
  options?: TaskOptions,
  session: Session = sessionOfCaller(loop),
): Task<T> {
  const given = options === undefined ? undefined : checkedTaskOptions(options);
  const core = newTaskCore(coroutine, given, session);
  const task = new Task(core);
  if (loop.isDebug) noteCreation(task);
  core.begin(given?.eagerStart === true);
  return task;
}
