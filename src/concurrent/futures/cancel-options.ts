import { checkedOption, checkedOptions, checkedType } from "../../base/options.ts";
import { TIMEOUT_MAX } from "../../memory/deadline.ts";

/** How a call is cancelled. Python: none */
export interface CancelOptions {
  /** Whether to stop the call also while it runs. Default: false. */
  readonly running?: boolean | undefined;
  /**
   * How long a call that runs may take to stop, in milliseconds, before its worker is ended.
   * Infinity never ends it. Default: 1000.
   */
  readonly grace?: number | undefined;
}

const NAME = "Future.cancel";
export const USUAL_GRACE_MS = 1000;

/**
 * The grace in milliseconds; undefined if a call that runs is to run on.
 *
 * @throws {Error} An option is wrong.
 */
export function checkedGrace(options: CancelOptions): number | undefined {
  const { running = false, grace } = checkedOptions(options, ["running", "grace"], NAME);
  checkedOption(running, "boolean", `${NAME}: "running"`);
  if (grace === undefined) return running ? USUAL_GRACE_MS : undefined;
  const checked = checkedGraceTime(grace, NAME);
  if (!running) throw new TypeError(`${NAME}: "grace" requires "running": true`);
  return checked;
}

/** @param of The method, as errors name it. */
export function checkedGraceTime(grace: number, of: string): number {
  checkedType(grace, "number", `${of}: "grace"`);
  if (grace === Infinity || (grace >= 0 && grace <= TIMEOUT_MAX)) return grace;
  throw new RangeError(
    `${of}: "grace" must be between 0 and ${TIMEOUT_MAX} milliseconds, or Infinity, got ${grace}`,
  );
}
