/**
 * Runs, one after the other, and what is to be cleaned up after them.
 *
 *   NEW → OPEN      the first `run` or `getLoop`: there is a loop, and a session on it
 *   OPEN → CLOSED   close: the session's tasks are cancelled, and waited for
 *   NEW → CLOSED    close
 */
import { checkedFunction } from "../base/functions.ts";
import { whileWatched } from "#asyncio-host";
import { showAsText } from "../base/text.ts";
import { coreOf, type Future, type Loop, loopOf, makeTask } from "./engine/classes.ts";
import { futureOn, threadLoop } from "./engine/faces.ts";
import { addAsyncDispose } from "../base/dispose.ts";
import { checkedOption, checkedOptions } from "../base/options.ts";
import { type Context, copyContext } from "../contextvars/context.ts";
import { RuntimeError } from "../errors.ts";
import { loopOfCaller } from "./engine/caller.ts";
import { callWhenDone } from "./engine/future-core.ts";
import { coreOfLoop, type LoopCore, Session } from "./engine/loop-core.ts";
import type { Spawnable, TaskFace } from "./events.ts";

/** What {@link run} takes besides the coroutine. Python: none */
export interface RunOptions {
  /** Whether to switch debug mode on, or off; see {@link Loop.setDebug}. Default: off, or as the loop of `loopFactory` has it. */
  readonly debug?: boolean | undefined;
  /** Makes the loop to use, which is closed in the end. Default: the thread's own loop. */
  readonly loopFactory?: (() => Loop) | undefined;
}

/** What {@link Runner.run} takes besides the coroutine. Python: none */
export interface RunnerRunOptions {
  /** What the coroutine runs in. Default: the runner's own context. */
  readonly context?: Context | undefined;
}

/**
 * Runs several coroutines, one after the other, in the same context, and cleans up at the end.
 *
 * Python: `asyncio.Runner`
 * Differs: runs are promises. Use `await using`, or call {@link Runner.close}.
 *
 * @example
 * ```ts
 * import { Runner, sleep } from "heddle/asyncio";
 * import { ContextVar } from "heddle/contextvars";
 *
 * const user = new ContextVar<string>("user");
 * const runner = new Runner();
 * await runner.run(async () => user.set("ada"));
 * await runner.run(async () => {
 *   await sleep(1);
 *   console.log(user.get()); // ada
 * });
 * await runner.close();
 * ```
 */
export class Runner {
  readonly #debug: boolean | undefined;
  readonly #loopFactory: (() => Loop) | undefined;
  #state: "new" | "open" | "closed" = "new";
  /** There while it is open. */
  #session: Session | undefined;
  #context: Context | undefined;
  /** Calls {@link Runner.close}. Python: `asyncio.Runner.__exit__` */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;

  static {
    addAsyncDispose(this.prototype, (runner) => runner.close());
    showAsText(this.prototype, (runner) => `<Runner ${runner.#state}>`);
  }

  /**
   * @param options.debug Whether to switch debug mode on, or off. Default: off, or as the loop has it.
   * @param options.loopFactory Makes the loop to use, at the first run.
   */
  constructor(options?: RunOptions) {
    const { debug, loopFactory } = checkedOptions(options, ["debug", "loopFactory"], "run");
    this.#debug = checkedOption(debug, "boolean", 'run: "debug"');
    if (loopFactory !== undefined) checkedFunction(loopFactory, 'run: "loopFactory"');
    this.#loopFactory = loopFactory;
  }

