/**
 * What a task consists of, for the engine: the record behind a `Task`. How it
 * takes its steps, waits, and is cancelled.
 *
 * A task runs a generator, or calls a function. A step of a generator is a call of its
 * `next` or `throw`; what that yields is the future that the task waits for
 * (`waitingOn`). The first step of a function calls it, in an ambient scope that names
 * the task: by it, what the function awaits later finds its task. Each `await` of
 * something of heddle's is an {@link AsyncAwait}, and there can be several at once
 * (`awaits`). Each further step begins in one of these, and ends when the next one parks.
 *
 * `cancel` first cancels what the task waits for: that makes the task ready, with a
 * CancelledError to be thrown where it waits. If it waits for nothing that can be
 * cancelled, the request is noted (`mustCancel`), and delivered at the next step, or,
 * where a task cancels itself, at its next wait. One request is delivered once: code that
 * catches the error goes on undisturbed, until the task is cancelled again.
 *
 * The end of an async function that is a {@link PartOfTask} is nothing that a task waits
 * for: the awaits within it are.
 */
import { platform } from "#platform";
import { isThenable } from "../../base/functions.ts";
import { CancelledError, RuntimeError } from "../../errors.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import { type Contents, currentContents, runInScope } from "../../contextvars/contents.ts";
import type { AsyncScope } from "../../platform/platform.ts";
import type { Coroutine, Runnable, StackFrame, Suspend, TaskFace } from "../events.ts";
import { reportSwallowed, watchRequest } from "./debug.ts";
import { CANCELLED, FAILED, FINISHED, FutureCore, PENDING } from "./future-core.ts";
import type { Session } from "./loop-core.ts";
import { probe } from "./probe.ts";
import { isIterated } from "./spawnable.ts";
import { framesOf } from "./stack-frames.ts";
import { isExit, NO_ERROR, takeStep } from "./step.ts";
import { checkedSuspension, waitInWords } from "./suspension.ts";

type Operation = Iterator<Suspend, unknown, unknown>;

/** An AbortController, which declarations may not name: a program may have no type of it. */
interface Abortion {
  readonly signal: WebAbortSignal;
  abort(reason: unknown): void;
}

export class TaskCore<T = unknown> extends FutureCore<T> implements Runnable {
  declare readonly session: Session;
  declare readonly contents: Contents;
  /** The async scope of the code that made it, in which its generator runs. */
  declare readonly scope: AsyncScope;
  declare readonly id: number;
  declare name: string | undefined;
  /** What it runs, or the function that it calls. The generator is forgotten if the first step ended it at once. */
  declare made: Coroutine<T> | (() => unknown) | undefined;
  /** Whether an async function has been called, which goes on without the loop. */
  declare hasBegun: boolean;
  /** How often it was asked to cancel, less how often that was taken back. */
  declare requests: number;
  /** Whether a cancellation was requested that has not been delivered. */
  declare mustCancel: boolean;
  /** Whether that request was delivered too late to a wait whose result the task has now: it does not end the task. */
  declare isLate: boolean;
  /** What was given to that request. */
  declare message: unknown;
  /** What its own generator waits for, if it waits. */
  declare waitingOn: FutureCore | undefined;
  /** What async functions of it await. */
  declare awaits: AsyncAwait[] | undefined;
  /** What aborts the signal that was asked for. */
  declare abortion: Abortion | undefined;

  /**
   * @param made The generator that it runs, or the function that it calls.
   * @param id The number that no other task of this thread has.
   */
  constructor(
    made: Coroutine<T> | (() => unknown),
    session: Session,
    contents: Contents,
    id: number,
  ) {
    super(session.loop);
    this.made = made;
    this.session = session;
    this.contents = contents;
    this.scope = platform.asyncScope();
    this.id = id;
    this.name = undefined;
    this.message = undefined;
    this.waitingOn = undefined;
    this.awaits = undefined;
    this.abortion = undefined;
    this.hasBegun = false;
    this.requests = 0;
    this.mustCancel = false;
    this.isLate = false;
  }

  /** What users have of it; there from when it was made. */
  get task(): TaskFace {
    return this.face as TaskFace;
  }

