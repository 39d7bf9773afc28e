/** What futures and maps ask of the executor that runs their calls. */
import type { Call } from "../../pool/call.ts";
import type { Wrapping } from "../../pool/wrapping.ts";

export interface CallHost {
  /** How many calls can run at once. */
  readonly workers: number;
  /**
   * @param wrapping What the worker makes of `fn` before it calls it.
   * @throws {Error} The call cannot be taken.
   */
  start(call: Call, fn: Function, args: readonly unknown[], wrapping?: Wrapping): void;
  /** Takes a call back that has not started; says whether it was in time. */
  cancel(call: Call): boolean;
  isRunning(call: Call): boolean;
  /** @throws {Error} The caller must not block for this call's result, and why. */
  checkBlocking(call?: Call): void;
}
