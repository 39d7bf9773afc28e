/** Python's iterators over the results of a pool. */
import { showAsText } from "../../base/text.ts";
import type { Asked } from "../../contextvars/caller-context.ts";
import { Failure } from "../../calls/outcome.ts";
import { unreadFailures } from "../../concurrent/futures/reports.ts";
import { CancelledError, SendError, TimeoutError } from "../../errors.ts";
import { type Waiting, waitingFor } from "../../waiting/task-waits.ts";
import { untilCalled } from "../../waiting/until-called.ts";
import type { CheckedWait, WaitOptions } from "../../waiting/wait-options.ts";
import type { ChunkOutcome } from "./chunks.ts";

/** A result, or what was thrown in its place. */
type Item<R> = { readonly value: R } | Failure;

/** In place of an item: there are no more. */
const END = Symbol("end");

/** What an iterator asks of its pool. */
export interface ImapSource {
  /** The items, chunk by chunk. */
  readonly chunks: Asked<IteratorResult<readonly unknown[], unknown>>;
  /** Starts the calls for a chunk. Never throws: what prevents them is their outcome. */
  start(chunk: readonly unknown[], settle: (outcome: ChunkOutcome) => void): void;
  /** How many chunks may be started before the results of the first of them are there. */
  readonly ahead: number;
  /** How many results may wait to be taken before more chunks are started. */
  readonly mostReady: number;
  /** Whether results come in the order of the items. */
  readonly isOrdered: boolean;
}

/**
 * The results of {@link Pool.imap}, as they come.
 *
 * What a call throws is thrown at its place, and the iteration may go on behind it.
 *
 * Python: `multiprocessing.pool.IMapIterator`
 * Differs: is an async iterator. Items are read as results are taken, a few chunks ahead.
 *
 * @example
 * ```ts
 * import { Pool } from "heddle/multiprocessing";
 *
 * const pool = new Pool({ processes: 2 });
 * for await (const value of pool.imap((n: number) => n * n, [1, 2, 3])) console.log(value); // 1, 4, 9
 * await pool.join().catch(() => pool.terminate());
 * ```
 */
export class IMapIterator<R> implements AsyncIterableIterator<R> {
  static {
    showAsText(this.prototype);
  }

  readonly #source: ImapSource;
  /** Results by their chunk's number, of chunks that have not been taken up to here. */
  readonly #done = new Map<number, Item<R>[]>();
  /** Results that can be taken. */
  readonly #items: Item<R>[] = [];
  #started = 0;
  #finished = 0;
  #nextChunk = 0;
  #isInputEnded = false;
  /** The consumer wants no more, or knows of an error: a loop that has got one asks for no other. */
  #isTold = false;
  #isRefilling = false;
  #listeners: (() => void)[] = [];

  /** @internal */
  constructor(source: ImapSource) {
    this.#source = source;
    this.#refill();
  }

