/**
 * Which part of its task code belongs to, and the parts that are cancelled by themselves.
 *
 * A *block*, such as a time limit or a group, is entered and left by a step: by a step of the
 * task's generator, or of an operation that an async function awaits. What takes the steps, the
 * *driver*, knows the innermost block that it is in. If the block's body is an async function,
 * that is a {@link Part}: its ambient scope names the part, and so each await in it knows the
 * blocks that it began in. Those of `Promise.all([timeout(1, a), timeout(2, b)])` are beside
 * each other, each within its own.
 *
 * A request to cancel is made of the task, or of one block of it. It is passed on to the waits
 * that began within, and no other. Requests are counted as Python's are, for the task as a
 * whole; a block knows how many of them are its own, and so how many come from around it.
 *
 * A request that finds no wait is *due*: it is delivered to the next wait that begins within,
 * or at the end of the block or task. So is one that was thrown into waits of async functions
 * only, none of which was awaited any more: see {@link Request}. A wait of a call that is not
 * awaited does not count, where the engine says so.
 */
import { currentPartObject } from "../../contextvars/contents.ts";
import type { WebAbortSignal } from "../../base/web-types.ts";
import { markAsRoot } from "./await-chain.ts";
import { cancelledError } from "./future-core.ts";

/** What takes steps: a task, for its generator, or an await. */
export interface Driver {
  /** The innermost block that its steps are in. */
  block: Block | undefined;
  /** A part that it runs has been thrown the request, and will pass it on, or not. */
  carry(request: Request): void;
}

/** What a request to cancel is made of: a task, or a block of it. */
export interface CancelScope {
  /** Whether a request has not been delivered. */
  mustCancel: boolean;
  /** Whether that came when a wait had taken what it waited for: then it does not end the scope. */
  isLate: boolean;
  /** Whether that was thrown into waits that no code seems to have awaited. */
  wasThrown: boolean;
  /** What was given to the request. */
  message: unknown;
  /** The request that is on its way, if async functions have it. */
  request: Request | undefined;
}

/** A task, as its parts see it. */
export interface PartOwner extends CancelScope {
  /** How often it was asked to cancel, or a block of it, less how often that was taken back. */
  readonly requests: number;
  /** The blocks that have asked for their cancellation. */
  asking: Block[] | undefined;
  /** It, or a part of it, as an error says it that was cancelled. */
  readonly subject: string;
  uncancel(): number;
  /** Cancels what waits inside a block. */
  cancelBlock(block: Block): void;
}

/** Whether the code of the scope would be ended by a request, were the request delivered now. */
export function isDue(scope: CancelScope): boolean {
  return (scope.mustCancel && !scope.isLate) || scope.request?.isHeard === false;
}

/** Notes that nothing is to be delivered any more. */
export function forgetRequest(scope: CancelScope): void {
  scope.mustCancel = scope.isLate = scope.wasThrown = false;
  scope.request = undefined;
}

/**
 * A request that was thrown into waits of async functions.
 *
 * It has been heard if one of these was awaited, by the scope's own function in the end. Else it
 * counts as heard if the function did something that can be seen in the microtasks after: began
 * another wait, or ended. Otherwise it is due again. Where the engine does not say who awaits
 * what, any wait of the task is taken for one of the function's.
 */
export class Request {
  declare readonly scope: CancelScope;
  /** How many waits have it, or have thrown it and it is not known yet which code got it. */
  declare carriers: number;
  /** Whether it has been thrown before, into waits that no code seems to have awaited. */
  declare readonly isRepeated: boolean;
  isHeard = false;

  constructor(scope: CancelScope, carriers: number, isRepeated: boolean) {
    this.scope = scope;
    this.carriers = carriers;
    this.isRepeated = isRepeated;
  }

  /** The function that is the part has got it. */
  reach({ driver }: Part): void {
    if (driver === undefined) this.isHeard = true;
    else driver.carry(this);
  }

  /** One of the waits has thrown it, and no code seems to have awaited it. */
  lose(): void {
    this.carriers -= 1;
    const { scope } = this;
    if (this.isHeard || this.carriers > 0 || scope.request !== this) return;
    scope.request = undefined;
    scope.mustCancel = scope.wasThrown = true;
  }
}

/** An async function that is a part of a task: that of the task itself, or the body of a block. */
export class Part {
  declare readonly owner: PartOwner;
  /** The innermost block that it is in. */
  declare readonly block: Block | undefined;
  /** What waits for its end. */
  declare readonly driver: Driver | undefined;
  /** Settled when the function is, and after the task has learned of it. */
  settled: PromiseLike<unknown> | undefined;
  #isMarked = false;

  constructor(owner: PartOwner, driver: Driver | undefined) {
    this.owner = owner;
    this.block = driver?.block;
    this.driver = driver;
  }

