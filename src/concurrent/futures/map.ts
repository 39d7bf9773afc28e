/**
 * One `map`: calls under way, and their results in the order of the items.
 *
 * Results wait in `#results` at their item's position until the consumer takes
 * them from position `#next` on. No item has a future or a promise of its own.
 *
 *   submitted, not finished   results[position] is EMPTY
 *   finished                  results[position] is the value, or a Failure
 *   taken                     position < #next
 *
 * At most `#ahead` items are submitted and not taken, so an endless input is
 * read only as far as its results are consumed.
 */
import { blockForCalls } from "../../waiting/blocking-wait.ts";
import { addCatchAndFinally, type Catch, type Finally } from "../../base/catch-finally.ts";
import { showAsText } from "../../base/text.ts";
import { CancelledError, SendError, TimeoutError } from "../../errors.ts";
import { deadlineAfter, NEVER } from "../../memory/deadline.ts";
import { type Waiting, waitingOn } from "../../waiting/task-waits.ts";
import { currentSite, type SubmitSite } from "../../calls/submit-site.ts";
import { type CallHost, OVER } from "../../calls/call.ts";
import { Consumers, ENDED, FAILED, READY, type Status, WAITING } from "./consumers.ts";
import { checkedFunction } from "../../base/functions.ts";
import { checkedCount, checkedOptions } from "../../base/options.ts";
import { MapCall } from "./map-call.ts";
import { type Progress, progressReporter } from "./progress.ts";
import { Failure } from "../../calls/outcome.ts";
import { reportError, unreadFailures } from "./reports.ts";
import { checkInputs, isItems, type Items, type Rows, transpose, zip } from "./zip.ts";

/** What a `map` takes besides the function and the items. Python: none */
export interface MapOptions {
  /** Longest time in milliseconds, from the call of `map`, until the last result. */
  readonly timeout?: number | undefined;
  /** How many items one call of a worker takes. Default: 1. */
  readonly chunksize?: number | undefined;
  /** How many items may be submitted ahead of the results taken. Default: all for arrays, else four for each worker. */
  readonly buffersize?: number | undefined;
  /** `true` draws a bar of finished calls; a function is told of each. */
  readonly progress?: boolean | ((progress: Progress) => void) | undefined;
}

const OPTIONS = ["timeout", "chunksize", "buffersize", "progress"] as const;

/** Items read ahead for each worker where the input is not an array. */
const AHEAD_PER_WORKER = 4;

/** The results of a `map`: iterate them as they come, or await them all. Python: none */
export interface MapResult<R> extends AsyncIterableIterator<R>, PromiseLike<R[]> {
  /** Resolves with the next result. A task that is cancelled meanwhile takes none; the calls go on. Python: none */
  next(): Waiting<IteratorResult<R>>;
  /** Stops early: calls not yet started are cancelled. Python: none */
  return(): Promise<IteratorResult<R>>;
  /** Lets `for await` go over the results as they come. Python: none */
  [Symbol.asyncIterator](): MapResult<R>;
  /** As a promise's `catch`: calls back with what the first call that failed threw. Python: none */
  readonly catch: Catch<R[]>;
  /** As a promise's `finally`: calls back once all calls are over, or one has failed. Python: none */
  readonly finally: Finally<R[]>;
}

/** In place of a result that is not there yet. */
const EMPTY = Symbol("empty");

/** Starts a `map` over `inputs`, which may end in an options object. */
export function startMap(host: CallHost, fn: Function, inputs: readonly unknown[]): MapRun<never> {
  checkedFunction(fn, "map: fn");
  const last = inputs.at(-1);
  const hasOptions = inputs.length > 1 && !isItems(last);
  const items = hasOptions ? inputs.slice(0, -1) : inputs;
  checkInputs(items);
  const options = checkedOptions(hasOptions ? (last as MapOptions) : undefined, OPTIONS, "map");
  const run = new MapRun<never>(host, fn, zip(items as Items<unknown>[]), options);
  run.start();
  return run;
}

export class MapRun<R> implements MapResult<R> {
  declare readonly catch: Catch<R[]>;
  declare readonly finally: Finally<R[]>;

  static {
    showAsText(this.prototype);
    addCatchAndFinally(this.prototype);
  }

  readonly #host: CallHost;
  readonly #fn: Function;
  readonly #rows: Rows;
  readonly #site: SubmitSite;
  readonly #chunksize: number;
  readonly #ahead: number;
  readonly #timeout: number | undefined;
  readonly #deadlineMs: number;
  #progress: ((done: number, total: number | undefined) => void) | undefined;
  readonly #results: unknown[] = [];
  readonly #calls: MapCall<R>[] = [];
  #next = 0;
  #finished = 0;
  #isInputEnded = false;
  #isReading = false;
  #isClosed = false;
  /** The first failure that came, until the consumer has learned of one, or wants no more. */
  #unread: Failure | undefined;
  /** It has been closed because a task was cancelled that awaited all results. */
  #isCancelled = false;
  readonly #consumers: Consumers<R>;
  #array: Promise<R[]> | undefined;