  /**
   * Runs a coroutine, or an async function, as a task; returns what it returns.
   *
   * Python: `asyncio.Runner.run`
   *
   * @param options.context What it runs in. Default: the runner's own context.
   * @throws {RuntimeError} The runner is closed, or a loop runs the calling code.
   * @throws {TypeError} It is nothing that can be run.
   * @throws {KeyboardInterrupt} Ctrl-C was pressed, and the coroutine was cancelled for that.
   * @throws {DeadlockError} The program would end here, since the tasks wait for what never happens.
   */
  async run<T>(main: Spawnable<T>, options?: RunnerRunOptions): Promise<T> {
    if (loopOfCaller() !== undefined) {
      throw new RuntimeError(
        "Cannot run the coroutine: the calling code runs in an event loop. Await it, or pass it to createTask()",
      );
    }
    const { context } = checkedOptions(options, ["context"], "Runner.run");
    const session = this.#open();
    const { sessions } = session.loop;
    const loop = loopOf(session.loop);
    // The tasks of a factory find their session by its place.
    sessions.splice(sessions.indexOf(session), 1);
    sessions.push(session);
    this.#context ??= copyContext();
    const task = loop.createTask(main, {
      context: context === undefined ? this.#context : context,
    });
    return whileWatched(session, task, () => complete(session, task));
  }

  /**
   * The loop that runs go to.
   *
   * Python: `asyncio.Runner.get_loop`
   *
   * @throws {RuntimeError} The runner is closed.
   */
  getLoop(): Loop {
    return loopOf(this.#open().loop);
  }

  /**
   * Cancels the tasks that runs have left behind, and those that these begin meanwhile, and waits for them.
   *
   * Does nothing the second time.
   *
   * Python: `asyncio.Runner.close`
   * Differs: tasks that are created while the runner cancels the others are cancelled, too;
   *   Python leaves them.
   */
  async close(): Promise<void> {
    const session = this.#session;
    this.#state = "closed";
    if (session === undefined) return;
    this.#session = undefined;
    const { loop } = session;
    try {
      await cancelAll(session);
      await runClosers(session);
    } finally {
      session.onClosed?.();
      loop.endSession(session);
      if (this.#loopFactory !== undefined) loopOf(loop).close();
    }
  }

  #open(): Session {
    if (this.#state === "closed") throw new RuntimeError("Cannot run: the runner is closed");
    this.#state = "open";
    if (this.#session === undefined) {
      const loop = this.#loopFactory === undefined ? threadLoop() : madeBy(this.#loopFactory);
      this.#session = new Session(loop);
      loop.sessions.push(this.#session);
      if (this.#debug !== undefined) {
        (loop.isShared ? this.#session : loop.ownSession).isDebug = this.#debug;
        loop.noteDebug();
      }
    }
    return this.#session;
  }
}

function madeBy(factory: () => Loop): LoopCore {
  const loop = coreOfLoop(factory());
  if (loop === undefined) throw new TypeError('Runner: "loopFactory" must return a Loop');
  return loop;
}

/** Runs the loop, if it does not run, until the future is done. */
async function complete<T>(session: Session, future: Future<T>): Promise<T> {
  const loop = loopOf(session.loop);
  if (!loop.isRunning()) return loop.runUntilComplete(future);
  return new Promise((resolve, reject) => {
    session.onExit = reject;
    callWhenDone(coreOf(future), resolve, reject);
  });
}

async function cancelAll(session: Session): Promise<void> {
  while (session.tasks.size > 0) {
    const tasks = [...session.tasks];
    for (const task of tasks) task.cancel();
    await complete(session, allDone(session.loop, tasks));
    for (const task of tasks) reportFailure(session.loop, task);
  }
}

/** A future that is done when the tasks are. */
function allDone(loop: LoopCore, tasks: readonly TaskFace[]): Future<void> {
  const done = futureOn<void>(loop);
  let left = tasks.length;
  const countDown = (): void => {
    left -= 1;
    if (left === 0) done.setResult();
  };
  for (const task of tasks) task.addDoneCallback(countDown);
  return done;
}

function reportFailure(loop: LoopCore, task: TaskFace): void {
  if (task.cancelled()) return;
  const exception = task.exception();
  if (exception === undefined) return;
  const message = "Unhandled exception while a run was being ended";
  loop.face.callExceptionHandler({ message, exception, task });
}

async function runClosers(session: Session): Promise<void> {
  session.isClosing = true;
  for (const closer of session.closers) {
    session.closers.delete(closer);
    const task = makeTask(session.loop, async () => closer(), undefined, session);
    await complete(session, task);
  }
}
