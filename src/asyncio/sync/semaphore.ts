import type { Awaitable } from "../events.ts";
import { Acquirable } from "./acquirable.ts";
import { checkedCount } from "../../base/options.ts";
import { WaitInLine } from "./wait-in-line.ts";
import { Waiters } from "./waiters.ts";

const TAKEN: IteratorReturnResult<true> = { done: true, value: true };

interface Permits {
  readonly waiters: Waiters;
  value: number;
}

/**
 * So many permits, for the tasks of one event loop.
 *
 * Fair: who waited first gets a permit first.
 *
 * Python: `asyncio.Semaphore`
 *
 * @example At most two at once
 * ```ts
 * import { gather, run, Semaphore, sleep } from "heddle/asyncio";
 *
 * const permits = new Semaphore(2);
 * let [now, most] = [0, 0];
 * async function work(): Promise<void> {
 *   await permits.with(async () => {
 *     most = Math.max(most, ++now);
 *     await sleep(1);
 *     now--;
 *   });
 * }
 * await run(async () => gather([work, work, work, work, work]));
 * console.log(most); // 2
 * ```
 */
export class Semaphore extends Acquirable {
  readonly #permits: Permits;

  /**
   *
   * Python: `asyncio.Semaphore`
   *
   * @param value How many permits there are at first.
   * @throws {TypeError} `value` is not an integer.
   * @throws {RangeError} `value` is below 0.
   */
  constructor(value: number = 1) {
    super();
    if (value !== 0) checkedCount(value, "value", new.target.name);
    this.#permits = { waiters: new Waiters(this), value };
  }

  /**
   * Whether no permit can be had at once: there is none, or others wait for theirs.
   *
   * Python: `asyncio.Semaphore.locked`
   */
  locked(): boolean {
    return isLocked(this.#permits);
  }

  /**
   * Waits for a permit, and takes it.
   *
   * Python: `asyncio.Semaphore.acquire`
   *
   * @throws {RuntimeError} Somebody waits, or has waited, for one in another event loop.
   */
  override acquire(): Awaitable<true> {
    return new Acquisition(this.#permits);
  }

  /** Gives a permit back, or adds one. Python: `asyncio.Semaphore.release` */
  override release(): void {
    this.#permits.value += 1;
    grantNext(this.#permits);
  }

  /** How many permits there are, less those that are promised. @internal */
  protected get value(): number {
    return this.#permits.value;
  }

  /** The state in words: `<Semaphore unlocked, value:2>`. Python: `asyncio.Semaphore.__repr__` */
  override toString(): string {
    const state = this.locked() ? "locked" : `unlocked, value:${this.#permits.value}`;
    return `<${this.constructor.name} ${state}${this.#permits.waiters.inWords}>`;
  }
}

function isLocked({ value, waiters }: Permits): boolean {
  return value === 0 || !waiters.areAllCancelled;
}

/** Gives a permit to the first who waits; says whether anybody does. */
function grantNext(permits: Permits): boolean {
  if (!permits.waiters.wakeNext()) return false;
  permits.value -= 1;
  return true;
}

/** Gives out what there is. */
function grantAll(permits: Permits): void {
  while (permits.value > 0 && grantNext(permits));
}

/** Who is woken has been given a permit. */
class Acquisition extends WaitInLine<true> {
  readonly #permits: Permits;
  protected readonly line: Waiters;

  constructor(permits: Permits) {
    super();
    this.#permits = permits;
    this.line = permits.waiters;
  }

  protected tryTake(wasWoken: boolean): typeof TAKEN | undefined {
    if (wasWoken) {
      grantAll(this.#permits);
      return TAKEN;
    }
    if (isLocked(this.#permits)) return undefined;
    this.#permits.value -= 1;
    return TAKEN;
  }

  protected giveUp(wasWoken: boolean): void {
    if (wasWoken) this.#permits.value += 1;
    grantAll(this.#permits);
  }
}
