/**
 * The waits of async functions, which are parts of a task; how these tasks go on is in
 * task-core.ts.
 */
import { platform } from "#platform";
import { CancelledError } from "../../errors.ts";
import { callAsStep } from "../../contextvars/caller-context.ts";
import type { Contents, Scope } from "../../contextvars/contents.ts";
import type { AsyncScope } from "../../platform/platform.ts";
import { rejectAt } from "../../wire/stack.ts";
import type { Runnable, Suspend, TaskFace } from "../events.ts";
import { lookAtBeginning, rejectAndLook } from "./await-chain.ts";
import { noteCancellation } from "./cancelled-calls.ts";
import { MOST_HOPS } from "./iterations.ts";
import {
  cancelledError,
  type FAILED,
  type FINISHED,
  FutureCore,
  thrownFor,
} from "./future-core.ts";
import {
  type Block,
  type CancelScope,
  type Driver,
  Part,
  type PartOwner,
  placeIn,
  type Request,
} from "./parts.ts";
import { NO_ERROR, takeStep, throwInto } from "./step.ts";
import { checkedSuspension } from "./suspension.ts";

export type Operation = Iterator<Suspend, unknown, unknown>;

/** Waits for something in no task. */
export type WaitOutside = (
  awaitable: never,
  resolve: (value: unknown) => void,
  reject: (reason: unknown) => void,
) => void;

/** A task, as its awaits see it. */
export interface AwaitOwner extends FutureCore, PartOwner {
  readonly task: TaskFace;
  readonly id: number;
  readonly quotedName: string;
  awaits: AsyncAwait[] | undefined;
  readonly subjectOfWaits: string | undefined;
  /** The requests of which it is about to turn out whether the task has got them. */
  judged: readonly Judgement[] | undefined;
  readonly isGoingOn: boolean;
  parked(part: Part | undefined): void;
  errorDue(driver: Driver, error: unknown): unknown;
  cancelNewWait(driver: Driver, future: FutureCore): void;
  /** What a wait that begins may be cancelled with, or may show that its request has been heard. */
  scopeInDoubt(driver: Driver): CancelScope | undefined;
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
export class AsyncAwait implements Runnable, Driver {
  declare readonly owner: AwaitOwner;
  declare readonly operation: Operation;
  /** The async function's context, which need not be the task's. */
  declare readonly contents: Contents;
  declare resolve: (value: unknown) => void;
  declare reject: (reason: unknown) => void;
  /** The async scope of the code that awaits, if the operation runs code of the user's there. */
  declare scope: AsyncScope | undefined;
  /** Waits for the rest of the operation when the task is done. */
  declare readonly outside: WaitOutside | undefined;
  /** The async function that awaits, if that is a part of the task. */
  declare readonly part: Part | undefined;
  /** The innermost block that the operation is in. */
  declare block: Block | undefined;
  /** The request to cancel that it has been thrown. */
  declare request: Request | undefined;
  /** What it waits for; undefined if its next step is due. */
  declare waitingOn: FutureCore | undefined;
  /** What the next step is thrown, although what it waited for is done. */
  declare cancellation: CancelledError | undefined;
  /** Whether the code that a request is due to awaits it, if that was looked at, and the engine tells. */
  declare isAwaited: boolean | undefined;

  /** @param scope What the code carries along that waits. */
  constructor(
    owner: AwaitOwner,
    operation: Operation,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
    outside: WaitOutside | undefined,
    scope: Scope,
  ) {
    const { contents, part } = scope;
    this.owner = owner;
    this.operation = operation;
    this.resolve = resolve;
    this.reject = reject;
    this.contents = contents;
    this.scope = undefined;
    this.outside = outside;
    const place = placeIn(owner, part);
    this.part = place instanceof Part ? place : undefined;
    this.block = place?.block;
    this.request = this.waitingOn = this.cancellation = this.isAwaited = undefined;
  }

  get task(): TaskFace {
    return this.owner.task;
  }

  /** Whether an async function awaits an operation of heddle's own, and its error gets its stack there. */
  get awaitsOwn(): boolean {
    return this.outside !== undefined && isOwnOperation(this.operation);
  }

  toString(): string {
    return this.owner.task.toString();
  }

  /** Whether the function that awaits is inside the scope, or else the operation has entered it. */
  beganIn(scope: CancelScope): boolean {
    // What is not awaited by a function is the task's own: its outcome is that of the task.
    if (scope === this.owner) return this.outside !== undefined;
    return this.part?.block?.isWithin(scope) ?? false;
  }

