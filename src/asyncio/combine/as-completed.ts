import { isIterable } from "../../base/functions.ts";
import { checkTime } from "../engine/loop-core.ts";
import { coreOf, type Future, loopOf } from "../engine/classes.ts";
import { futureOf } from "../engine/faces.ts";
import type { Awaitable, Coroutine, Handle, Result, Spawnable } from "../events.ts";
import { CancelledError, TimeoutError } from "../../errors.ts";
import { freshError, withUserFrames } from "../../wire/stack.ts";
import { checkedOptions } from "../../base/options.ts";
import { coroutine } from "../engine/coroutine.ts";
import { futuresOf } from "./ensure-future.ts";
import { FINISHED, FutureCore } from "../engine/future-core.ts";
import type { LoopCore } from "../engine/loop-core.ts";
import { addRelay } from "./relay.ts";
import { runningLoop } from "../engine/caller.ts";
import { isCoroutine } from "../engine/spawnable.ts";

/** What {@link asCompleted} takes besides what is to be run. Python: none */
export interface AsCompletedOptions {
  /** Longest time in milliseconds, from the call until the last is done. Default: any. */
  readonly timeout?: number | null | undefined;
}

/**
 * What {@link asCompleted} returns. It can be iterated over in two ways.
 *
 * `for … of` gives something to wait for, for each that was given: the first gives
 * the result of what is done first. `for await … of` gives the futures themselves, as
 * they get done. Either can be left and taken up again.
 *
 * Python: none
 */
export interface Completions<T> {
  /** Lets `for … of` go over what to wait for. Python: none */
  [Symbol.iterator](): Completions<T>;
  /** Lets `for await … of` go over the futures. Python: `asyncio.as_completed.__aiter__` */
  [Symbol.asyncIterator](): CompletedFutures<T>;
  /** The next result. Python: none */
  next(): IteratorResult<Awaitable<T>, undefined>;
}

/**
 * The futures that are done, in that order.
 *
 * An interface of its own, because TypeScript takes the items of an
 * `AsyncIterable` for awaited, and would call these futures their results.
 *
 * Python: none
 */
export interface CompletedFutures<T> {
  /** Lets `for await … of` go over the futures. Python: none */
  [Symbol.asyncIterator](): CompletedFutures<T>;
  /** Waits for the next future that is done. Python: none */
  next(): Awaitable<IteratorResult<Future<T>, undefined>>;
}

/**
 * Runs several things at the same time, and gives them as they get done.
 *
 * What is not a future becomes a task. A coroutine that is given twice is given back
 * once; a function is called each time.
 *
 * Python: `asyncio.as_completed`
 *
 * @param options.timeout Longest time in milliseconds, from the call until the last is done.
 * @throws {TypeError} It is not an iterable, or something in it cannot be waited for.
 * @throws {RuntimeError} There is no running loop.
 * @throws {TimeoutError} Thrown by the iteration: not all were done in time.
 *
 * @example
 * ```ts
 * import { asCompleted, type Coroutine, run, sleep } from "heddle/asyncio";
 *
 * function* main(): Coroutine<string> {
 *   let order = "";
 *   for (const next of asCompleted([sleep(20, "late"), sleep(1, "early")])) order += `${yield* next} `;
 *   return order.trimEnd();
 * }
 *
 * console.log(await run(main())); // early late
 * await run(async () => {
 *   for await (const task of asCompleted([sleep(1, "done")])) console.log(task.result()); // done
 * });
 * ```
 */
export function asCompleted<C extends Spawnable<unknown>>(
  coroutines: Iterable<C>,
  options?: AsCompletedOptions,
): Completions<Result<C>> {
  if (typeof coroutines === "string" || isCoroutine(coroutines) || !isIterable(coroutines))
    throw new TypeError("asCompleted: awaitables must be an iterable of coroutines or futures");
  const { timeout } = checkedOptions(options, ["timeout"], "asCompleted");
  if (timeout !== undefined && timeout !== null) checkTime(timeout, "asCompleted: the time");
  const loop = runningLoop();
  const futures = futuresOf(coroutines, loopOf(loop), "Cannot wait as they complete").map(
    (future) => coreOf(future),
  );
  const inOrder = new InOrder(loop, new Set(futures), timeout ?? undefined);
  return new CompletionIterator(inOrder) as unknown as Completions<Result<C>>;
}

