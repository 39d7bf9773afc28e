import type { Awaitable, Suspend, TimerHandle } from "../events.ts";
import { Operation } from "../engine/coroutine.ts";
import { FINISHED, FutureCore } from "../engine/future-core.ts";
import { answerProbe, PROBE } from "../engine/probe.ts";
import { runningLoop } from "../engine/caller.ts";
import { checkTime } from "../engine/loop-core.ts";

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
  checkTime(delayMs, "sleep: delay");
  return delayMs <= 0 ? new OneIteration(result) : new Sleep(delayMs, result);
}

/** A bare yield: the task is put at the end of what is ready. */
class OneIteration extends Operation<unknown> {
  readonly #result: unknown;
  operationHasBegun = false;
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

/** A wait for a timer of the loop, which is set when the wait begins. */
class Sleep extends Operation<unknown> {
  readonly #delayMs: number;
  readonly #result: unknown;
  operationHasBegun = false;
  #timer: TimerHandle | undefined;
  #end: FutureCore | undefined;

  constructor(delayMs: number, result: unknown) {
    super();
    this.#delayMs = delayMs;
    this.#result = result;
  }

  next(sent?: unknown): IteratorResult<Suspend, unknown> {
    this.#end ??= this.#begin();
    return this.#end.next(sent);
  }

  #begin(): FutureCore {
    const loop = runningLoop();
    const end = new FutureCore(loop);
    this.#timer = loop.after(this.#delayMs, finish, end, this.#result);
    return end;
  }

  override throw(error: unknown): IteratorResult<Suspend, unknown> {
    this.#timer?.cancel();
    return super.throw(error);
  }

  override return(value: unknown): IteratorResult<Suspend, unknown> {
    this.#timer?.cancel();
    return super.return(value);
  }
}

function finish(end: FutureCore, result: unknown): void {
  end.settleOnce(FINISHED, result);
}
