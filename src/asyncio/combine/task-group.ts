/**
 * Tasks that belong together.
 *
 * A group is entered by a task, its parent. If a child fails, or the body does, all
 * children are cancelled, and so is the parent if it is in the body or waits for the
 * children (`#hasCancelledParent`): once, and the group takes that request back when
 * it is left. The group is left when all its children are done, however often the
 * parent is cancelled meanwhile.
 *
 * The errors of children and body leave the group as one ExceptionGroup. If there are
 * none, a CancelledError leaves it, unless it was the group's own doing. If there are
 * some, and somebody else has cancelled the parent too, that request would be lost with
 * the CancelledError: so it is taken back and requested again, to be delivered after the group.
 */
import { showAsText } from "../../base/text.ts";
import { coreOf, type Task, loopOf } from "../engine/classes.ts";
import { futureOf } from "../engine/faces.ts";
import type { Awaitable, Body, Coroutine, Spawnable, TaskOptions } from "../events.ts";
import { CancelledError, ExceptionGroup, RuntimeError } from "../../errors.ts";
import { callBody, Given } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";
import { FINISHED, FutureCore } from "../engine/future-core.ts";
import { Block } from "../engine/parts.ts";
import { isExit, NO_ERROR } from "../engine/step.ts";
import type { TaskCore } from "../engine/task-core.ts";
import { addRelay } from "./relay.ts";
import { close, isCoroutine } from "../engine/spawnable.ts";
import { taskOfCaller } from "../engine/caller.ts";

const NEW = "new";
const ENTERED = "entered";
/** The body is over; children may go on, and make others. */
const LEAVING = "leaving";
const LEFT = "left";

type State = typeof NEW | typeof ENTERED | typeof LEAVING | typeof LEFT;

/** Enters the block. */
let enter: (group: TaskGroup) => void;
/** Leaves the block. */
let leave: (group: TaskGroup, bodyError: unknown) => Coroutine<void>;

/**
 * Tasks that are waited for, and cancelled, together; {@link taskGroup} makes one.
 *
 * Python: `asyncio.TaskGroup`
 * Differs: {@link TaskGroup.run} takes the place of `async with`.
 *
 * @example
 * ```ts
 * import { run, sleep, TaskGroup } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const group = new TaskGroup();
 *   const [a, b] = await group.run(() => [
 *     group.createTask(sleep(1, "warp")),
 *     group.createTask(sleep(1, "weft")),
 *   ]);
 *   console.log(a.result(), b.result()); // warp weft
 * });
 * ```
 */
export class TaskGroup {
  #state: State = NEW;
  #isAborting = false;
  #isCancelled = false;
  #hasCancelledParent = false;
  #parent: TaskCore | undefined;
  /** What of the parent is cancelled with the group. */
  #block: Block | undefined;
  readonly #children = new Set<FutureCore>();
  readonly #errors: unknown[] = [];
  /** An error that leaves the group as it is. */
  #exit: unknown = NO_ERROR;
  /** Done when the last child is, while that is waited for. */
  #childless: FutureCore<void> | undefined;

  static {
    showAsText(this.prototype);
    enter = (group) => group.#enter();
    leave = (group, error) => group.#leave(error);
  }