  get displayName(): string {
    return this.name ?? `Task-${this.id}`;
  }

  override toString(): string {
    return String(this.face);
  }

  /** What `toString()` of the task returns. */
  get inWords(): string {
    const { stateInWords, displayName, outcomeInWords, requests, state } = this;
    const word = state === PENDING && requests > 0 ? "cancelling" : stateInWords;
    const name = JSON.stringify(displayName);
    return `<Task ${word} name=${name}${waitInWords(this.awaited())}${outcomeInWords}>`;
  }

  /** Takes the next step. */
  run(): void {
    if (this.state !== PENDING) return;
    const { made } = this;
    if (typeof made === "function") {
      if (this.mustCancel) this.fail(this.deliverCancellation(NO_ERROR));
      else callAsTask(this, made);
      return;
    }
    const future = this.waitingOn;
    let error: unknown = NO_ERROR;
    if (future !== undefined) {
      this.waitingOn = undefined;
      error = future.takeError();
    }
    if (this.mustCancel && beginsStep(future)) error = this.deliverCancellation(error);
    resume(this, made as Coroutine<T>, error);
  }

  /** Takes the first step: now, or in the loop's next iteration. */
  begin(isEager: boolean): void {
    const { made } = this;
    if (!isEager) this.loop.iterations.push(this);
    else if (typeof made !== "function") {
      resume(this, made as Coroutine<T>, NO_ERROR);
      if (this.state !== PENDING) this.made = undefined;
    } else if (platform.capabilities.asyncContext) callAsTask(this, made);
    // Where nothing follows asynchronous code, no async function can begin within another.
    else this.loop.iterations.push(this);
  }

  /** Waits for what an async function that belongs to the task awaits. */
  awaitOperation(
    operation: Operation,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ): void {
    const wait = new AsyncAwait(this, operation, resolve, reject);
    wait.step(NO_ERROR);
  }

  /** Ends it with what it returned. */
  finish(result: unknown): void {
    this.session.tasks.delete(this.task);
    if (this.mustCancel && !this.isLate) {
      this.settle(CANCELLED, this.message);
      return;
    }
    if (this.requests > 0 && this.loop.isDebug) reportSwallowed(this.task);
    this.settle(FINISHED, result);
  }

  /** Ends it with what it threw. */
  fail(error: unknown): void {
    this.session.tasks.delete(this.task);
    if (error instanceof CancelledError) {
      this.settle(CANCELLED, error);
      return;
    }
    this.settle(FAILED, error);
    if (!isExit(error) || this.session.onExit === undefined) return;
    this.takeError(); // the run throws it
    this.session.onExit(error);
  }

  override cancel(message?: unknown): boolean {
    if (this.state !== PENDING) return false;
    if (this.loop.isDebug)
      watchRequest(this.loop.face, this.task, () => this.mustCancel && this.awaitsForeign);
    this.requests += 1;
    const { abortion } = this;
    if (abortion !== undefined) {
      this.abortion = undefined;
      abortion.abort(new CancelledError(message));
    }
    if (cancelWaits(this, message)) return true;
    this.mustCancel = true;
    this.isLate = false;
    this.message = message;
    return true;
  }

  uncancel(): number {
    if (this.requests > 0) {
      this.requests -= 1;
      if (this.requests === 0) this.mustCancel = false;
    }
    return this.requests;
  }

  /** What to throw into the task, now that the cancellation is delivered, in place of the error. */
  deliverCancellation(error: unknown): unknown {
    this.mustCancel = false;
    return error instanceof CancelledError ? error : new CancelledError(this.message);
  }

  /** Delivers a cancellation to the wait that just began. */
  cancelNewWait(future: FutureCore): void {
    if (!(future instanceof PartOfTask) && future.requestCancel(this.message))
      this.mustCancel = false;
  }

  /**
   * A cancellation came too late for the wait that it was delivered to, which has taken
   * something: delivers it again, at the next one. If there is none, the task ends with its
   * result: what was taken would be lost with it.
   */
  cancelLater(error: CancelledError): void {
    this.mustCancel = true;
    this.isLate = true;
    this.message = error.msg;
  }

