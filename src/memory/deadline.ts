/** Timeouts (lengths, as users give them) and deadlines (instants, as waits use them). */

import { kindOf } from "../base/text.ts";

/** The longest timeout, in milliseconds, that every wait accepts. Python: `threading.TIMEOUT_MAX` */
export const TIMEOUT_MAX: number = 2_147_483_647;

/** A deadline that never comes. */
export const NEVER: number = Infinity;

/**
 * Turns a timeout into the instant on the `performance.now()` clock at which it ends.
 *
 * @param timeout Milliseconds; undefined or null waits for ever.
 * @param of The method, as an error names it.
 * @throws {TypeError} `timeout` is not a number.
 * @throws {RangeError} `timeout` is negative, NaN or above {@link TIMEOUT_MAX}.
 */
export function deadlineAfter(timeout: number | null | undefined, of: string): number {
  if (timeout === undefined || timeout === null) return NEVER;
  if (typeof timeout !== "number") {
    throw new TypeError(
      `${of}: "timeout" must be a number of milliseconds, got ${kindOf(timeout)}`,
    );
  }
  if (timeout === Infinity) return NEVER;
  if (!(timeout >= 0 && timeout <= TIMEOUT_MAX)) {
    throw new RangeError(
      `${of}: "timeout" must be between 0 and ${TIMEOUT_MAX} milliseconds, got ${timeout}`,
    );
  }
  return performance.now() + timeout;
}

/** Milliseconds left until the deadline; never negative. */
export function remaining(deadlineMs: number): number {
  return deadlineMs === NEVER ? Infinity : Math.max(0, deadlineMs - performance.now());
}