  /**
   * Makes a task that belongs to the group; see {@link createTask}.
   *
   * Python: `asyncio.TaskGroup.create_task`
   *
   * @throws {RuntimeError} The group has not been entered, is over, or is ending.
   * @throws {TypeError} No task can be made of it.
   */
  createTask<T>(work: Spawnable<T>, options?: TaskOptions): Task<T> {
    const reason = this.#whyNoTask();
    const parent = this.#parent;
    if (reason !== undefined || parent === undefined) {
      if (isCoroutine(work)) close(work);
      throw new RuntimeError(`Cannot create a task in the group: it ${reason}`);
    }
    const task = loopOf(parent.loop).createTask(work, options);
    const child = coreOf(task);
    // It has had its first step, and needs no waiting for. A failure is not for the caller of this.
    if (child.state === FINISHED) return task;
    this.#children.add(child);
    addRelay(child, this.#onDone, parent);
    // Its first step may have ended the group.
    if (this.#isAborting && child.isPending) child.requestCancel();
    return task;
  }

  /**
   * Ends the group without an error: cancels the body and all children.
   *
   * Does nothing when the group is over. Before it is entered, it is cancelled then.
   *
   * Python: `asyncio.TaskGroup.cancel`
   */
  cancel(): void {
    this.#isCancelled = true;
    if (this.#state === NEW || this.#state === LEFT) return;
    if (!this.#isAborting) this.#abort();
    this.#cancelParent();
  }

  /**
   * Runs the body, then waits for all children.
   *
   * Python: `asyncio.TaskGroup.__aenter__`, `asyncio.TaskGroup.__aexit__`
   *
   * @returns What the body returns; nothing if {@link TaskGroup.cancel} ended it.
   * @throws {ExceptionGroup} A child or the body failed; has all their errors.
   * @throws {RuntimeError} It has been run before, or the calling code is in no task.
   */
  run<T>(body: Body<[this], T>): Awaitable<T> {
    return runGroup(
      this,
      new Given(body as Body<[TaskGroup], unknown>, 'TaskGroup.run: "body"'),
    ) as Awaitable<T>;
  }

  /** The group's state in words: `<TaskGroup entered tasks=2>`. Python: `asyncio.TaskGroup.__repr__` */
  toString(): string {
    const tasks = this.#children.size > 0 ? ` tasks=${this.#children.size}` : "";
    const errors = this.#errors.length > 0 ? ` errors=${this.#errors.length}` : "";
    const word = this.#isAborting ? "cancelling" : this.#state;
    return `<TaskGroup ${word}${tasks}${errors}>`;
  }

  get [Symbol.toStringTag](): string {
    return "TaskGroup";
  }

  #whyNoTask(): string | undefined {
    if (this.#state === NEW) return "has not been entered";
    if (this.#state === LEFT || (this.#state === LEAVING && this.#children.size === 0))
      return "is finished";
    return this.#isAborting ? "is shutting down" : undefined;
  }

  #enter(): void {
    if (this.#state !== NEW)
      throw new RuntimeError("Cannot enter the task group: it has already been entered");
    const parent = taskOfCaller();
    if (parent === undefined)
      throw new RuntimeError("Cannot enter the task group: there is no parent task here");
    this.#state = ENTERED;
    this.#parent = parent;
    this.#block = new Block(parent);
    if (this.#isCancelled) this.cancel();
  }

  #abort(): void {
    this.#isAborting = true;
    for (const child of this.#children) child.requestCancel();
  }

  #cancelParent(): void {
    if (this.#hasCancelledParent) return;
    this.#hasCancelledParent = true;
    this.#block?.cancel();
  }

  readonly #onDone = (child: FutureCore): void => {
    this.#children.delete(child);
    if (this.#children.size === 0) this.#childless?.settleOnce(FINISHED, undefined);
    if (child.isCancelled) return;
    const error = child.takeError();
    if (error === NO_ERROR) return;
    this.#errors.push(error);
    if (isExit(error) && this.#exit === NO_ERROR) this.#exit = error;
    if (this.#parent?.isPending === false) {
      const message = "A task of a group failed, and the group's parent task is done already";
      const task = futureOf(child);
      child.loop.face.callExceptionHandler({ message, exception: error, task });
    } else if (!this.#isAborting && !this.#hasCancelledParent) {
      this.#abort();
      this.#cancelParent();
    }
  };

  /** Waits for the children; returns normally if no error is to leave the group. */
  *#leave(bodyError: unknown): Coroutine<void> {
    const parent = this.#parent as TaskCore;
    this.#state = LEAVING;
    if (isExit(bodyError) && this.#exit === NO_ERROR) this.#exit = bodyError;
    let cancellation = bodyError instanceof CancelledError ? bodyError : undefined;
    if (bodyError !== NO_ERROR && !this.#isAborting) this.#abort();
    const later = yield* this.#untilChildless(parent);
    cancellation ??= later.first;
    this.#state = LEFT;
    const block = this.#block as Block;
    block.leave();
    if (this.#exit !== NO_ERROR) throw this.#exit as Error;
    if (this.#hasCancelledParent) {
      if (block.othersRequests === 0) cancellation = undefined;
      else cancellation ??= later.last;
    }
    if (cancellation !== undefined && this.#errors.length === 0) throw cancellation;
    if (bodyError !== NO_ERROR && !(bodyError instanceof CancelledError))
      this.#errors.push(bodyError);
    if (this.#errors.length === 0) return;
    if (block.othersRequests > 0) block.passOnRequest();
    throw new ExceptionGroup("Unhandled errors in a task group", this.#errors);
  }

  /**
   * Waits until no child is left, even while the parent is being cancelled.
   *
   * @returns The cancellation that had the children cancelled, and the last one of all.
   */
  *#untilChildless(parent: TaskCore): Coroutine<Cancellations> {
    let first: CancelledError | undefined;
    let last: CancelledError | undefined;
    while (this.#children.size > 0) {
      this.#childless = new FutureCore<void>(parent.loop);
      try {
        yield* this.#childless;
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error;
        last = error;
        if (!this.#isAborting) {
          first = error;
          this.#abort();
        }
      }
      this.#childless = undefined;
    }
    return { first, last };
  }
}

interface Cancellations {
  readonly first: CancelledError | undefined;
  readonly last: CancelledError | undefined;
}

/**
 * Runs the body, which may make tasks in the group that it is called with, then waits for them.
 *
 * If one of them fails, or the body does, all others are cancelled.
 *
 * Python: `asyncio.TaskGroup`
 *
 * Differs: takes the body as a function, in place of `async with`.
 *
 * @returns What the body returns; nothing if {@link TaskGroup.cancel} ended it.
 * @throws {ExceptionGroup} A task or the body failed; has all their errors.
 * @throws {RuntimeError} The calling code is in no task.
 *
 * @example
 * ```ts
 * import { run, sleep, taskGroup } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const [a, b] = await taskGroup(async (group) => [
 *     group.createTask(sleep(2, "hello")),
 *     group.createTask(() => sleep(1, "world")),
 *   ]);
 *   console.log(a?.result(), b?.result()); // hello world
 * });
 * ```
 */
export function taskGroup<T>(body: Body<[TaskGroup], T>): Awaitable<T> {
  return new TaskGroup().run(body);
}

const runGroup: (group: TaskGroup, body: Given<Body<[TaskGroup], unknown>>) => Awaitable<unknown> =
  /* @__PURE__ */ coroutine(function* (
    group: TaskGroup,
    body: Given<Body<[TaskGroup], unknown>>,
  ): Coroutine<unknown> {
    enter(group);
    let result: unknown;
    let error: unknown = NO_ERROR;
    try {
      result = yield* callBody(body, group);
    } catch (thrown) {
      error = thrown;
    }
    yield* leave(group, error);
    return result;
  });
