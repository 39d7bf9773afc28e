/**
 * A clock that stands still until it is told to go on.
 *
 * Between `install` and `uninstall` this thread's `setTimeout` and its like, `Date`
 * and `performance.now` are the clock's. Time is a number; a timer is due at a time,
 * and those that are due at the same time run in the order in which they were set.
 */
import { kindOf, showAsText } from "../base/text.ts";
import { addDispose } from "../base/dispose.ts";
import type { AnyFunction } from "../base/functions.ts";
import { CallerContext } from "../contextvars/caller-context.ts";
import { platform } from "#platform";
import { RuntimeError } from "../errors.ts";
import { checkedNumber, checkedOptions } from "../base/options.ts";
import { checkedDelay, FakeTimer, type TimerHost } from "./fake-timer.ts";

/** Where the clock's timers begin to count: no runtime's own numbers come that far. */
const FIRST_ID = 2 ** 31;

/** How a {@link FakeClock} begins. Python: none */
export interface FakeClockOptions {
  /** What `Date.now()` says at first, in milliseconds since 1970. Default: the present. */
  readonly now?: number | undefined;
}

/** Something that was replaced, and what it was; no descriptor where it was inherited. */
interface Replaced {
  readonly holder: object;
  readonly key: string;
  readonly was: PropertyDescriptor | undefined;
}

/** Whether this thread's globals show a fake clock. */
let isAnyInstalled = false;

/**
 * Lets a test say what time it is, for code that uses timers and dates.
 *
 * While it is installed, this thread's `setTimeout`, `setInterval`, `clearTimeout`,
 * `clearInterval`, `Date` and `performance.now` show the clock's time, which
 * {@link FakeClock.advance} alone moves on. What was taken from elsewhere goes on in
 * real time: imports from `node:timers`, `AbortSignal.timeout`, other threads, and
 * the waits of heddle and of `Atomics`.
 *
 * Python: none
 *
 * @example A timeout of a minute, at once
 * ```ts
 * import { FakeClock } from "heddle/testing";
 *
 * const clock = new FakeClock({ now: Date.UTC(2030, 0, 1) });
 * clock.install();
 * let isOver = false;
 * setTimeout(() => (isOver = true), 60_000);
 * clock.advance(59_999);
 * console.log(isOver, clock.pending); // false 1
 * clock.advance(1);
 * console.log(isOver, new Date().toISOString()); // true 2030-01-01T00:01:00.000Z
 * clock.uninstall();
 * ```
 */
