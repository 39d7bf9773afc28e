/**
 * A time limit for a part of a task.
 *
 *   CREATED → ACTIVE      the block is entered
 *   ACTIVE → EXPIRING     the time has come: the block was asked to cancel
 *   EXPIRING → EXPIRED    the block is left
 *   ACTIVE → FINISHED     the block is left
 *
 * Whether the error that leaves the block is the doing of this limit is told by the count
 * of requests: if those by others are as many as at the entry, then nobody else has cancelled
 * the task, and the CancelledError becomes a TimeoutError. So of nested limits that expired,
 * the outermost converts it, and a cancellation from outside passes. A request that is still
 * due when the block is left ends it as if it had been delivered.
 */
import { showAsText } from "../../base/text.ts";
import { type Loop, loopOf } from "../engine/classes.ts";
import type { Awaitable, Body, Coroutine, Handle } from "../events.ts";
import { CancelledError, RuntimeError, TimeoutError } from "../../errors.ts";
import { freshError, withUserFrames } from "../../wire/stack.ts";
import { callBody, Given } from "../engine/block-body.ts";
import { coroutine } from "../engine/coroutine.ts";
import { cancelledError } from "../engine/future-core.ts";
import { Block, isDue } from "../engine/parts.ts";
import { NO_ERROR } from "../engine/step.ts";
import { getRunningLoop } from "../engine/running-loop.ts";
import { taskOfCaller } from "../engine/caller.ts";

const CREATED = "created";
const ACTIVE = "active";
const EXPIRING = "expiring";
const EXPIRED = "expired";
const FINISHED = "finished";

type State = typeof CREATED | typeof ACTIVE | typeof EXPIRING | typeof EXPIRED | typeof FINISHED;

/** Enters the block. */
let enter: (limit: Timeout) => void;
/** Leaves the block. */
let leave: (limit: Timeout, error: unknown) => unknown;

/**
 * A time limit that can be looked at and changed while it applies; {@link timeout} makes one.
 *
 * Python: `asyncio.Timeout`
 * Differs: {@link Timeout.run} takes the place of `async with`.
 *
 * @example A limit that is extended
 * ```ts
 * import { getRunningLoop, run, sleep, timeout } from "heddle/asyncio";
 *
 * await run(async () => {
 *   await timeout(5, async (limit) => {
 *     limit.reschedule(getRunningLoop().time() + 60_000);
 *     await sleep(10);
 *   });
 *   console.log("in time"); // in time
 * });
 * ```
 */
export class Timeout {
  #state: State = CREATED;
  #whenMs: number | null;
  #loop: Loop | undefined;
  #block: Block | undefined;
  #alarm: Handle | undefined;

  /**
   * @param whenMs When the time is over, on the loop's clock, in milliseconds; `null` for never.
   */
  constructor(whenMs: number | null) {
    this.#whenMs = checkedTime(whenMs);
  }

  /** When the time is over, on the loop's clock, in milliseconds; `null` for never. Python: `asyncio.Timeout.when` */
  when(): number | null {
    return this.#whenMs;
  }

