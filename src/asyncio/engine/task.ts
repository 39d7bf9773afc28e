/** What all tasks have. The subclasses say what a step is. */
import { platform } from "#platform";
import { CancelledError, KeyboardInterrupt, RuntimeError, SystemExit } from "../../errors.ts";
import { type Contents } from "../../contextvars/contents.ts";
import { type Context, contextOf } from "../../contextvars/context.ts";
import { reportSwallowed, watchRequest } from "./cancel-watch.ts";
import { cancelMessage, CancellableTask, mustCancel } from "./cancellation.ts";
import type { Coroutine } from "./coroutine-types.ts";
import { CANCELLED, FAILED, FINISHED, type FutureOptions, settle } from "./future.ts";
import type { Session } from "./session.ts";
import { lineOf, type StackFrame } from "./stack-frames.ts";
import { newTaskId } from "./task-ids.ts";

/** Ends a task with what it returned. Not public. */
export let finishTask: (task: Task<unknown>, result: unknown) => void;
/** Ends a task with what it threw. Not public. */
export let failTask: (task: Task<unknown>, error: unknown) => void;
/** The values that the task's context holds. Not public. */
export let contentsOfTask: (task: Task<unknown>) => Contents;
/** The run that the task belongs to. Not public. */
export let sessionOf: (task: Task<unknown>) => Session;
/** The number of the task. Not public. */
let taskId: (task: Task<unknown>) => number;

/** What a task is made with. */
export interface TaskParts {
  readonly session: Session;
  readonly contents: Contents;
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
export abstract class Task<T> extends CancellableTask<T> {
  readonly #session: Session;
  readonly #contents: Contents;
  readonly #id: number = newTaskId(taskId);
  #name: string | undefined = undefined;

  static {
    finishTask = (task, result) => task.#finish(result);
    failTask = (task, error) => task.#fail(error);
    contentsOfTask = (task) => task.#contents;
    sessionOf = (task) => task.#session;
    taskId = (task) => task.#id;
  }

  /** {@link createTask} makes tasks. @internal */
  constructor({ session, contents }: TaskParts) {
    super(session.loop as FutureOptions);
    this.#session = session;
    this.#contents = contents;
    session.tasks.add(this);
  }

  /** The task's name; `Task-` and a number unless it was given one. Python: `asyncio.Task.get_name` */
  getName(): string {
    return this.#name ?? `Task-${this.#id}`;
  }

  /** Gives the task another name. Python: `asyncio.Task.set_name` */
  setName(name: unknown): void {
    this.#name = String(name);
  }

  /** The context that the task runs in. Python: `asyncio.Task.get_context` */
  getContext(): Context {
    return contextOf(this.#contents);
  }

  /**
   * The coroutine that the task runs, or the function that it was made of.
   *
   * Python: `asyncio.Task.get_coro`
   */
  abstract getCoro(): Coroutine<T> | (() => unknown) | undefined;

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
  abstract getStack(options?: { readonly limit?: number | undefined }): StackFrame[];

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
    const lines: string[] = [];
    for (const frame of this.getStack(options)) lines.unshift(`  ${lineOf(frame)}`);
    const title = lines.length === 0 ? "No stack" : "Stack";
    platform.errorStream.write([`${title} for ${String(this)}`, ...lines, ""].join("\n"));
  }

  /**
   * Always throws: only its coroutine can complete a task.
   *
   * Python: `asyncio.Task.set_result`
   *
   * @throws {RuntimeError} Always.
   */
  override setResult(_result: T): never {
    throw new RuntimeError("Cannot set the result of a task: its coroutine does that by returning");
  }

  /**
   * Always throws: only its coroutine can complete a task.
   *
   * Python: `asyncio.Task.set_exception`
   *
   * @throws {RuntimeError} Always.
   */
  override setException(_exception: unknown): never {
    throw new RuntimeError(
      "Cannot set the exception of a task: its coroutine does that by throwing",
    );
  }

  /** The task's name and state in words: `<Task pending name="Task-1">`. Python: `asyncio.Task.__repr__` */
  override toString(): string {
    const [, state = ""] = /^<\w+ (.*)>$/s.exec(super.toString()) ?? [];
    const [word = ""] = state.split(" ", 1);
    const shown = word === "pending" && this.cancelling() > 0 ? "cancelling" : word;
    return `<Task ${shown} name=${JSON.stringify(this.getName())}${state.slice(word.length)}>`;
  }

  override get [Symbol.toStringTag](): string {
    return "Task";
  }

  /** @internal */
  protected override noteRequest(): void {
    watchRequest(this);
  }

  #finish(result: unknown): void {
    this.#session.tasks.delete(this);
    if (mustCancel(this)) {
      settle(this, CANCELLED, cancelMessage(this));
      return;
    }
    if (this.cancelling() > 0 && this.getLoop().getDebug()) reportSwallowed(this);
    settle(this, FINISHED, result);
  }

  #fail(error: unknown): void {
    this.#session.tasks.delete(this);
    if (error instanceof CancelledError) {
      settle(this, CANCELLED, error);
      return;
    }
    settle(this, FAILED, error);
    if (error instanceof KeyboardInterrupt || error instanceof SystemExit)
      this.#session.onExit?.(error);
  }
}
