/** For who looks for a deadlock: has all threads note where they take locks. */
import { kindOf } from "../base/text.ts";
import { program } from "../program/program.ts";

/**
 * From now on, every thread of the program notes where it takes a `Lock` or `RLock`.
 *
 * {@link DeadlockError} and {@link dump} then tell where what a thread holds was taken.
 * It costs some microseconds each time (a free lock costs a twentieth of one
 * otherwise): turn it on to find a mistake, and off again. Locks that are held
 * already are not known. Never waits.
 *
 * Python: none
 *
 * @param isOn False to stop it. Default: true.
 * @throws {TypeError} `isOn` is not a boolean.
 *
 * @example
 * ```ts
 * import { dumpSync, Lock, traceLocks } from "heddle/threading";
 *
 * traceLocks();
 * const lock = new Lock();
 * lock.acquireSync();
 * const [main] = dumpSync().threads;
 * console.log(main?.holds.length, typeof main?.takenAt[0]); // 1 string
 * lock.release();
 * traceLocks(false);
 * ```
 */
export function traceLocks(isOn = true): void {
  if (typeof isOn !== "boolean") {
    throw new TypeError(`traceLocks: isOn must be true or false, got ${kindOf(isOn)}`);
  }
  program().agents.tracesLocks = isOn;
}