  /** The futures that it waits for: one, or several if its async functions await several at once. */
  awaited(): FutureCore[] {
    const own = this.waitingOn;
    const futures = own === undefined || own instanceof PartOfTask ? [] : [own];
    for (const { waitingOn } of this.awaits ?? [])
      if (waitingOn !== undefined) futures.push(waitingOn);
    return futures;
  }

  /** Whether it is suspended in an await of something that is not heddle's. */
  get awaitsForeign(): boolean {
    if (this.state !== PENDING || this.loop.iterations.isFollowing(this)) return false;
    if (this.awaited().length > 0 || (this.awaits ?? []).length > 0) return false;
    return this.waitingOn !== undefined || this.hasBegun;
  }

  /** The stack of its generators, where it waits; see `Task.getStack`. */
  getStack(limit?: number): StackFrame[] {
    const { made } = this;
    if (made === undefined || typeof made === "function" || this.waitingOn === undefined) return [];
    return framesOf(probe(made), limit);
  }
}

/**
 * One wait for something of heddle's, by an async function that belongs to a task.
 *
 * `await` calls `then` one microtask later; from there on this drives the operation's
 * iterator, as a task drives its generator, and settles `await`'s promise in the end.
 * So library code is written once, as generators.
 *
 * The async function goes on in microtasks after that, so the loop follows the task from
 * a wake-up until the next wait begins.
 */
export class AsyncAwait implements Runnable {
  declare readonly owner: TaskCore;
  declare readonly operation: Operation;
  /** The async function's context, which need not be the task's. */
  declare readonly contents: Contents;
  declare readonly resolve: (value: unknown) => void;
  declare readonly reject: (reason: unknown) => void;
  /** The async scope of the code that awaits, if the operation runs code of the user's there. */
  declare scope: AsyncScope | undefined;
  /** What it waits for; undefined if its next step is due. */
  declare waitingOn: FutureCore | undefined;
  /** What the next step is thrown, although what it waited for is done. */
  declare cancellation: CancelledError | undefined;

  constructor(
    owner: TaskCore,
    operation: Operation,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ) {
    this.owner = owner;
    this.operation = operation;
    this.resolve = resolve;
    this.reject = reject;
    this.contents = currentContents();
    this.scope = undefined;
    this.waitingOn = undefined;
    this.cancellation = undefined;
  }

  get task(): TaskFace {
    return this.owner.task;
  }

  toString(): string {
    return String(this.owner);
  }

  /** What it waits for is done. */
  run(): void {
    const { owner, waitingOn: future } = this;
    this.waitingOn = undefined;
    removeAwait(owner, this);
    let error = future === undefined ? NO_ERROR : future.takeError();
    if (this.cancellation !== undefined) error = this.cancellation;
    else if (owner.mustCancel && beginsStep(future)) error = owner.deliverCancellation(error);
    owner.loop.iterations.follow(owner, this.contents);
    this.step(error);
  }

  step(error: unknown): void {
    let result: IteratorResult<unknown, unknown>;
    try {
      result = takeStep(this.operation, error, this.contents, this.owner, this.scope);
    } catch (thrown) {
      this.reject(thrown);
      return;
    }
    if (result.done === true) this.resolve(result.value);
    else park(this, result.value);
  }
}

/**
 * The end of an async function that is a part of a task, such as the body of a block.
 *
 * What waits for it goes on in the same step: see block-body.ts.
 */
export class PartOfTask<T> extends FutureCore<T> {
  /** Settles it, and returns what waits for it, which must run now. */
  end(state: typeof FINISHED | typeof FAILED, value: unknown): readonly Runnable[] {
    const waiters = this.allWaiters();
    this.waiters = undefined;
    this.state = state;
    this.value = value;
    return waiters;
  }
}

/** Whether a step that begins when this is done is a new one: the end of a part of a task goes on with the same. */
function beginsStep(future: FutureCore | undefined): boolean {
  return !(future instanceof PartOfTask);
}

/** Ends a task where the runtime cannot tell any more which one its async function belongs to. */
export function failAdrift(task: object): void {
  if (!(task instanceof TaskCore)) return;
  task.fail(
    new RuntimeError(
      "Cannot continue the task: it awaited a plain promise, which this runtime cannot track. " +
        "Wrap it: await fromPromise(promise)",
    ),
  );
}

