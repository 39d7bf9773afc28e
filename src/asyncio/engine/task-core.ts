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
 * where a task cancels itself, at its next wait, and at the latest when it ends. One
 * request is delivered once: code that catches the error goes on undisturbed, until the
 * task is cancelled again. A block does the same with the waits inside it: see parts.ts,
 * which also says when an async function has got a request that was thrown into its waits.
 *
 * The end of an async function that is a {@link PartOfTask} is nothing that a task waits
 * for: the awaits within it are.
 */
import { watchRequest } from "#asyncio-host";
import { platform } from "#platform";
import { isThenable } from "../../base/functions.ts";
import { CancelledError } from "../../errors.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import { type Contents, runInScope, type Scope } from "../../contextvars/contents.ts";
import type { AsyncScope } from "../../platform/platform.ts";
import type { Coroutine, Runnable, StackFrame, Suspend, TaskFace } from "../events.ts";
import {
  AsyncAwait,
  type AwaitOwner,
  beginsStep,
  mayHaveGot,
  type Operation,
  PartOfTask,
  type WaitOutside,
} from "./async-await.ts";
import { noteOutcome } from "./cancelled-calls.ts";
import { noteRequest, reportSwallowed } from "./debug.ts";
import {
  cancelledError,
  CANCELLED,
  FAILED,
  FINISHED,
  FutureCore,
  PENDING,
  thrownFor,
} from "./future-core.ts";
import type { Session } from "./loop-core.ts";
import {
  askingScope,
  type Block,
  type CancelScope,
  currentPlace,
  type Driver,
  forgetRequest,
  isDue,
  Part,
  Request,
  TaskSignals,
} from "./parts.ts";
import { probe } from "./probe.ts";
import { isIterated } from "./spawnable.ts";
import { framesOf } from "./stack-frames.ts";
import { isExit, NO_ERROR, takeStep } from "./step.ts";
import { checkedSuspension, waitInWords } from "./suspension.ts";

