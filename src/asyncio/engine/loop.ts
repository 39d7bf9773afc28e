/** The public face of a loop: what it does with futures and tasks, and how it is run. */
import type { AnyFunction } from "../../base/functions.ts";
import { RuntimeError } from "../../errors.ts";
import type { OverloadArguments, OverloadResult } from "../../concurrent/futures/call-types.ts";
import type { Executor } from "../../concurrent/futures/executor.ts";
import { checkedOptions } from "../../base/options.ts";
import { currentContents } from "../../contextvars/contents.ts";
import { type LoopClock, realClock } from "./clock.ts";
import type { Spawnable } from "./coroutine-types.ts";
import { makeTask, type TaskOptions } from "./create-task.ts";
import { DefaultExecutor } from "../threads/default-executor.ts";
import { type Future, futureOn, isFuture } from "./future.ts";
import { Call } from "./handle.ts";
import { checkCall, iterationsOf, LoopCore, sessionsOf } from "./loop-core.ts";
import { runningLoop } from "./running-loop.ts";
import { Signals } from "./signals.ts";
import { isCoroutine } from "./spawnable.ts";
import type { Session } from "./session.ts";
import { failTask, type Task } from "./task.ts";
import { introduceTasks } from "../threads/task-side.ts";
import { noteThread } from "../../program/shared-object.ts";
import { addressOf, HANDLE } from "../../wire/handles.ts";
import { RemoteLoop, mailOf } from "../threads/remote-loop.ts";
import { LoopMail } from "../threads/loop-mail.ts";
import { wrapFuture } from "../threads/wrap-future.ts";

/** What makes a loop's tasks; see {@link Loop.setTaskFactory}. Python: none */
export type TaskFactory = <T>(
  loop: Loop,
  coroutine: Spawnable<T>,
  options?: TaskOptions,
) => Task<T>;

/** What a {@link Loop} can be made with. Python: none */
export interface LoopOptions {
  /** Where it has its time from. Default: the real time. */
  readonly clock?: LoopClock | undefined;
}

/** Has a new loop run for as long as its agent lives. Not public. */
export let runAlways: (loop: Loop) => void;
/** What runs the loop's calls in other threads. Not public. */
export let defaultExecutorOf: (loop: Loop) => DefaultExecutor;

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
export class Loop extends LoopCore {
  readonly #signals = new Signals();
  readonly #executor = new DefaultExecutor(this);
  /** There once the loop has been sent to another thread. */
  #mail: LoopMail | undefined;
  #handle: RemoteLoop | undefined;
  #taskFactory: TaskFactory | null = null;
  #state: "stopped" | "running" | "always running" | "closed" = "stopped";
  /** Whether `stop` was called, and the loop has not stopped since. */
  #isToStop = false;
  /** Ends `runForever`. */
  #onStopped: (() => void) | undefined;

  static {
    defaultExecutorOf = (loop) => loop.#executor;
    // Asked for when a loop is sent to another thread.
    Object.defineProperty(this.prototype, HANDLE, {
      get(this: Loop): number {
        return addressOf(this.#exposed()) as number;
      },
    });
    runAlways = (loop) => {
      loop.#state = "always running";
      iterationsOf(loop).begin();
    };
  }

  /**
   * Makes a loop that does not run yet.
   *
   * Python: `asyncio.new_event_loop`
   *
   * @param options.clock Where it has its time from. Default: the real time.
   */
  constructor(options?: LoopOptions) {
    const { clock = realClock } = checkedOptions(options, ["clock"], "new Loop()");
    super(clock);
    iterationsOf(this).onAdrift = (task) => failTask(task as Task<unknown>, adrift());
    introduceTasks();
    noteThread(); // so that a loop is looked for in what is sent
  }

  /** What other threads have in its place. */
  #exposed(): RemoteLoop {
    if (this.#handle === undefined) {
      this.#handle = new RemoteLoop();
      this.#mail = new LoopMail(this, mailOf(this.#handle));
    }
    return this.#handle;
  }

  /** Makes a future of this loop. Python: `asyncio.loop.create_future` */
  createFuture<T>(): Future<T> {
    return futureOn<T>(this);
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
    if (this.#state === "closed") {
      if (isCoroutine(coroutine)) coroutine.return(undefined as T);
      throw this.#closedError("createTask");
    }
    const factory = this.#taskFactory;
    if (factory === null) return makeTask(this, coroutine, options);
    const task = factory(this, coroutine, options);
    if (options?.name !== undefined) task.setName(options.name);
    return task;
  }