/** Resumes the generator of a task. */
function resume<T>(task: TaskCore<T>, coroutine: Coroutine<T>, error: unknown): void {
  let result: IteratorResult<Suspend, T>;
  try {
    result = takeStep(coroutine, error, task.contents, task, task.scope);
  } catch (thrown) {
    task.fail(thrown);
    return;
  }
  if (result.done === true) task.finish(result.value);
  else if (result.value === undefined) task.loop.iterations.push(task);
  else {
    const future = checkedSuspension(result.value, task);
    task.waitingOn = future;
    future.addWaiter(task);
    if (task.mustCancel) task.cancelNewWait(future);
  }
}

/** Calls the function of a task. */
function callAsTask<T>(task: TaskCore<T>, fn: () => unknown): void {
  const { iterations } = task.loop;
  const finish = (result: unknown): void => {
    iterations.parked(task);
    // A task that could not go on has failed, although its function has not.
    if (task.isPending) task.finish(result);
  };
  const fail = (error: unknown): void => {
    iterations.parked(task);
    if (task.isPending) task.fail(error);
  };
  task.hasBegun = true;
  iterations.follow(task, task.contents);
  const scope = { contents: task.contents, task };
  let returned: unknown;
  try {
    returned = task.scope.runInAsyncScope(runInScope<unknown>, undefined, scope, fn);
  } catch (error) {
    fail(error);
    return;
  }
  if (isIterated(returned)) {
    const wait = (): void => task.awaitOperation(returned[Symbol.iterator](), finish, fail);
    task.scope.runInAsyncScope(runInScope<void>, undefined, scope, wait);
  } else if (isThenable(returned)) {
    void returned.then(finish, fail);
  } else {
    finish(returned);
  }
}

/** What an await does with what its operation yields. */
function park(wait: AsyncAwait, suspension: unknown): void {
  const { owner, operation } = wait;
  if (!isOwnOperation(operation)) wait.scope ??= platform.asyncScope();
  const { iterations } = owner.loop;
  if (suspension === undefined) {
    iterations.parked(owner);
    addAwait(owner, wait);
    iterations.push(wait);
    return;
  }
  const future = checkedSuspension(suspension, owner);
  wait.waitingOn = future;
  future.addWaiter(wait);
  // The step goes on within that part of the task.
  if (future instanceof PartOfTask) return;
  iterations.parked(owner);
  addAwait(owner, wait);
  if (owner.mustCancel) owner.cancelNewWait(future);
}

/** Whether the operation is heddle's alone, and runs no code of the user's. */
function isOwnOperation(operation: Operation): boolean {
  return (operation as Partial<FutureCore>).isOwnOperation === true;
}

function addAwait(task: TaskCore, wait: AsyncAwait): void {
  if (task.awaits === undefined) task.awaits = [wait];
  else task.awaits.push(wait);
}

function removeAwait(task: TaskCore, wait: AsyncAwait): void {
  const { awaits } = task;
  if (awaits === undefined) return;
  if (awaits.length === 1 && awaits[0] === wait) awaits.pop();
  else task.awaits = awaits.filter((other) => other !== wait);
}

/** Cancels what the task waits for; says whether any of that was pending. */
function cancelWaits(task: TaskCore, message: unknown): boolean {
  let hasCancelled = false;
  const awaits = task.awaits?.slice() ?? [];
  for (const { waitingOn } of awaits)
    if (waitingOn?.requestCancel(message) === true) hasCancelled = true;
  const future = task.waitingOn;
  if (future !== undefined && !(future instanceof PartOfTask))
    hasCancelled = future.requestCancel(message) || hasCancelled;
  // Of several awaits, such as those of Promise.race, none may go on and take something: the
  // error of another one is what the function sees.
  for (const wait of awaits.length > 1 ? awaits : []) {
    if (wait.waitingOn === undefined || wait.waitingOn.isCancelled) continue;
    wait.cancellation = new CancelledError(message);
    hasCancelled = true;
  }
  return hasCancelled;
}