  carry(request: Request): void {
    if (!this.beganIn(request.scope)) {
      request.isHeard = true;
      return;
    }
    if (this.request === request) request.carriers -= 1;
    this.take(request);
  }

  /**
   * Cancels what it waits for; returns whether its next step is to be thrown that.
   *
   * @param isOneOfSeveral Whether its task awaits others as well, as by Promise.race. Then none of
   *   them may go on and take something: the error of another one is what the function sees.
   */
  cancel(message: unknown, isOneOfSeveral: boolean): boolean {
    const { waitingOn } = this;
    if (waitingOn === undefined) return false;
    if (waitingOn.requestCancel(message)) return true;
    if (isOneOfSeveral) this.cancellation = cancelledError(message, this.owner.subject);
    return isOneOfSeveral;
  }

  /**
   * Finds out whether the function of a scope awaits it: directly or through others, which may be
   * the bodies of blocks. Those are not awaited by anything, but the wait for the block is: tells
   * the outermost of these waits, too.
   */
  look(
    scope: CancelScope,
    looked: (isAwaited: boolean | undefined, outermost: AsyncAwait) => void,
  ): void {
    if (this.outside === undefined) return looked(true, this); // the task itself
    const { part } = this;
    part?.mark();
    lookAtBeginning(this, (isAwaited) => {
      const driver = part?.driver;
      const isInBody = driver instanceof AsyncAwait && driver.beganIn(scope);
      if (isAwaited === true && isInBody) driver.look(scope, looked);
      else looked(isAwaited, this);
    });
  }

  /** Delivers a request of the scope that is due, or in doubt, if the function of the scope awaits this. */
  deliver(scope: CancelScope, hasParked: boolean): void {
    const { owner, waitingOn } = this;
    this.look(scope, (isAwaited, outermost) => {
      this.isAwaited = isAwaited;
      if (isAwaited !== false && hasParked) owner.parked(outermost.part);
      if (waitingOn === undefined) owner.loop.iterations.push(this);
      else if (isAwaited !== false && this.waitingOn === waitingOn)
        owner.cancelNewWait(this, waitingOn);
    });
  }

  /** It is thrown a request. Of an earlier one, it has made what it wanted. */
  take(request: Request): void {
    if (this.request !== undefined && this.request !== request) this.request.isHeard = true;
    this.request = request;
  }

  /** What it waits for is done. */
  run(): void {
    const { owner, waitingOn: future } = this;
    this.waitingOn = undefined;
    removeAwait(owner, this);
    let error = future === undefined ? NO_ERROR : future.takeError(owner.subjectOfWaits);
    if (!owner.isPending && this.#goOnOutside(error)) return;
    if (this.cancellation !== undefined) error = thrownFor(future, error, this.cancellation);
    else if (beginsStep(future)) error = thrownFor(future, error, owner.errorDue(this, error));
    owner.loop.iterations.follow(owner, this.contents, this.part);
    this.step(error);
  }

  /** Goes on in no task, if it can: a call that was not awaited has outlived its task. */
  #goOnOutside(error: unknown): boolean {
    const { operation, outside, resolve, reject } = this;
    if (outside === undefined || isOwnOperation(operation)) return false;
    if (this.block?.isActive === true) return false;
    const rest = new Rest(operation, this.cancellation ?? error, this.owner.id);
    callAsStep(this.contents, outside, [rest as never, resolve, reject]);
    return true;
  }

  /** Takes a step; returns whether that was the last. */
  step(error: unknown): boolean {
    let result: IteratorResult<unknown, unknown>;
    try {
      const { scope, operation, contents, owner } = this;
      result = takeStep(operation, error, contents, owner, this, scope);
    } catch (thrown) {
      if (this.owner.requests > 0) noteCancellation(thrown);
      this.#throw(thrown);
      return true;
    }
    if (result.done !== true) {
      park(this, result.value);
      return false;
    }
    if (this.request !== undefined) this.request.isHeard = true;
    this.resolve(result.value);
    return true;
  }

  #throw(thrown: unknown): void {
    const { request, part } = this;
    if (request === undefined) return this.#reject(thrown);
    this.request = undefined;
    if (request.isHeard || !(thrown instanceof CancelledError)) {
      request.isHeard = true;
      return this.#reject(thrown);
    }
    part?.mark();
    rejectAndLook(this.resolve, thrown, (isAwaited) => {
      if (isAwaited === true && part !== undefined) request.reach(part);
      else if (isAwaited === undefined && request.isRepeated) request.isHeard = true;
      else judge(this.owner, request, isAwaited === false ? LEAST_HOPS : 0);
    });
  }