  constructor(host: CallHost, fn: Function, rows: Rows, options: Partial<MapOptions>) {
    this.#host = host;
    this.#fn = fn;
    this.#rows = rows;
    this.#site = currentSite();
    const { chunksize } = options;
    const most = chunksize === undefined ? 1 : checkedCount(chunksize, "chunksize", "map");
    this.#chunksize = host.callsRows === false ? 1 : most;
    this.#ahead =
      options.buffersize !== undefined
        ? checkedCount(options.buffersize, "buffersize", "map")
        : rows.kind === "arrays"
          ? Infinity
          : host.workers * AHEAD_PER_WORKER * this.#chunksize;
    this.#timeout = options.timeout;
    this.#deadlineMs = deadlineAfter(options.timeout, "map");
    this.#progress = progressReporter(options.progress);
    this.#consumers = new Consumers(
      {
        status: () => this.#status(),
        take: () => this.#take(),
        takeError: () => this.#takeError(),
        ended: () => this.#close(),
      },
      this.#deadlineMs,
    );
  }

  /** Submits the first items. What makes every call fail is thrown here. */
  start(): void {
    this.#report();
    this.#refill();
    const first = this.#results[0];
    if (
      first instanceof Failure &&
      this.#calls.length === 0 &&
      !(first.error instanceof SendError)
    ) {
      this.#close();
      throw first.error;
    }
  }

  // Taking results.

  next(): Waiting<IteratorResult<R>> {
    return this.#consumers.nextForUser();
  }

  async return(): Promise<IteratorResult<R>> {
    this.#close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  // oxlint-disable-next-line unicorn/no-thenable -- a map can be awaited as an array
  then<A = R[], B = never>(
    onFulfilled?: ((values: R[]) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const array = (this.#array ??= this.#collect());
    const wait = waitingOn(
      () => array,
      () => this.#cancel(),
    );
    return wait.then(onFulfilled, onRejected);
  }

  /** How far it has come, in words. */
  toString(): string {
    return `<map ${this.#isClosed ? "over" : `${this.#finished} of ${this.#total() ?? "?"} done`}>`;
  }

  async #collect(): Promise<R[]> {
    const values: R[] = [];
    for (;;) {
      if (!this.#consumers.areFirst && !this.#isClosed) this.#takeReady(values);
      const next = await this.#consumers.next();
      if (next.done) return values;
      values.push(next.value);
    }
  }

  /** Iterates, blocking the thread while a result is not there yet. */
  *iterateSync(): Generator<R, undefined> {
    if (this.#rows.kind === "async") {
      this.#close();
      throw new TypeError(
        "mapSync: inputs must not be async iterables, which cannot be read without waiting. Use map",
      );
    }
    try {
      for (;;) {
        let status = this.#status();
        if (status === WAITING) {
          this.#host.checkBlocking(this.#calls.find((call) => call.id !== OVER));
          blockForCalls(() => this.#status() !== WAITING, this.#deadlineMs);
          status = this.#status();
        }
        if (status === ENDED) return undefined;
        if (status !== READY) throw this.#takeError();
        yield this.#take();
      }
    } finally {
      this.#close();
    }
  }

  #status(): Status {
    if (this.#isClosed) return this.#isCancelled ? FAILED : ENDED;
    if (this.#next < this.#results.length) {
      const result = this.#results[this.#next];
      if (result !== EMPTY) return result instanceof Failure ? FAILED : READY;
    } else if (this.#isInputEnded) {
      return ENDED;
    }
    return this.#isLate() ? FAILED : WAITING;
  }

  #isLate(): boolean {
    return this.#deadlineMs !== NEVER && performance.now() >= this.#deadlineMs;
  }

  #take(): R {
    const value = this.#results[this.#next] as R;
    this.#results[this.#next++] = undefined;
    if (!this.#isInputEnded) this.#refill();
    return value;
  }

  /** Takes all results that are there, without a promise for each. */
  #takeReady(values: R[]): void {
    const results = this.#results;
    for (; this.#next < results.length; this.#next++) {
      const result = results[this.#next];
      if (result === EMPTY || result instanceof Failure) break;
      values.push(result as R);
      results[this.#next] = undefined;
    }
    if (!this.#isInputEnded) this.#refill();
  }

  #takeError(): unknown {
    if (this.#isCancelled) return new CancelledError("The map was cancelled");
    const result = this.#results[this.#next];
    this.#close();
    return result instanceof Failure
      ? result.error
      : this.#site.joined(
          new TimeoutError(
            `Timed out after ${this.#timeout} ms: ${this.#finished} calls have finished`,
          ),
        );
  }

  /** A task that awaited all results has been cancelled: those who still do fail. */
  #cancel(): void {
    if (this.#isClosed) return;
    this.#isCancelled = true;
    this.#close();
  }

  /** Ends the map: cancels what has not started, and lets go of the input. */
  #close(): void {
    if (this.#isClosed) return;
    const isComplete = this.#isInputEnded && this.#finished === this.#results.length;
    this.#isClosed = true;
    if (this.#unread !== undefined) unreadFailures.markRead(this.#unread);
    this.#consumers.stopTimer();
    if (!isComplete) {
      for (const call of this.#calls) if (call.id !== OVER) this.#host.cancel(call);
      if (!this.#isInputEnded && this.#rows.kind !== "arrays")
        void this.#rows.rows.return(undefined);
    }
    this.#isInputEnded = true;
    this.#consumers.serve();
  }

  // Submitting items.

  #refill(): void {
    if (this.#rows.kind === "async") {
      if (!this.#isReading) void this.#readAsync(this.#rows.rows);
      return;
    }
    while (!this.#isInputEnded && this.#results.length - this.#next < this.#ahead) {
      if (this.#rows.kind === "arrays") this.#submitFromArrays(this.#rows);
      else this.#submitFromIterator(this.#rows.rows);
    }
  }

  #submitFromArrays({ columns, length }: Extract<Rows, { kind: "arrays" }>): void {
    const start = this.#results.length;
    const count = Math.min(this.#chunksize, length - start);
    this.#isInputEnded = start + count >= length;
    if (count <= 0) return;
    const args =
      this.#chunksize === 1
        ? columns.map((column) => column[start])
        : columns.map(
            (column) => Array.prototype.slice.call(column, start, start + count) as unknown[],
          );
    this.#submit(args, count);
  }

  #submitFromIterator(rows: Extract<Rows, { kind: "sync" }>["rows"]): void {
    const chunk: unknown[][] = [];
    try {
      while (chunk.length < this.#chunksize) {
        const row = rows.next();
        if (row.done === true) {
          this.#isInputEnded = true;
          break;
        }
        chunk.push(row.value);
      }
      this.#submitRows(chunk);
    } catch (error) {
      this.#submitRows(chunk);
      this.#failInput(error);
    }
  }

  async #readAsync(rows: Extract<Rows, { kind: "async" }>["rows"]): Promise<void> {
    this.#isReading = true;
    const chunk: unknown[][] = [];
    try {
      while (!this.#isInputEnded && this.#results.length - this.#next < this.#ahead) {
        const row = await rows.next();
        if (row.done === true) this.#isInputEnded = true;
        else chunk.push(row.value);
        if (chunk.length === this.#chunksize || this.#isInputEnded)
          this.#submitRows(chunk.splice(0));
      }
    } catch (error) {
      this.#submitRows(chunk);
      this.#failInput(error);
    }
    this.#isReading = false;
    this.#consumers.serve();
  }

  /** The input itself threw: its error takes the place of the next result. */
  #failInput(error: unknown): void {
    this.#isInputEnded = true;
    this.#results.push(new Failure(error));
    this.#finished++;
    this.#consumers.serve();
  }

  #submitRows(rows: readonly unknown[][]): void {
    if (rows.length === 0 || this.#isClosed) return;
    this.#submit(this.#chunksize === 1 ? (rows[0] as unknown[]) : transpose(rows), rows.length);
  }

  /** @param args The arguments of one call; of a chunk, columns of `count` arguments. */
  #submit(args: readonly unknown[], count: number): void {
    const position = this.#results.length;
    for (let i = 0; i < count; i++) this.#results.push(EMPTY);
    const isChunk = this.#chunksize > 1;
    const call = new MapCall(this, position, isChunk);
    call.site = this.#site;
    try {
      this.#host.start(call, this.#fn, args, isChunk ? "rows" : "none");
      this.#calls.push(call);
    } catch (error) {
      this.fail(position, this.#site.joined(error));
    }
  }

  // What comes of the calls.

  /** Takes the result of the call for the item at `position`. */
  fill(position: number, result: unknown): void {
    if (this.#isClosed) return;
    this.#results[position] = result;
    if (result instanceof Failure) this.#noteUnread(result);
    this.#finished++;
    this.#report();
    if (this.#consumers.areFirst && position === this.#next) this.#consumers.serve();
  }

  /** One failure is reported if the program never asks for the results. */
  #noteUnread(failure: Failure): void {
    if (this.#unread !== undefined || failure.error instanceof CancelledError) return;
    this.#unread = failure;
    unreadFailures.add(this, failure);
  }

  /** The same for a chunk of items. */
  fillAll(start: number, values: readonly unknown[]): void {
    if (this.#isClosed) return;
    for (let i = 0; i < values.length; i++) this.#results[start + i] = values[i];
    this.#finished += values.length;
    this.#report();
    if (this.#consumers.areFirst && start === this.#next) this.#consumers.serve();
  }

  fail(position: number, error: unknown): void {
    this.fill(position, new Failure(error));
  }

  cancel(call: MapCall<R>, position: number): void {
    if (this.#host.cancel(call)) this.fail(position, new CancelledError("The call was cancelled"));
  }

  /** Tells of the progress. A listener that throws is told no more, and its error is printed. */
  #report(): void {
    if (this.#progress === undefined) return;
    try {
      this.#progress(this.#finished, this.#total());
    } catch (error) {
      this.#progress = undefined;
      reportError("Exception in the progress callback of a map", error);
    }
  }

  #total(): number | undefined {
    if (this.#rows.kind === "arrays") return this.#rows.length;
    return this.#isInputEnded ? this.#results.length : undefined;
  }
}
