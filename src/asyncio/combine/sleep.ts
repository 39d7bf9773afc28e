import { wrongType } from "../../base/text.ts";
import type { Awaitable, Coroutine, Suspend } from "../events.ts";
import { coroutine } from "../engine/coroutine.ts";
import { Operation } from "../engine/coroutine.ts";
import { FINISHED, FutureCore } from "../engine/future-core.ts";
import { answerProbe, PROBE } from "../engine/probe.ts";
import { runningLoop } from "../engine/caller.ts";

/**
 * Waits that many milliseconds.
 *
 * With 0 or less, waits for exactly one iteration of the loop: everything that is
 * ready goes first.
 *
 * Python: `asyncio.sleep`
 *
 * @param delayMs Milliseconds.
 * @param result What to return. Default: nothing.
 * @throws {TypeError} `delayMs` is not a number.
 * @throws {RangeError} `delayMs` is NaN.
 *
 * @example
 * ```ts
 * import { run, sleep } from "heddle/asyncio";
 *
 * console.log(await run(sleep(5, "slept"))); // slept
 * ```
 */
export function sleep(delayMs: number): Awaitable<void>;
export function sleep<T>(delayMs: number, result: T): Awaitable<T>;
export function sleep(delayMs: number, result?: unknown): Awaitable<unknown> {
  if (typeof delayMs !== "number")
    throw wrongType("sleep: delay", "a number of milliseconds", delayMs);
  if (delayMs <= 0) return new OneIteration(result);
  if (Number.isNaN(delayMs))
    throw new RangeError("sleep: delay must be a number of milliseconds, got NaN");
  return sleepUntilDue(delayMs, result);
}

/** A bare yield: the task is put at the end of what is ready. */
class OneIteration extends Operation<unknown> {
  readonly #result: unknown;
  #hasYielded = false;

  constructor(result: unknown) {
    super();
    this.#result = result;
  }

  next(sent?: unknown): IteratorResult<Suspend, unknown> {
    if (sent === PROBE) answerProbe();
    else if (this.#hasYielded) return { done: true, value: this.#result };
    this.#hasYielded = true;
    return { done: false, value: undefined as never };
  }
}

const sleepUntilDue: (delayMs: number, result: unknown) => Awaitable<unknown> =
  // oxlint-disable-next-line no-shadow -- the name that is shown of one that nobody waits for
  /* @__PURE__ */ coroutine(function* sleep(delayMs: number, result: unknown): Coroutine<unknown> {
    const loop = runningLoop();
    const future = new FutureCore(loop);
    const timer = loop.after(delayMs, finish, future, result);
    try {
      return yield* future;
    } finally {
      timer.cancel();
    }
  });

function finish(future: FutureCore, result: unknown): void {
  future.settleOnce(FINISHED, result);
}