  #reject(thrown: unknown): void {
    if (this.outside === undefined) this.reject(thrown); // no promise, but the task itself
    else rejectAt(thrown, this.resolve, this.reject);
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
export function beginsStep(future: FutureCore | undefined): boolean {
  return !(future instanceof PartOfTask);
}

/** What an await does with what its operation yields. */
function park(wait: AsyncAwait, suspension: unknown): void {
  const { owner, operation } = wait;
  if (!isOwnOperation(operation)) wait.scope ??= platform.asyncScope();
  if (suspension === undefined) {
    addAwait(owner, wait);
    begin(wait);
    return;
  }
  const future = checkedSuspension(suspension, owner);
  wait.waitingOn = future;
  future.addWaiter(wait);
  // The step goes on within that part of the task.
  if (future instanceof PartOfTask) return;
  addAwait(owner, wait);
  begin(wait);
}

function begin(wait: AsyncAwait): void {
  const { owner } = wait;
  const scope = owner.scopeInDoubt(wait);
  if (scope !== undefined) return wait.deliver(scope, !owner.isGoingOn);
  if (!owner.isGoingOn) owner.parked(wait.part);
  if (wait.waitingOn === undefined) owner.loop.iterations.push(wait);
}

/** A request that was thrown into a wait which no code seems to have awaited. */
interface Judgement {
  readonly request: Request;
  /** Microtasks since the request was thrown. */
  hops: number;
  /** How many it takes for a function to have got it. */
  readonly least: number;
}

/**
 * Where no function awaits the error, one that parks after fewer microtasks was not resumed by what
 * handles it, which takes more, but by another promise that was settled in the same moment.
 */
const LEAST_HOPS = 6;

/** Whether the function, which has parked, may have got the request. */
export function mayHaveGot({ hops, least }: Judgement): boolean {
  return hops >= least;
}

/** Finds out whether the function that the request is for has got it all the same. */
function judge(owner: AwaitOwner, request: Request, least: number): void {
  const { scope } = request;
  const judgement = { request, hops: 0, least };
  owner.judged = [...(owner.judged ?? []), judgement];
  const hop = (): void => {
    if (owner.judged?.includes(judgement) !== true) return;
    judgement.hops += 1;
    if (judgement.hops < MOST_HOPS) return queueMicrotask(hop);
    // The function went on to wait for something that is not heddle's, or there was none.
    const others = owner.judged.filter((each) => each !== judgement);
    owner.judged = others.length > 0 ? others : undefined;
    request.lose();
    // What has begun since the request was made is cancelled now.
    for (const wait of owner.awaits ?? [])
      if (wait.waitingOn !== undefined && owner.scopeInDoubt(wait) === scope)
        wait.deliver(scope, false);
  };
  queueMicrotask(hop);
}

/** Whether the operation is heddle's alone, and runs no code of the user's. */
function isOwnOperation(operation: Operation): boolean {
  return (operation as Partial<FutureCore>).isOwnOperation === true;
}

function addAwait(task: AwaitOwner, wait: AsyncAwait): void {
  if (task.awaits === undefined) task.awaits = [wait];
  else task.awaits.push(wait);
}

function removeAwait(task: AwaitOwner, wait: AsyncAwait): void {
  const { awaits } = task;
  if (awaits === undefined) return;
  if (awaits.length === 1 && awaits[0] === wait) awaits.pop();
  else task.awaits = awaits.filter((other) => other !== wait);
}

/**
 * What is left of an operation that has outlived its task, as a coroutine that begins by being
 * thrown the error, if there is one. The task that goes on with it has the number of the first: an
 * RLock that the operation holds is its own still.
 */
export class Rest implements Iterator<unknown, unknown, unknown> {
  readonly taskId: number;
  readonly #operation: Operation;
  #first: unknown;

  constructor(operation: Operation, error: unknown, taskId: number) {
    this.#operation = operation;
    this.#first = error;
    this.taskId = taskId;
  }

  next(sent?: unknown): IteratorResult<unknown, unknown> {
    const thrown = this.#first;
    this.#first = NO_ERROR;
    return thrown === NO_ERROR ? this.#operation.next(sent) : this.throw(thrown);
  }

  throw(thrown: unknown): IteratorResult<unknown, unknown> {
    return throwInto(this.#operation, thrown);
  }

  return(value: unknown): IteratorResult<unknown, unknown> {
    return this.#operation.return?.(value) ?? { done: true, value };
  }
}
