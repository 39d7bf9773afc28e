import { showAsText } from "../../base/text.ts";
import type { Awaitable } from "../events.ts";
import { WaitInLine } from "./wait-in-line.ts";
import { Waiters } from "./waiters.ts";

/**
 * A flag, false at first, that the tasks of one event loop can set, clear and wait for.
 *
 * Python: `asyncio.Event`
 *
 * @example
 * ```ts
 * import { createTask, Event, run } from "heddle/asyncio";
 *
 * const ready = new Event();
 * await run(async () => {
 *   const waiting = createTask(ready.wait());
 *   ready.set();
 *   console.log(await waiting); // true
 * });
 * ```
 */
export class Event {
  static {
    showAsText(this.prototype);
  }

  readonly #waiters = new Waiters(this);
  #isSet = false;

  constructor() {
    if (arguments.length > 0) throw new TypeError("Event: the constructor takes no arguments");
  }

  /** Whether the flag is true. Python: `asyncio.Event.is_set` */
  isSet(): boolean {
    return this.#isSet;
  }

  /** Makes the flag true, and lets go on all who wait, even if it is cleared at once. Python: `asyncio.Event.set` */
  set(): void {
    if (this.#isSet) return;
    this.#isSet = true;
    this.#waiters.wakeAll();
  }

  /** Makes the flag false: from now on, who waits must wait. Python: `asyncio.Event.clear` */
  clear(): void {
    this.#isSet = false;
  }

  /**
   * Waits until the flag is true; not at all if it is.
   *
   * Python: `asyncio.Event.wait`
   *
   * @throws {RuntimeError} Somebody waits, or has waited, for it in another event loop.
   */
  wait(): Awaitable<true> {
    return new UntilSet(this, this.#waiters);
  }

  /** The event's state in words: `<Event unset, waiters:1>`. Python: `asyncio.Event.__repr__` */
  toString(): string {
    return `<Event ${this.#isSet ? "set" : "unset"}${this.#waiters.inWords}>`;
  }
}

const IS_SET: IteratorReturnResult<true> = { done: true, value: true };

class UntilSet extends WaitInLine<true> {
  readonly #event: Event;
  protected readonly line: Waiters;

  constructor(event: Event, waiters: Waiters) {
    super();
    this.#event = event;
    this.line = waiters;
  }

  protected tryTake(wasWoken: boolean): typeof IS_SET | undefined {
    return wasWoken || this.#event.isSet() ? IS_SET : undefined;
  }

  /** There is nothing to pass on: all are woken. */
  protected giveUp(): void {}
}