  /**
   * Resolves with the next result.
   *
   * Python: `multiprocessing.pool.IMapIterator.next`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason; no result is taken then.
   * @throws {TimeoutError} It was not there in time.
   * @throws What the call threw, or reading the items.
   */
  next(options?: WaitOptions): Waiting<IteratorResult<R, undefined>> {
    return waitingFor(options, "IMapIterator.next", (wait) => this.#next(wait), {
      taking: {
        deliver: (item) => this.#deliver(item),
        giveBack: (item) => {
          if (item !== END) this.#items.unshift(item);
          this.#announce();
          return true;
        },
      },
      quick: undefined,
    });
  }

  async #next({ deadlineMs, signal }: CheckedWait): Promise<Item<R> | typeof END> {
    while (this.#items.length === 0) {
      if (this.#isInputEnded && this.#finished === this.#started) return END;
      const subscribe = (done: () => void): (() => void) => {
        this.#listeners.push(done);
        return () => (this.#listeners = this.#listeners.filter((other) => other !== done));
      };
      if (!(await untilCalled(subscribe, deadlineMs, signal))) {
        throw new TimeoutError("Cannot get the next result: it was not there in time");
      }
    }
    const item = this.#items.shift() as Item<R>;
    this.#refill();
    return item;
  }

  /** Reads no more items; what has been started is done. A loop that is left early calls it. Python: none */
  async return(): Promise<IteratorResult<R, undefined>> {
    this.#closeInput();
    this.#reportNoMore();
    return { done: true, value: undefined };
  }

  #reportNoMore(): void {
    this.#isTold = true;
    for (const items of [this.#items, ...this.#done.values()]) items.forEach(markRead);
  }

  /** What a consumer gets of an item. */
  #deliver(item: Item<R> | typeof END): IteratorResult<R, undefined> {
    if (item === END) return { done: true, value: undefined };
    if (!(item instanceof Failure)) return { done: false, value: item.value };
    markRead(item);
    this.#reportNoMore();
    throw item.error;
  }

  #closeInput(): void {
    if (this.#isInputEnded) return;
    this.#isInputEnded = true;
    this.#source.chunks.return(undefined);
  }

  /** Lets `for await` go over the results as they come. Python: `multiprocessing.pool.IMapIterator.__iter__` */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** How much has come, in words. Python: none */
  toString(): string {
    return `<IMapIterator ${this.#items.length} ready>`;
  }

  /** Starts chunks, as many as may be under way. One that fails at once leaves it to the loop to go on. */
  #refill(): void {
    if (this.#isRefilling) return;
    this.#isRefilling = true;
    const { ahead, mostReady } = this.#source;
    while (
      !this.#isInputEnded &&
      this.#started - this.#nextChunk < ahead &&
      this.#items.length < mostReady
    )
      this.#startNext();
    this.#isRefilling = false;
  }

  #startNext(): void {
    let next: IteratorResult<readonly unknown[], unknown>;
    try {
      next = this.#source.chunks.next();
    } catch (error) {
      return this.#endBy(error);
    }
    if (next.done === true) {
      this.#isInputEnded = true;
      return this.#announce();
    }
    const number = this.#started++;
    const size = next.value.length;
    let isStarting = true;
    let isRefused = false;
    this.#source.start(next.value, (outcome) => {
      isRefused = isStarting && isRefusal(outcome);
      // Who ended the pool knows that it takes no more.
      this.#isTold ||= isRefused;
      this.#settle(number, outcome, size);
    });
    isStarting = false;
    if (!isRefused) return;
    try {
      this.#closeInput();
    } catch (error) {
      this.#endBy(error);
    }
  }

  /** The input has thrown: that is the last item. */
  #endBy(error: unknown): void {
    this.#isInputEnded = true;
    this.#finish(this.#started++, [this.#failed(error)]);
  }

  #settle(number: number, { values, failure }: ChunkOutcome, size: number): void {
    const items: Item<R>[] = values.map((value) => ({ value: value as R }));
    // As in Python, the rest of a chunk is not called.
    if (failure !== undefined && items.length < size) items.push(this.#failed(failure.error));
    this.#finish(number, items);
  }

  /** What takes a result's place. It is reported if the program gets none, nor ends the iteration. */
  #failed(error: unknown): Failure {
    const failure = new Failure(error);
    if (!this.#isTold && !(error instanceof CancelledError)) unreadFailures.add(this, failure);
    return failure;
  }

  #finish(number: number, items: Item<R>[]): void {
    this.#finished++;
    this.#done.set(this.#source.isOrdered ? number : this.#nextChunk, items);
    for (let ready; (ready = this.#done.get(this.#nextChunk)) !== undefined; this.#nextChunk++) {
      this.#done.delete(this.#nextChunk);
      this.#items.push(...ready);
    }
    this.#refill();
    this.#announce();
  }

  #announce(): void {
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
  }
}

function markRead(item: Item<unknown>): void {
  if (item instanceof Failure) unreadFailures.markRead(item);
}

/** Whether a call that has failed at once says that no call would be taken. */
function isRefusal({ failure }: ChunkOutcome): boolean {
  return failure !== undefined && !(failure.error instanceof SendError);
}