  /**
   * Moves the time at which the time is over, on the loop's clock, in milliseconds; `null` for never.
   *
   * Python: `asyncio.Timeout.reschedule`
   *
   * @throws {RuntimeError} The block has not been entered, has been left, or the time is over.
   */
  reschedule(whenMs: number | null): void {
    const loop = this.#loop;
    if (this.#state === CREATED || loop === undefined)
      throw new RuntimeError("Cannot reschedule the timeout: it has not been entered");
    if (this.#state !== ACTIVE)
      throw new RuntimeError(`Cannot reschedule the timeout: it is ${this.#state}`);
    this.#whenMs = checkedTime(whenMs);
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (whenMs === null) return;
    this.#alarm =
      whenMs <= loop.time() ? loop.callSoon(this.#expire) : loop.callAt(whenMs, this.#expire);
  }

  /** Whether the time was over before the block was left. Python: `asyncio.Timeout.expired` */
  expired(): boolean {
    return this.#state === EXPIRING || this.#state === EXPIRED;
  }

  /**
   * Runs the body; if the time is over before it ends, cancels what it waits for.
   *
   * Python: `asyncio.Timeout.__aenter__`, `asyncio.Timeout.__aexit__`
   *
   * @returns What the body returns.
   * @throws {TimeoutError} The time was over, and the body let the cancellation pass.
   * @throws {RuntimeError} It has been run before, or the calling code is in no task.
   */
  run<T>(body: Body<[this], T>): Awaitable<T> {
    return runTimeout(
      this,
      new Given(body as Body<[Timeout], unknown>, 'Timeout.run: "body"'),
    ) as Awaitable<T>;
  }

  /** The limit's state in words: `<Timeout active when=1234>`. Python: `asyncio.Timeout.__repr__` */
  toString(): string {
    const when = this.#state === ACTIVE ? ` when=${this.#whenMs}` : "";
    return `<Timeout ${this.#state}${when}>`;
  }

  get [Symbol.toStringTag](): string {
    return "Timeout";
  }

  static {
    showAsText(this.prototype);
    enter = (limit) => limit.#enter();
    leave = (limit, error) => limit.#leave(error);
  }

  #enter(): void {
    if (this.#state !== CREATED)
      throw new RuntimeError("Cannot enter the timeout: it has already been entered");
    const task = taskOfCaller();
    if (task === undefined)
      throw new RuntimeError("Cannot enter the timeout: the calling code does not run in a task");
    this.#state = ACTIVE;
    this.#loop = loopOf(task.loop);
    this.#block = new Block(task);
    this.reschedule(this.#whenMs);
  }

  readonly #expire = (): void => {
    this.#state = EXPIRING;
    this.#alarm = undefined;
    this.#block?.cancel();
  };

  /** Returns what to throw in place of the error that leaves the block, if any does. */
  #leave(thrown: unknown): unknown {
    const block = this.#block as Block;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    const isOwn = this.#state === EXPIRING && !block.isCancelledByOthers;
    const error =
      isOwn && thrown === NO_ERROR && isDue(block)
        ? cancelledError(undefined, block.owner.subject)
        : thrown;
    this.#state = this.#state === EXPIRING ? EXPIRED : FINISHED;
    block.leave();
    if (!isOwn || !(error instanceof CancelledError)) return error;
    return withUserFrames(freshError(() => new TimeoutError("Timed out", { cause: error })));
  }
}

/**
 * Runs the body; if it takes longer than so many milliseconds, cancels what it waits for.
 *
 * The body is called with the {@link Timeout}. It is a part of the calling task.
 *
 * Python: `asyncio.timeout`
 *
 * Differs: takes the body as a function, in place of `async with`.
 *
 * @param delayMs Milliseconds from when this is waited for; `null` for no limit.
 * @returns What the body returns.
 * @throws {TimeoutError} The time was over, and the body let the cancellation pass.
 * @throws {RuntimeError} The calling code is in no task.
 *
 * @example
 * ```ts
 * import { run, sleep, timeout } from "heddle/asyncio";
 *
 * await run(async () => {
 *   try {
 *     await timeout(10, async () => {
 *       await sleep(60_000);
 *     });
 *   } catch (error) {
 *     console.log((error as Error).name); // TimeoutError
 *   }
 * });
 * ```
 */
export function timeout<T>(delayMs: number | null, body: Body<[Timeout], T>): Awaitable<T> {
  checkedTime(delayMs);
  return runDelayed(delayMs, new Given(body, 'timeout: "body"')) as Awaitable<T>;
}

/**
 * The same as {@link timeout}, with a time of the loop's clock in place of a delay.
 *
 * Python: `asyncio.timeout_at`
 *
 * Differs: takes the body as a function, in place of `async with`.
 *
 * @param whenMs When the time is over, in milliseconds; `null` for never.
 * @returns What the body returns.
 * @throws {TimeoutError} The time was over, and the body let the cancellation pass.
 * @throws {RuntimeError} The calling code is in no task.
 *
 * @example
 * ```ts
 * import { getRunningLoop, run, sleep, timeoutAt } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const deadline = getRunningLoop().time() + 10;
 *   try {
 *     await timeoutAt(deadline, () => sleep(60_000));
 *   } catch (error) {
 *     console.log((error as Error).name); // TimeoutError
 *   }
 * });
 * ```
 */
export function timeoutAt<T>(whenMs: number | null, body: Body<[Timeout], T>): Awaitable<T> {
  return new Timeout(whenMs).run(body);
}

type GivenBody = Given<Body<[Timeout], unknown>>;

const runDelayed: (delayMs: number | null, body: GivenBody) => Awaitable<unknown> =
  /* @__PURE__ */ coroutine(function* (
    delayMs: number | null,
    body: GivenBody,
  ): Coroutine<unknown> {
    const whenMs = delayMs === null ? null : getRunningLoop().time() + delayMs;
    return yield* withTimeout(new Timeout(whenMs), body);
  });

const runTimeout: (limit: Timeout, body: GivenBody) => Awaitable<unknown> =
  /* @__PURE__ */ coroutine(withTimeout);

function* withTimeout(limit: Timeout, body: GivenBody): Coroutine<unknown> {
  enter(limit);
  let result: unknown;
  let error: unknown = NO_ERROR;
  try {
    result = yield* callBody(body, limit);
  } catch (thrown) {
    error = thrown;
  } finally {
    // Also where the coroutine is closed: a limit that is not left would still expire.
    error = leave(limit, error);
  }
  if (error !== NO_ERROR) throw error as Error;
  return result;
}

function checkedTime(timeMs: number | null): number | null {
  if (timeMs !== null && typeof timeMs !== "number")
    throw new TypeError(
      `timeout: the time must be a number of milliseconds or null, got ${typeof timeMs}`,
    );
  if (timeMs !== null && Number.isNaN(timeMs))
    throw new RangeError("timeout: the time must be a number of milliseconds or null, got NaN");
  return timeMs;
}