export class TaskCore<T = unknown> extends FutureCore<T> implements Runnable, CancelScope, Driver {
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
  /** The round of the loop's microtasks in which a wait of its function was over as soon as it began, last. */
  declare goesOnSince: number;
  /** How often it was asked to cancel, less how often that was taken back. */
  declare requests: number;
  declare mustCancel: boolean;
  declare isLate: boolean;
  declare wasThrown: boolean;
  declare message: unknown;
  declare request: Request | undefined;
  /** The innermost block that its own generator is in. */
  declare block: Block | undefined;
  /** The blocks that have asked for their cancellation. */
  declare asking: Block[] | undefined;
  /** What its own generator waits for, if it waits. */
  declare waitingOn: FutureCore | undefined;
  /** What async functions of it await. */
  declare awaits: AsyncAwait[] | undefined;
  /** The signals that were asked for. */
  declare signals: TaskSignals | undefined;
  /** The requests of which it is about to turn out whether the task has got them. */
  declare judged: AwaitOwner["judged"];

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
    this.name = this.message = this.waitingOn = this.awaits = this.signals = undefined;
    this.hasBegun = false;
    this.requests = 0;
    this.goesOnSince = -2;
    this.mustCancel = this.isLate = this.wasThrown = false;
    this.request = this.block = this.asking = this.judged = undefined;
  }

  /** What users have of it; there from when it was made. */
  get task(): TaskFace {
    return this.face as TaskFace;
  }

  get displayName(): string {
    return this.name ?? `Task-${this.id}`;
  }

  get quotedName(): string {
    return JSON.stringify(this.displayName);
  }

  override get subject(): string {
    const ofBlocks = this.asking?.reduce((count, { requests }) => count + requests, 0);
    return `${ofBlocks === this.requests ? "A block of the" : "The"} task ${this.quotedName}`;
  }

  /** What was cancelled where something is that it waits for, if that was done to end its wait. */
  get subjectOfWaits(): string | undefined {
    return this.requests > 0 ? this.subject : undefined;
  }

  override toString(): string {
    return String(this.face);
  }

  /** What `toString()` of the task returns. */
  get inWords(): string {
    const { stateInWords, quotedName, outcomeInWords, requests, state } = this;
    const word = state === PENDING && requests > 0 ? "cancelling" : stateInWords;
    return `<Task ${word} name=${quotedName}${waitInWords(this.awaited())}${outcomeInWords}>`;
  }

  override get awaitedInWords(): string {
    return `<Task ${this.stateInWords} name=${this.quotedName}>`;
  }

  /** Takes the next step. */
  run(): void {
    if (this.state !== PENDING) return;
    const { made } = this;
    if (typeof made === "function") {
      if (this.mustCancel) this.fail(this.errorDue(this, NO_ERROR));
      else callAsTask(this, made);
      return;
    }
    const future = this.waitingOn;
    let error: unknown = NO_ERROR;
    if (future !== undefined) {
      this.waitingOn = undefined;
      error = future.takeError(this.subjectOfWaits);
    }
    if (beginsStep(future)) error = thrownFor(future, error, this.errorDue(this, error));
    resume(this, made as Coroutine<T>, error);
  }

  /** Takes the first step: now, or in the loop's next iteration. */
  begin(isEager: boolean): void {
    const { made } = this;
    if (!isEager) this.loop.iterations.push(this);
    else if (typeof made !== "function") {
      resume(this, made as Coroutine<T>, NO_ERROR);
      if (this.state !== PENDING) this.made = undefined;
    } else if (platform.asyncContext) callAsTask(this, made);
    // Where nothing follows asynchronous code, no async function can begin within another.
    else this.loop.iterations.push(this);
  }

  /** Waits for what an async function that belongs to the task awaits. */
  awaitOperation(
    operation: Operation,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
    outside: WaitOutside,
    scope: Scope,
  ): void {
    const isOver = new AsyncAwait(this, operation, resolve, reject, outside, scope).step(NO_ERROR);
    if (isOver) this.goesOnSince = this.loop.iterations.round;
  }

  /**
   * Whether a wait of its function was over as soon as it began, and the function is about to go on
   * from there, although another wait that begins now parks: in this microtask, or the next round of them.
   */
  get isGoingOn(): boolean {
    const { iterations } = this.loop;
    return iterations.round - this.goesOnSince <= 1 && iterations.isFollowing(this);
  }

  /** Ends it with what it returned. */
  finish(result: unknown): void {
    this.session.tasks.delete(this.task);
    if (isDue(this)) {
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
      noteOutcome(error);
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
    this.#noteRequest(this);
    this.#cancelWithin(this, message);
    return true;
  }

  /** Cancels what waits inside a block; also what detached calls have left there when the task is done. */
  cancelBlock(block: Block): void {
    this.#noteRequest(block);
    block.requests += 1;
    if (block.requests === 1) this.asking = [...(this.asking ?? []), block];
    this.#cancelWithin(block, undefined);
  }

  #noteRequest(scope: CancelScope): void {
    if (this.isPending) {
      if (this.loop.isDebug) noteRequest(this.task);
      watchRequest(this, scope);
    }
    this.requests += 1;
  }

  /** Cancels the waits inside a scope, or notes that the request is due. */
  #cancelWithin(scope: CancelScope, message: unknown): void {
    this.signals?.abort(scope === this ? undefined : scope, message, this.subject);
    const awaits = this.awaits?.filter((wait) => isWithin(wait, scope)) ?? [];
    const own = this.waitingOn;
    const hasCancelledOwn =
      own !== undefined &&
      !(own instanceof PartOfTask) &&
      isWithin(this, scope) &&
      own.requestCancel(message);
    const given = awaits.filter((wait) => wait.cancel(message, awaits.length > 1));
    const carriers = given.filter((wait) => wait.beganIn(scope));
    if (hasCancelledOwn || carriers.length < given.length) return;
    scope.message = message;
    if (carriers.length === 0) {
      scope.mustCancel = true;
      scope.isLate = scope.wasThrown = false;
      return;
    }
    const request = new Request(scope, carriers.length, false);
    scope.request = request;
    for (const wait of carriers) wait.take(request);
  }

  /** The signal for the part of the task that the calling code belongs to. */
  get signal(): WebAbortSignal {
    return (this.signals ??= new TaskSignals()).signalIn(currentPlace(this)?.block);
  }

  uncancel(): number {
    if (this.requests > 0) {
      this.requests -= 1;
      if (this.requests === 0) {
        forgetRequest(this);
        for (const block of this.asking ?? []) forgetRequest(block);
      }
    }
    return this.requests;
  }

  /** What to throw into a step that begins, in place of the error, if a request is due there. */
  errorDue(driver: Driver, error: unknown): unknown {
    const scope = this.#dueScope(driver);
    if (scope === undefined) return error;
    if (driver instanceof AsyncAwait && driver.isAwaited === false) return error;
    this.#deliver(scope, driver);
    return error instanceof CancelledError ? error : cancelledError(scope.message, this.subject);
  }

  /** Delivers a request that is due to the wait that just began. */
  cancelNewWait(driver: Driver, future: FutureCore): void {
    if (future instanceof PartOfTask) return;
    const scope = this.#dueScope(driver);
    if (scope !== undefined && future.requestCancel(scope.message)) this.#deliver(scope, driver);
  }

  scopeInDoubt(driver: Driver): CancelScope | undefined {
    return this.judged?.[0]?.request.scope ?? this.#dueScope(driver);
  }

  #dueScope(driver: Driver): CancelScope | undefined {
    if (this.mustCancel) return this;
    if (this.asking === undefined) return undefined;
    for (let { block } = driver; block !== undefined; block = block.outer)
      if (block.mustCancel) return block;
    return undefined;
  }

  #deliver(scope: CancelScope, driver: Driver): void {
    const { wasThrown } = scope;
    forgetRequest(scope);
    if (!(driver instanceof AsyncAwait) || !driver.beganIn(scope)) return;
    scope.request = new Request(scope, 1, wasThrown);
    driver.take(scope.request);
  }

  carry(request: Request): void {
    request.isHeard = true;
  }

  /**
   * A cancellation came too late for the wait that it was delivered to: the calling step has
   * what it waited for. It is delivered again at the next wait, but does not end what has none.
   */
  cancelLater(error: CancelledError): void {
    const scope = askingScope(currentPlace(this)?.block) ?? this;
    forgetRequest(scope);
    scope.mustCancel = scope.isLate = true;
    scope.message = error.msg;
  }

  /** Code of the part waits for something of heddle's again, or has ended. */
  parked(part: Part | undefined): void {
    this.loop.iterations.parked(this);
    const { judged } = this;
    if (judged === undefined) return;
    this.judged = undefined;
    for (const judgement of judged) {
      const { request } = judgement;
      if (!mayHaveGot(judgement)) request.lose();
      else if (part === undefined) request.isHeard = true;
      else request.reach(part);
    }
  }

  /** The futures that it waits for: one, or several if its async functions await several at once. */
  awaited(): FutureCore[] {
    const own = this.waitingOn;
    const futures = own === undefined || own instanceof PartOfTask ? [] : [own];
    for (const { waitingOn } of this.awaits ?? [])
      if (waitingOn !== undefined) futures.push(waitingOn);
    return futures;
  }

  /** The stack of its generators, where it waits; see `Task.getStack`. */
  getStack(limit?: number): StackFrame[] {
    const { made } = this;
    if (made === undefined || typeof made === "function" || this.waitingOn === undefined) return [];
    return framesOf(probe(made), limit);
  }
}