  /** Lets asynchronous stacks show whether they end here. */
  mark(): void {
    if (this.#isMarked || this.settled === undefined) return;
    this.#isMarked = true;
    markAsRoot(this.settled);
  }
}

/** A part of a task that can be cancelled without the rest. */
export class Block implements CancelScope {
  readonly owner: PartOwner;
  readonly #driver: Driver;
  #outer: Block | undefined;
  /** How often it has asked for its cancellation. */
  requests = 0;
  mustCancel = false;
  isLate = false;
  wasThrown = false;
  message: unknown = undefined;
  request: Request | undefined = undefined;
  readonly #othersAtEntry: number;
  /** Whether it has not been left. */
  isActive = true;

  /** Enters it: the calling code is a step of the task. */
  constructor(owner: PartOwner) {
    this.owner = owner;
    this.#driver = currentPartObject() as Driver;
    this.#outer = this.#driver.block;
    this.#driver.block = this;
    this.#othersAtEntry = this.othersRequests;
  }

  get outer(): Block | undefined {
    return this.#outer;
  }

  /** Whether it is this scope, or inside it. */
  isWithin(scope: CancelScope): boolean {
    return scope === this || scope === this.owner || (this.#outer?.isWithin(scope) ?? false);
  }

  /** How many requests come from outside: of the task, or of blocks around this one. */
  get othersRequests(): number {
    let count = this.owner.requests;
    for (const block of this.owner.asking ?? [])
      if (block === this || !this.isWithin(block)) count -= block.requests;
    return count;
  }

  /** Whether others have asked for a cancellation since it was entered. */
  get isCancelledByOthers(): boolean {
    return this.othersRequests > this.#othersAtEntry;
  }

  /** Cancels what waits inside. */
  cancel(): void {
    this.owner.cancelBlock(this);
  }

  /** Leaves it, and takes its requests back. */
  leave(): void {
    const { owner } = this;
    this.isActive = false;
    if (this.#driver.block === this) this.#driver.block = this.#outer;
    for (let inner = this.#driver.block; inner !== undefined; inner = inner.#outer)
      if (inner.#outer === this) inner.#outer = this.#outer;
    forgetRequest(this);
    const { requests } = this;
    if (requests === 0) return;
    this.requests = 0;
    owner.asking = owner.asking?.filter((block) => block !== this);
    for (let i = 0; i < requests; i++) owner.uncancel();
  }

  /** What others have asked for got lost with an error that this block has dropped: it is due again. */
  passOnRequest(): void {
    const scope = askingScope(this.#outer) ?? this.owner;
    scope.mustCancel = true;
    scope.isLate = false;
    scope.message = undefined;
  }
}

/** The innermost block, from this one outwards, that has asked for its cancellation. */
export function askingScope(from: Block | undefined): CancelScope | undefined {
  for (let block = from; block !== undefined; block = block.outer)
    if (block.requests > 0) return block;
  return undefined;
}

/** The part of the task that the calling code belongs to: what takes the step, or an async function. */
export function currentPlace(owner: PartOwner): Part | Driver | undefined {
  return placeIn(owner, currentPartObject());
}

/** The same, of code that carries this part along. */
export function placeIn(owner: PartOwner, part: object | undefined): Part | Driver | undefined {
  const place = part as (Driver & { readonly owner?: unknown }) | undefined;
  return (place as unknown) === owner || place?.owner === owner ? place : undefined;
}

/**
 * Whether the calling code is in a block of the task that has not been left: a call that is not
 * awaited may be, when the task is done.
 */
export function isInBlock(owner: PartOwner): boolean {
  for (let block = currentPlace(owner)?.block; block !== undefined; block = block.outer)
    if (block.isActive) return true;
  return false;
}

/** An AbortController, which declarations may not name: a program may have no type of it. */
interface Abortion {
  readonly signal: WebAbortSignal;
  abort(reason: unknown): void;
}

/** The signals of a task: one for each block in which code has asked for it, and one for the rest. */
export class TaskSignals {
  readonly #abortions = new Map<Block | undefined, Abortion>();

  signalIn(block: Block | undefined): WebAbortSignal {
    let abortion = this.#abortions.get(block);
    if (abortion === undefined) this.#abortions.set(block, (abortion = new AbortController()));
    return abortion.signal;
  }

  /** Aborts those of a scope that is cancelled: of a block and of those within, or all. There are new ones afterwards. */
  abort(scope: CancelScope | undefined, message: unknown, subject: string): void {
    for (const [block, abortion] of this.#abortions) {
      if (scope !== undefined && block?.isWithin(scope) !== true) continue;
      this.#abortions.delete(block);
      abortion.abort(cancelledError(message, subject));
    }
  }
}
