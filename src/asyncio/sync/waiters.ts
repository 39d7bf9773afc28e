/** What waits for a lock, a queue, the end of a connection or the like, first come first served. */
import { RuntimeError } from "../../errors.ts";
import { FAILED, FINISHED, FutureCore } from "../engine/future-core.ts";
import type { LoopCore } from "../engine/loop-core.ts";
import { runningLoop } from "../engine/caller.ts";
import type { Coroutine } from "../events.ts";

/** What says in words what it is. */
type Nameable = { toString(): string };

/** What one of them waits for. In the line until it is taken out. */
export class Waiter extends FutureCore<void> {
  behind: Waiter | undefined = undefined;
  before: Waiter | undefined = undefined;
  isInLine = true;
  /** What it waits for. */
  readonly owner: Nameable;

  constructor(loop: LoopCore, owner: Nameable) {
    super(loop);
    this.owner = owner;
  }

  override get awaitedInWords(): string {
    return String(this.owner);
  }
}

/**
 * The line of those who wait. It belongs to the loop in which somebody first had to wait.
 *
 * A waiter is in the line from its coming until it runs again: also when it was
 * woken or cancelled meanwhile, as its futures tell.
 */
export class Waiters {
  readonly #owner: Nameable;
  #loop: LoopCore | undefined;
  #first: Waiter | undefined;
  #last: Waiter | undefined;
  #size = 0;

  /** @param owner What they wait for, to be named in errors. */
  constructor(owner: Nameable) {
    this.#owner = owner;
  }

  get size(): number {
    return this.#size;
  }

  /** How many wait, as part of a text. */
  get inWords(): string {
    return this.#size === 0 ? "" : `, waiters:${this.#size}`;
  }

  get first(): Waiter | undefined {
    return this.#first;
  }

  /**
   * Adds one at the end.
   *
   * @throws {RuntimeError} Others wait, or have waited, in another loop.
   */
  add(): Waiter {
    const waiter = new Waiter(this.checkedLoop(), this.#owner);
    const last = this.#last;
    if (last === undefined) this.#first = waiter;
    else {
      last.behind = waiter;
      waiter.before = last;
    }
    this.#last = waiter;
    this.#size += 1;
    return waiter;
  }

  /**
   * The loop that all waits here belong to.
   *
   * @throws {RuntimeError} The calling code runs in another one.
   */
  checkedLoop(): LoopCore {
    const loop = runningLoop();
    this.#loop ??= loop;
    if (this.#loop === loop) return loop;
    throw new RuntimeError(
      `Cannot wait for the ${this.#owner.constructor.name}: it is bound to a different event loop, the first one that waited for it`,
    );
  }

  /** Takes it out; does nothing if it is out already. */
  remove(waiter: Waiter): void {
    if (!waiter.isInLine) return;
    const { before, behind } = waiter;
    if (before === undefined) this.#first = behind;
    else before.behind = behind;
    if (behind === undefined) this.#last = before;
    else behind.before = before;
    waiter.isInLine = false;
    this.#size -= 1;
  }

  // Mostly nobody waits, and these are called by every release of a lock: no iterators here.

  /** Wakes the first that is not woken yet, nor cancelled; says whether there was one. */
  wakeNext(): boolean {
    for (let waiter = this.#first; waiter !== undefined; waiter = waiter.behind)
      if (wake(waiter)) return true;
    return false;
  }

  /** Wakes all. */
  wakeAll(): void {
    for (let waiter = this.#first; waiter !== undefined; waiter = waiter.behind) wake(waiter);
  }

  /** Wakes the first that can be woken, and takes it and all before it out of the line. */
  releaseNext(): boolean {
    for (let waiter = this.#first; waiter !== undefined; waiter = this.#first) {
      this.remove(waiter);
      if (wake(waiter)) return true;
    }
    return false;
  }

  /** Waits at the end of the line until woken; leaves it then. */
  *wait(): Coroutine<void> {
    const waiter = this.add();
    try {
      yield* waiter;
    } finally {
      this.remove(waiter);
    }
  }

  /** Throws the error in all that wait. */
  failAll(error: unknown): void {
    for (let waiter = this.#first; waiter !== undefined; waiter = waiter.behind)
      if (waiter.isPending) waiter.settle(FAILED, error);
  }

  /** Whether all in the line have been cancelled. */
  get areAllCancelled(): boolean {
    for (let waiter = this.#first; waiter !== undefined; waiter = waiter.behind)
      if (!waiter.isCancelled) return false;
    return true;
  }

  *[Symbol.iterator](): Generator<Waiter> {
    for (let waiter = this.#first; waiter !== undefined;) {
      const { behind } = waiter;
      yield waiter;
      waiter = behind;
    }
  }
}

/** Lets a waiter go on; says whether it was waiting. */
export function wake(waiter: Waiter): boolean {
  if (!waiter.isPending) return false;
  waiter.settle(FINISHED, undefined);
  return true;
}