/** Resumes the generator of a task. */
function resume<T>(task: TaskCore<T>, coroutine: Coroutine<T>, error: unknown): void {
  let result: IteratorResult<Suspend, T>;
  try {
    result = takeStep(coroutine, error, task.contents, task, task, task.scope);
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
    task.cancelNewWait(task, future);
  }
}

/** Calls the function of a task. */
function callAsTask<T>(task: TaskCore<T>, fn: () => unknown): void {
  const part = new Part(task, undefined);
  const ending = (end: "finish" | "fail") => (value: unknown) => {
    task.parked(part);
    // A task that could not go on has failed, although its function has not.
    if (task.isPending) task[end](value);
  };
  const [finish, fail] = [ending("finish"), ending("fail")];
  task.hasBegun = true;
  task.loop.iterations.follow(task, task.contents, part);
  const scope = { contents: task.contents, task, part };
  let returned: unknown;
  try {
    returned = task.scope.runInAsyncScope(runInScope<unknown>, undefined, scope, fn);
  } catch (error) {
    fail(error);
    return;
  }
  if (isIterated(returned)) {
    // The operation is the task's own: whatever it throws is the task's outcome.
    const wait = (): void => {
      const operation = returned[Symbol.iterator]();
      new AsyncAwait(task, operation, finish, fail, undefined, scope).step(NO_ERROR);
    };
    task.scope.runInAsyncScope(runInScope<void>, undefined, scope, wait);
  } else if (isThenable(returned)) {
    part.settled = returned.then(finish, fail);
  } else {
    finish(returned);
  }
}

/** Whether the steps of a driver are inside the scope. */
function isWithin({ block }: Driver, scope: CancelScope): boolean {
  return scope instanceof TaskCore || (block?.isWithin(scope) ?? false);
}
