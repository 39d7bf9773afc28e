/** What everything that can be acquired and released has in common: the forms that release by themselves. */
import { showAsText } from "../base/text.ts";
import { checkedFunction, isThenable } from "../base/functions.ts";
import { Held } from "../base/held.ts";
import { TimeoutError } from "../errors.ts";
import { type Taking, type Waiting, waiting, withTaskSignal } from "../waiting/task-waits.ts";
import type { SyncWaitOptions, WaitOptions } from "../waiting/wait-options.ts";

/** What is held can be released again. */
const RELEASES: Taking<Held> = {
  deliver: undefined,
  giveBack: (held) => {
    held.release();
    return true;
  },
};

/** Something that threads acquire and release. Python: none */
export abstract class Acquirable {
  static {
    showAsText(this.prototype);
  }

  /**
   * Resolves once it is acquired.
   *
   * Python: `threading.Lock.acquire`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever. `0` never waits.
   * @param options.signal Ends the wait with the signal's reason.
   * @returns Whether it is acquired.
   */
  abstract acquire(options?: WaitOptions): Waiting<boolean>;
  /** The blocking twin of {@link Acquirable.acquire}. `options.timeout` is in milliseconds. Python: `threading.Lock.acquire` */
  abstract acquireSync(options?: SyncWaitOptions): boolean;
  /** Gives back what was acquired. Python: `threading.Lock.release` */
  abstract release(): void;

  /**
   * Acquires and resolves with what releases again, at the end of a `using` block or by its `release()`.
   *
   * Python: `threading.Lock.__enter__`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   * @throws {TimeoutError} It could not be acquired in time.
   *
   * @example
   * ```ts
   * import { Lock } from "heddle/threading";
   *
   * const lock = new Lock();
   * const held = await lock.hold();
   * console.log(lock.locked()); // true
   * held.release();
   * ```
   */
  hold(options?: WaitOptions): Waiting<Held> {
    return waiting((signal) => this.#hold(withTaskSignal(options, signal)), RELEASES);
  }

  async #hold(options: WaitOptions | undefined): Promise<Held> {
    if (!(await this.acquire(options))) throw this.#late(options);
    return new Held(() => this.release());
  }

  /** The blocking twin of {@link Acquirable.hold}. `options.timeout` is in milliseconds. Python: `threading.Lock.__enter__` */
  holdSync(options?: SyncWaitOptions): Held {
    if (!this.acquireSync(options)) throw this.#late(options);
    return new Held(() => this.release());
  }

  /**
   * Calls `body` while it is acquired, waits for what `body` promises, and releases, whatever happens.
   *
   * Python: `threading.Lock.__enter__`, `threading.Lock.__exit__`
   *
   * @param options.timeout Longest wait in milliseconds. Default: wait for ever.
   * @param options.signal Ends the wait with the signal's reason.
   * @returns What `body` returns.
   * @throws {TimeoutError} It could not be acquired in time.
   *
   * @example
   * ```ts
   * import { Lock } from "heddle/threading";
   *
   * const lock = new Lock();
   * console.log(await lock.with(() => "alone")); // alone
   * ```
   */
  async with<R>(body: () => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    checkedFunction(body, "with: body");
    const held = await this.hold(options);
    let hasFailed = true;
    try {
      const result = await body();
      hasFailed = false;
      return result;
    } finally {
      release(held, hasFailed);
    }
  }

  /**
   * The blocking twin of {@link Acquirable.with}. `options.timeout` is in milliseconds.
   *
   * Python: `threading.Lock.__enter__`, `threading.Lock.__exit__`
   *
   * @throws {TypeError} `body` returns a promise: it would go on after the release.
   */
  withSync<R>(body: () => R, options?: SyncWaitOptions): R {
    checkedFunction(body, "withSync: body");
    const held = this.holdSync(options);
    let hasFailed = true;
    try {
      const result = body();
      if (isThenable(result)) {
        throw new TypeError(
          "Cannot run an async function with withSync: it would continue after the release. Use with()",
        );
      }
      hasFailed = false;
      return result;
    } finally {
      release(held, hasFailed);
    }
  }

  #late(options: SyncWaitOptions | undefined): TimeoutError {
    return new TimeoutError(
      `Timed out after ${options?.timeout} ms waiting to acquire the ${this.constructor.name}`,
    );
  }
}

/** The error of a body that failed must not be hidden by that of a release: it may explain it. */
function release(held: Held, hasFailed: boolean): void {
  try {
    held.release();
  } catch (error) {
    if (!hasFailed) throw error;
  }
}
