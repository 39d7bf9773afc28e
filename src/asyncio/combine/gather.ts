import { coreOf, Future, loopOf } from "../engine/classes.ts";
import { isFuture } from "../engine/faces.ts";
import type { Spawnable } from "../events.ts";
import { CancelledError } from "../../errors.ts";
import { checkedOptions, checkedType } from "../../base/options.ts";
import { exceptionFrom } from "../../base/thrown.ts";
import { futuresOf } from "./ensure-future.ts";
import { addRelay } from "./relay.ts";
import { runningLoop } from "../engine/caller.ts";
import { cancelledError, FAILED, FINISHED, FutureCore } from "../engine/future-core.ts";
import type { LoopCore } from "../engine/loop-core.ts";
import { NO_ERROR } from "../engine/step.ts";

/** What {@link gather} takes besides what is to be run. Python: none */
export interface GatherOptions {
  /** Whether errors are results, too. Default: false: the first one is thrown. */
  readonly returnExceptions?: boolean | undefined;
}

/**
 * Runs several things at the same time; results in their results, in the order in which they were given.
 *
 * What is not a future becomes a task. A coroutine that is given twice is run once; a
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
export function gather<T extends readonly unknown[] | []>(
  coroutines: { readonly [K in keyof T]: Spawnable<T[K]> },
  options?: { readonly returnExceptions?: false | undefined },
): Future<{ -readonly [K in keyof T]: T[K] }>;
export function gather<T extends readonly unknown[] | []>(
  coroutines: { readonly [K in keyof T]: Spawnable<T[K]> },
  options: GatherOptions,
): Future<{ -readonly [K in keyof T]: T[K] | Error }>;
export function gather(
  coroutines: readonly Spawnable<unknown>[],
  options?: GatherOptions,
): Future<unknown> {
  // Before the options, for which the second of several would be taken.
  if (!Array.isArray(coroutines))
    throw new TypeError("gather: expected an array: gather([a, b]), not gather(a, b)");
  const { returnExceptions = false } = checkedOptions(options, ["returnExceptions"], "gather");
  checkedType(returnExceptions, "boolean", 'gather: "returnExceptions"');
  const given: readonly Spawnable<unknown>[] = coroutines;
  const loop = commonLoop(given);
  const children = futuresOf(given, loopOf(loop), "Cannot gather").map((child) => coreOf(child));
  const gathering = new Gathering(loop, children, returnExceptions);
  const future = new Future<unknown>(gathering);
  gathering.begin();
  return future;
}

/** The loop of the first future, or else the running one. */
function commonLoop(given: readonly Spawnable<unknown>[]): LoopCore {
  const first: unknown = given.find((each) => isFuture(each));
  return coreOf(first)?.loop ?? runningLoop();
}

class Gathering extends FutureCore {
  readonly #children: readonly FutureCore[];
  readonly #returnsExceptions: boolean;
  #left = 0;
  #isCancelRequested = false;
  #cancelMessage: unknown = undefined;

  constructor(loop: LoopCore, children: readonly FutureCore[], returnsExceptions: boolean) {
    super(loop);
    this.#children = children;
    this.#returnsExceptions = returnsExceptions;
  }

  /** Those that are done already count at once; the others when they are done. */
  begin(): void {
    const children = new Set(this.#children);
    this.#left = children.size;
    if (this.#left === 0) this.settle(FINISHED, []);
    const done: FutureCore[] = [];
    for (const child of children) {
      if (child.isPending) addRelay(child, this.#onDone, this);
      else done.push(child);
    }
    for (const child of done) this.#onDone(child);
  }

  /** Cancels the children. The gathering itself is done when they are. */
  override cancel(message?: unknown): boolean {
    if (!this.isPending) return false;
    let hasCancelled = false;
    for (const child of this.#children) if (child.requestCancel(message)) hasCancelled = true;
    if (hasCancelled) {
      this.#isCancelRequested = true;
      this.#cancelMessage = message;
    }
    return hasCancelled;
  }

  #cancelledBy(child: FutureCore): CancelledError {
    const error = child.takeError();
    return error instanceof CancelledError
      ? error
      : cancelledError(this.#cancelMessage, "The gathering");
  }

  readonly #onDone = (child: FutureCore): void => {
    this.#left -= 1;
    if (!this.isPending) {
      // Nobody is told of it: the error counts as seen.
      child.takeError();
      return;
    }
    if (!this.#returnsExceptions) {
      const error = child.takeError();
      if (error !== NO_ERROR) {
        this.settle(FAILED, error);
        return;
      }
    }
    if (this.#left > 0) return;
    if (this.#isCancelRequested) this.settle(FAILED, this.#cancelledBy(child));
    else this.settle(FINISHED, this.#children.map(outcomeOf));
  };
}

function outcomeOf(child: FutureCore): unknown {
  const error = child.takeError();
  return error === NO_ERROR ? child.value : exceptionFrom(error);
}
