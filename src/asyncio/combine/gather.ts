import { CancelledError } from "../../errors.ts";
import { checkedOptions } from "../../base/options.ts";
import type { Result, Spawnable } from "../engine/coroutine-types.ts";
import { futuresOf } from "./futures-of.ts";
import { Future, type FutureOptions, isFuture, NO_ERROR, takeError } from "../engine/future.ts";
import type { Loop } from "../engine/loop.ts";
import { addRelay } from "./relay.ts";
import { getRunningLoop } from "../engine/running-loop.ts";

/** What {@link gather} takes besides what is to be run. Python: none */
export interface GatherOptions {
  /** Whether errors are results, too. Default: false: the first one is thrown. */
  readonly returnExceptions?: boolean | undefined;
}

/** What gathering gives: a result for each thing that was given. */
type Results<C extends readonly Spawnable<unknown>[]> = {
  -readonly [K in keyof C]: Result<C[K]>;
};

/**
 * Runs several things at the same time; results in their results, in the order in which they were given.
 *
 * What is no future becomes a task. A coroutine that is given twice is run once; a
 * function is called each time.
 *
 * The first error is that of the whole, at once. The others go on; nobody is told of
 * their errors. Cancelling the whole cancels all of them. To have the others cancelled
 * on an error, use a {@link TaskGroup}.
 *
 * Python: `asyncio.gather`
 *
 * Differs: takes an array. Python's ValueError is a RangeError.
 *
 * @param options.returnExceptions Whether errors are results, too.
 * @throws {RuntimeError} There is no running loop, and none of them is a future.
 * @throws {RangeError} They belong to different loops.
 * @throws {TypeError} One of them cannot be waited for.
 *
 * @example
 * ```ts
 * import { gather, run, sleep } from "heddle/asyncio";
 *
 * const words = await run(async () => await gather([sleep(2, "hello"), () => sleep(1, "world")]));
 * console.log(words.join(" ")); // hello world
 * ```
 */
export function gather<const C extends readonly Spawnable<unknown>[]>(
  coroutines: C,
  options?: { readonly returnExceptions?: false | undefined },
): Future<Results<C>>;
export function gather<const C extends readonly Spawnable<unknown>[]>(
  coroutines: C,
  options: GatherOptions,
): Future<{ -readonly [K in keyof C]: Result<C[K]> | Error }>;
export function gather(
  coroutines: readonly Spawnable<unknown>[],
  options?: GatherOptions,
): Future<unknown> {
  const { returnExceptions = false } = checkedOptions(options, ["returnExceptions"], "gather");
  if (!Array.isArray(coroutines))
    throw new TypeError("Cannot gather: expected an array; several things are given as one");
  const given: readonly Spawnable<unknown>[] = coroutines;
  const loop = commonLoop(given);
  const children = futuresOf(given, loop);
  const gathering = new Gathering(loop, children, returnExceptions);
  gathering.begin();
  return gathering;
}

/** The loop of the first future, or else the running one. */
function commonLoop(given: readonly Spawnable<unknown>[]): Loop {
  const first: unknown = given.find((each) => isFuture(each));
  return isFuture(first) ? first.getLoop() : getRunningLoop();
}

class Gathering extends Future<unknown> {
  readonly #children: readonly Future<unknown>[];
  readonly #returnsExceptions: boolean;
  #left = 0;
  #isCancelRequested = false;
  #cancelMessage: unknown = undefined;

  constructor(loop: Loop, children: readonly Future<unknown>[], returnsExceptions: boolean) {
    super(loop as FutureOptions);
    this.#children = children;
    this.#returnsExceptions = returnsExceptions;
  }

  /** Those that are done already count at once; the others when they are done. */
  begin(): void {
    const children = new Set(this.#children);
    this.#left = children.size;
    if (this.#left === 0) this.setResult([]);
    const done: Future<unknown>[] = [];
    for (const child of children) {
      if (child.done()) done.push(child);
      else addRelay(child, this.#onDone, this);
    }
    for (const child of done) this.#onDone(child);
  }

  /** Cancels the children. The gathering itself is done when they are. */
  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    let hasCancelled = false;
    for (const child of this.#children) if (child.cancel(message)) hasCancelled = true;
    if (hasCancelled) {
      this.#isCancelRequested = true;
      this.#cancelMessage = message;
    }
    return hasCancelled;
  }

  #cancelledBy(child: Future<unknown>): CancelledError {
    const error = takeError(child);
    return error instanceof CancelledError ? error : new CancelledError(this.#cancelMessage);
  }

  readonly #onDone = (child: Future<unknown>): void => {
    this.#left -= 1;
    if (this.done()) {
      // Nobody is told of it: the error counts as seen.
      takeError(child);
      return;
    }
    if (!this.#returnsExceptions) {
      const error = takeError(child);
      if (error !== NO_ERROR) {
        this.setException(error);
        return;
      }
    }
    if (this.#left > 0) return;
    if (this.#isCancelRequested) this.setException(this.#cancelledBy(child));
    else this.setResult(this.#children.map(outcomeOf));
  };
}

function outcomeOf(child: Future<unknown>): unknown {
  const error = takeError(child);
  return error === NO_ERROR ? child.result() : error;
}