/** Collects futures as they get done, and gives each to one of those that wait for one. */
class InOrder {
  readonly #loop: LoopCore;
  readonly #pending: Set<FutureCore>;
  /** In the order in which they got done. */
  readonly #done: FutureCore[] = [];
  readonly #waiting: FutureCore<void>[] = [];
  readonly #timer: Handle | undefined;
  /** How many have not been asked for. */
  #unclaimed: number;
  #isTimeOver = false;

  constructor(loop: LoopCore, futures: ReadonlySet<FutureCore>, timeoutMs: number | undefined) {
    this.#loop = loop;
    this.#pending = new Set(futures);
    this.#unclaimed = futures.size;
    for (const future of futures) addRelay(future, this.#onDone, this.#waiting);
    if (futures.size > 0 && timeoutMs !== undefined)
      this.#timer = loop.after(timeoutMs, this.#onTimeout);
  }

  /** Reserves one of them for the caller; false if there are no more. */
  claim(): boolean {
    if (this.#unclaimed === 0) return false;
    this.#unclaimed -= 1;
    return true;
  }

  /** Waits for the next that is done. */
  *take(): Coroutine<FutureCore> {
    while (this.#done.length === 0) {
      if (this.#isTimeOver)
        throw withUserFrames(
          freshError(() => new TimeoutError("Timed out before everything was done")),
        );
      const turn = new FutureCore<void>(this.#loop);
      this.#waiting.push(turn);
      try {
        yield* turn;
      } catch (error) {
        // Woken and cancelled at once: somebody else shall have it.
        if (error instanceof CancelledError && turn.state === FINISHED) this.#wakeOne();
        throw error;
      }
    }
    return this.#done.shift() as FutureCore;
  }

  readonly #onDone = (future: FutureCore): void => {
    if (!this.#pending.delete(future)) return;
    this.#done.push(future);
    this.#wakeOne();
    if (this.#pending.size === 0) this.#timer?.cancel();
  };

  readonly #onTimeout = (): void => {
    this.#isTimeOver = true;
    for (const future of this.#pending) future.removeCallback(this.#onDone);
    this.#pending.clear();
    while (this.#waiting.length > 0) this.#wakeOne();
  };

  #wakeOne(): void {
    let turn = this.#waiting.shift();
    while (turn?.isPending === false) turn = this.#waiting.shift();
    turn?.settle(FINISHED, undefined);
  }
}

/** Has no `return`: that would end it when a `for` loop is left, and it is to be taken up again. */
class CompletionIterator {
  readonly #inOrder: InOrder;

  constructor(inOrder: InOrder) {
    this.#inOrder = inOrder;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Awaitable<unknown>, undefined> {
    if (!this.#inOrder.claim()) return { done: true, value: undefined };
    return { done: false, value: nextResult(this.#inOrder) };
  }

  [Symbol.asyncIterator](): CompletedFutures<unknown> {
    const inOrder = this.#inOrder;
    const iterator = {
      [Symbol.asyncIterator]: () => iterator,
      next: () => nextFuture(inOrder),
    };
    return iterator;
  }
}

const nextResult: (inOrder: InOrder) => Awaitable<unknown> = /* @__PURE__ */ coroutine(function* (
  inOrder: InOrder,
): Coroutine<unknown> {
  return (yield* inOrder.take()).result();
});

const nextFuture: (inOrder: InOrder) => Awaitable<IteratorResult<Future<unknown>, undefined>> =
  /* @__PURE__ */ coroutine(function* (
    inOrder: InOrder,
  ): Coroutine<IteratorResult<Future<unknown>, undefined>> {
    if (!inOrder.claim()) return { done: true, value: undefined };
    return { done: false, value: futureOf(yield* inOrder.take()) };
  });