export class FakeClock {
  readonly #startDateMs: number | undefined;
  #isInstalled = false;
  /** Milliseconds that the clock has been advanced by. */
  #elapsedMs = 0;
  readonly #timers = new Map<number, FakeTimer>();
  #nextId = FIRST_ID;
  readonly #host: TimerHost = {
    start: (timer) => {
      timer.dueMs = this.#elapsedMs + timer.delayMs;
      // Last among those that are due at the same time.
      this.#timers.delete(timer.id);
      this.#timers.set(timer.id, timer);
    },
    clear: (timer) => void this.#timers.delete(timer.id),
  };
  readonly #replaced: Replaced[] = [];
  /** Calls {@link FakeClock.uninstall}. Python: none */
  declare readonly [Symbol.dispose]: () => void;

  static {
    addDispose(this.prototype, (clock) => clock.uninstall());
    showAsText(
      this.prototype,
      (clock) =>
        `<FakeClock ${clock.#isInstalled ? "installed" : "not installed"}, after ${clock.#elapsedMs} ms, timers:${clock.pending}>`,
    );
  }

  /**
   * @param options.now What `Date.now()` says at first, in milliseconds since 1970. Default: the present.
   * @throws {TypeError} `now` is not a number, or an option is unknown.
   */
  constructor(options?: FakeClockOptions) {
    const { now } = checkedOptions(options, ["now"], "FakeClock");
    if (now !== undefined && !Number.isFinite(now))
      throw new TypeError(
        `FakeClock: "now" must be a number of milliseconds, got ${typeof now === "number" ? now : kindOf(now)}`,
      );
    this.#startDateMs = now;
  }

  /** How many timers are set. Python: none */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Puts the clock in place of this thread's own. Never waits.
   *
   * Python: none
   *
   * @throws {RuntimeError} A fake clock is installed in this thread.
   *
   * @example
   * ```ts
   * import { FakeClock } from "heddle/testing";
   *
   * const clock = new FakeClock({ now: 0 });
   * clock.install();
   * console.log(Date.now()); // 0
   * clock.uninstall();
   * ```
   */
  install(): void {
    if (isAnyInstalled) {
      const which = this.#isInstalled ? "it" : "another one";
      throw new RuntimeError(`Cannot install the clock: ${which} is installed already`);
    }
    isAnyInstalled = this.#isInstalled = true;
    const elapsedMs = (): number => this.#elapsedMs;
    // An integer, so that differences of times are exact.
    const startMs = Math.ceil(performance.now());
    const startDateMs = this.#startDateMs ?? Date.now();
    const { clearTimeout: realClear } = globalThis;
    const clear = (timer: unknown): void => {
      // A timer that was set before the clock was installed.
      if (!this.#clear(timer)) realClear(timer as Parameters<typeof realClear>[0]);
    };
    this.#replace(globalThis, "setTimeout", this.#setter(false));
    this.#replace(globalThis, "setInterval", this.#setter(true));
    this.#replace(globalThis, "clearTimeout", clear);
    this.#replace(globalThis, "clearInterval", clear);
    this.#replace(
      globalThis,
      "Date",
      fakeDate(() => Math.trunc(startDateMs + elapsedMs())),
    );
    this.#replace(performance, "now", () => startMs + elapsedMs());
  }

  /**
   * Puts this thread's own clock back, and forgets the timers that are still set.
   * Never waits; does nothing if the clock is not installed.
   *
   * Python: none
   *
   * @example
   * ```ts
   * import { FakeClock } from "heddle/testing";
   *
   * const clock = new FakeClock();
   * clock.install();
   * try {
   *   setTimeout(() => console.log("never"), 10);
   * } finally {
   *   clock.uninstall();
   * }
   * console.log(clock.pending); // 0
   * ```
   */
  uninstall(): void {
    if (!this.#isInstalled) return;
    isAnyInstalled = this.#isInstalled = false;
    this.#timers.clear();
    for (const { holder, key, was } of this.#replaced.splice(0)) {
      if (was === undefined) Reflect.deleteProperty(holder, key);
      else Object.defineProperty(holder, key, was);
    }
  }

  /**
   * Moves the time on, and runs what falls due in its order, each at its time,
   * timers that others set meanwhile included. Never waits: promise jobs run later,
   * as after any synchronous call.
   *
   * Python: none
   *
   * @param ms Milliseconds.
   * @throws {RangeError} `ms` is negative or not finite.
   * @throws {RuntimeError} The clock is not installed.
   * @throws What a timer's callback throws. The time is then that timer's.
   *
   * @example
   * ```ts
   * import { FakeClock } from "heddle/testing";
   *
   * const clock = new FakeClock();
   * clock.install();
   * // An integer, so that differences of times are exact.
   * const startMs = Math.ceil(performance.now());
   * const ticks: number[] = [];
   * setInterval(() => ticks.push(performance.now() - startMs), 250);
   * clock.advance(1000);
   * console.log(ticks.join()); // 250,500,750,1000
   * clock.uninstall();
   * ```
   */
  advance(ms: number): void {
    const endMs = this.#endOf(ms);
    while (this.#runNext(endMs));
    this.#moveTo(endMs);
  }

  /**
   * Does the same, and lets promise jobs run before, between and after the timers:
   * for code that awaits. Does not block.
   *
   * Python: none
   *
   * @param ms Milliseconds.
   * @throws {RangeError} `ms` is negative or not finite.
   * @throws {RuntimeError} The clock is not installed.
   * @throws What a timer's callback throws. The time is then that timer's.
   *
   * @example Three attempts, a second apart
   * ```ts
   * import { FakeClock } from "heddle/testing";
   *
   * async function retry(): Promise<string> {
   *   for (let attempt = 1; attempt < 3; attempt++)
   *     await new Promise((resolve) => setTimeout(resolve, 1000));
   *   return "done";
   * }
   *
   * const clock = new FakeClock();
   * clock.install();
   * const result = retry();
   * await clock.advanceAsync(2000);
   * console.log(await result); // done
   * clock.uninstall();
   * ```
   */
  async advanceAsync(ms: number): Promise<void> {
    const endMs = this.#endOf(ms);
    do await promiseJobs();
    while (this.#runNext(endMs));
    this.#moveTo(endMs);
  }

  #endOf(ms: number): number {
    if (!this.#isInstalled) throw new RuntimeError("Cannot advance the clock: it is not installed");
    checkedNumber(ms, 0, "FakeClock.advance: ms");
    return this.#elapsedMs + ms;
  }

  /** Time never goes back, even when a callback has moved it on itself. */
  #moveTo(timeMs: number): void {
    this.#elapsedMs = Math.max(this.#elapsedMs, timeMs);
  }

  /** Runs the timer that is due first, if it is until then; returns whether there was one. */
  #runNext(endMs: number): boolean {
    let first: FakeTimer | undefined;
    for (const timer of this.#timers.values()) {
      if (first === undefined ? timer.dueMs <= endMs : timer.dueMs < first.dueMs) first = timer;
    }
    if (first === undefined) return false;
    this.#moveTo(first.dueMs);
    if (first.repeats) this.#host.start(first);
    else this.#host.clear(first);
    first.run();
    return true;
  }

  #setter(repeats: boolean): (...args: unknown[]) => FakeTimer {
    return (callback, delay, ...args) => {
      if (typeof callback !== "function")
        throw new TypeError(`Cannot set a timer: its callback is a ${typeof callback}`);
      const context = new CallerContext();
      const run = (): void => void context.call(callback as AnyFunction, ...args);
      const timer = new FakeTimer(this.#nextId++, checkedDelay(delay), repeats, run, this.#host);
      this.#host.start(timer);
      return timer;
    };
  }

  /** Forgets a timer; returns whether it is one of this clock's, set or over. */
  #clear(timer: unknown): boolean {
    const id = timer instanceof FakeTimer ? timer.id : Number(timer);
    this.#timers.delete(id);
    return id >= FIRST_ID;
  }

  #replace(holder: object, key: string, value: unknown): void {
    const was = Object.getOwnPropertyDescriptor(holder, key);
    this.#replaced.push({ holder, key, was });
    const enumerable = was?.enumerable ?? false;
    Object.defineProperty(holder, key, { value, enumerable, writable: true, configurable: true });
  }
}

/** `Date`, but for what it says of the present. */
function fakeDate(now: () => number): DateConstructor {
  return new Proxy(Date, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: (target) => new target(now()).toString(),
    get: (target, key) => (key === "now" ? now : (Reflect.get(target, key) as unknown)),
  });
}

/** Resolves when all promise jobs there are have run. */
async function promiseJobs(): Promise<void> {
  return new Promise((resolve) => platform.nextTurn(resolve));
}