  /**
   * Has a function make the loop's tasks; `null` for none.
   *
   * Python: `asyncio.loop.set_task_factory`
   *
   * @throws {TypeError} It is neither a function nor `null`.
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== "function") {
      const given = typeof factory;
      throw new TypeError(`Cannot set the task factory: expected a function or null, not ${given}`);
    }
    this.#taskFactory = factory;
  }

  /** What makes the loop's tasks, if anything was set. Python: `asyncio.loop.get_task_factory` */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory;
  }

  /** Whether the loop runs. Python: `asyncio.loop.is_running` */
  isRunning(): boolean {
    return this.#state === "running" || this.#state === "always running";
  }

  /** Whether the loop has been closed. Python: `asyncio.loop.is_closed` */
  override isClosed(): boolean {
    return this.#state === "closed";
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
    this.#checkRunnable();
    this.#state = "running";
    const session = sessionsOf(this).at(-1) as Session;
    await new Promise<void>((resolve, reject) => {
      const ended = (): void => {
        this.#state = "stopped";
        this.#isToStop = false;
        this.#onStopped = session.onExit = undefined;
      };
      this.#onStopped = () => {
        ended();
        resolve();
      };
      session.onExit = (error) => {
        iterationsOf(this).endAfterIteration(() => {
          ended();
          reject(error);
        });
      };
      if (this.#isToStop) iterationsOf(this).endAfterIteration(this.#onStopped);
      iterationsOf(this).begin();
    });
  }

  /**
   * Runs the loop until the future is done, or the task of the coroutine; returns its result.
   *
   * Python: `asyncio.loop.run_until_complete`
   *
   * Differs: returns a promise. Python's ValueError is a RangeError.
   *
   * @throws {TypeError} It is no future, and no task can be made of it.
   * @throws {RangeError} The future belongs to another loop.
   * @throws {RuntimeError} The loop runs already or is closed, or was stopped too early.
   * @throws What the future or coroutine throws.
   */
  async runUntilComplete<T>(future: Spawnable<T>): Promise<T> {
    if (isFuture(future) && future.getLoop() !== this)
      throw new RangeError("Cannot run the event loop: the future belongs to another one");
    this.#checkRunnable();
    const awaited = (isFuture(future) ? future : this.createTask(future)) as Future<T>;
    const stop = (): void => this.stop();
    awaited.addDoneCallback(stop);
    try {
      await this.runForever();
    } finally {
      awaited.removeDoneCallback(stop);
    }
    if (!awaited.done())
      throw new RuntimeError("Cannot get the result: the event loop was stopped before that");
    return awaited.result();
  }

  /**
   * Stops the loop after the iteration that is being run, or else after the next one.
   *
   * Python: `asyncio.loop.stop`
   *
   * @throws {RuntimeError} It is a thread's own loop, which always runs.
   */
  stop(): void {
    if (this.#state === "always running")
      throw new RuntimeError("Cannot stop the event loop: a thread's own loop always runs");
    this.#isToStop = true;
    if (this.#onStopped !== undefined) iterationsOf(this).endAfterIteration(this.#onStopped);
  }

  /**
   * Runs `fn(...args)` by an executor, such as a thread pool; returns a future of the loop.
   *
   * Python: `asyncio.loop.run_in_executor`
   *
   * @param executor `null` for the loop's own, which is made when it is needed, and shut
   *   down at the end of the run that needed it first.
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
    executor: Executor | null,
    fn: (...args: A) => R,
    ...args: A
  ): Future<Awaited<R>>;
  runInExecutor<F extends AnyFunction, A extends OverloadArguments<F>>(
    executor: Executor | null,
    fn: F,
    ...args: A
  ): Future<Awaited<OverloadResult<F, A>>>;
  runInExecutor(executor: Executor | null, fn: AnyFunction, ...args: unknown[]): Future<unknown> {
    checkCall(this, fn, "runInExecutor");
    const runner = executor ?? this.#executor.get();
    return wrapFuture(runner.submit(fn, ...args), { loop: this });
  }

  /**
   * Chooses what {@link Loop.runInExecutor} and {@link toThread} use where they are given no executor.
   *
   * Python: `asyncio.loop.set_default_executor`
   *
   * @throws {TypeError} It is no ThreadPoolExecutor.
   */
  setDefaultExecutor(executor: Executor): void {
    this.#executor.set(executor);
  }

  /**
   * Waits until all calls of the default executor are done, and ends its threads. A later call makes new ones.
   *
   * Python: `asyncio.loop.shutdown_default_executor`
   * Differs: takes no timeout; the loop may use another executor afterwards.
   */
  async shutdownDefaultExecutor(): Promise<void> {
    await this.#executor.shutdown();
  }

  /**
   * Has a function called, in the current context, whenever the program gets a signal such as `SIGTERM`.
   *
   * It takes the place of a handler that was added before, and of what the signal does otherwise.
   *
   * Python: `asyncio.loop.add_signal_handler`
   *
   * Differs: takes the signal's name.
   *
   * @throws {RuntimeError} The loop is closed, or this is not the main thread.
   * @throws {TypeError} There is no such signal, or it cannot be handled; `callback` is no function.
   */
  addSignalHandler<A extends unknown[]>(
    signal: string,
    callback: (...args: A) => unknown,
    ...args: A
  ): void {
    checkCall(this, callback, "addSignalHandler");
    const contents = currentContents();
    this.#signals.set(signal, () => {
      iterationsOf(this).push(new Call(this, callback, args, contents));
    });
  }

  /**
   * Takes a signal's handler away. Returns whether there was one.
   *
   * Python: `asyncio.loop.remove_signal_handler`
   */
  removeSignalHandler(signal: string): boolean {
    return this.#signals.remove(signal);
  }

  /**
   * Forgets all callbacks and refuses new ones. Does nothing if the loop is closed.
   *
   * Python: `asyncio.loop.close`
   *
   * @throws {RuntimeError} The loop runs.
   */
  close(): void {
    if (this.isRunning()) throw new RuntimeError("Cannot close the event loop: it is running");
    this.#state = "closed";
    this.#mail?.close();
    this.setDebug(false);
    this.#signals.clear();
    iterationsOf(this).clear();
  }

  #checkRunnable(): void {
    if (this.#state === "closed") throw this.#closedError("runForever");
    if (this.isRunning()) throw new RuntimeError("Cannot run the event loop: it runs already");
    if (runningLoop() !== undefined)
      throw new RuntimeError("Cannot run the event loop: another one runs the calling code");
  }

  #closedError(method: string): RuntimeError {
    return new RuntimeError(`Cannot call Loop.${method}: the event loop is closed`);
  }
}

function adrift(): RuntimeError {
  return new RuntimeError(
    "Cannot go on: the task awaits a promise that is not heddle's, and this runtime cannot tell " +
      "afterwards to which task the function belongs. Write await fromPromise(…) around it, or a generator",
  );
}
