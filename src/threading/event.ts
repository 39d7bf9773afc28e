/** Python's event: a flag that threads can wait for. */
import { showAsText } from "../base/text.ts";
import { EVENT } from "../program/kinds.ts";
import { openBlock, type SharedBlock } from "../program/shared-object.ts";
import { SharedEvent } from "../memory/event.ts";
import { TAKES_NOTHING, type Waiting, waitingFor } from "../waiting/task-waits.ts";
import {
  checkedDeadline,
  type SyncWaitOptions,
  type WaitOptions,
} from "../waiting/wait-options.ts";
import { tellsWaiting, WaitPoint } from "../waiting/wait-point.ts";
import { WAIT } from "../waiting/verbs.ts";

/**
 * A flag, false at first, that threads can set, clear and wait for.
 *
 * It can be an argument or a message: it arrives in the other thread as the same event.
 *
 * Python: `threading.Event`
 *
 * @example One thread waits for another
 * ```ts
 * import { ThreadPoolExecutor } from "heddle/concurrent/futures";
 * import { Event } from "heddle/threading";
 *
 * const ready = new Event();
 * const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
 * const waiting = pool.submit((event: Event) => event.waitSync(), ready);
 * ready.set();
 * console.log(await waiting); // true
 * await pool.shutdown();
 * ```
 */
export class Event {
  readonly #block: SharedBlock;
  readonly #point: WaitPoint;
  readonly #event: SharedEvent;

  constructor() {
    if (arguments.length > 0) throw new TypeError("Event: the constructor takes no arguments");
    this.#block = openBlock(this, EVENT, SharedEvent.WORDS + WaitPoint.words(), Event);
    const { at, words } = this.#block;
    this.#point = WaitPoint.inBlock(this.#block, at + SharedEvent.WORDS, WAIT);
    this.#event = new SharedEvent(words, at, this.#point.waiters);
  }

  /** Whether the flag is true. Never blocks. Python: `threading.Event.is_set` */
  isSet(): boolean {
    return this.#event.isSet;
  }

  /**
   * Makes the flag true, and lets go all that wait for it. Never blocks.
   *
   * They go on even if {@link Event.clear} follows at once.
   *
   * Python: `threading.Event.set`
   */
  set(): void {
    this.#event.set();
  }

  /** Makes the flag false again: from now on, who waits must wait. Never blocks. Python: `threading.Event.clear` */
  clear(): void {
    this.#event.clear();
  }

  /**
   * Resolves once the flag is true; at once if it is.
   *
   * Python: `threading.Event.wait`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason.
   * @returns True; false if the timeout came first.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   *
   * @example
   * ```ts
   * import { Event } from "heddle/threading";
   *
   * const event = new Event();
   * console.log(await event.wait({ timeout: 10 })); // false
   * event.set();
   * console.log(await event.wait()); // true
   * ```
   */
  wait(options?: WaitOptions): Waiting<boolean> {
    return waitingFor(options, "Event.wait", (wait) => this.#point.wait(this.#taker(), wait), {
      taking: TAKES_NOTHING,
      quick: undefined,
    });
  }

  /**
   * Blocks the calling thread until the flag is true.
   *
   * Python: `threading.Event.wait`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @returns True; false if the timeout came first.
   * @throws {RangeError} `timeout` is negative, NaN or above `TIMEOUT_MAX`.
   * @throws {CannotBlockError} The flag is false, and the calling thread may not block.
   *
   * @example
   * ```ts
   * import { Event } from "heddle/threading";
   *
   * const event = new Event();
   * console.log(event.waitSync({ timeout: 0 })); // false
   * event.set();
   * console.log(event.waitSync()); // true
   * ```
   */
  waitSync(options?: SyncWaitOptions): boolean {
    if (options === undefined && this.#event.isSet) return true;
    return this.#point.waitSync(this.#taker(), checkedDeadline(options, "Event.waitSync"));
  }

  /** The event's state in words: `<Event-1 set>`. Python: `threading.Event.__repr__` */
  toString(): string {
    return `<Event-${this.#block.label} ${this.isSet() ? "set" : "unset"}>`;
  }

  #taker(): () => boolean {
    const noted = this.#event.state;
    return () => this.#event.wasSetSince(noted);
  }

  static {
    showAsText(this.prototype);
    tellsWaiting(this.prototype, (event) => event.#point.count);
  }
}
