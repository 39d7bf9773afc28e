/** What a new process receives, besides its target's arguments. */
import type { DescribedFunction } from "../shipping/described-function.ts";

export interface ProcessStart {
  /** Whether the function shipped is the class of the process, whose `run` is to be called. */
  readonly runsClass: boolean;
  /** Own fields of the Process object, where its class is a user's. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** The target of such an object: its `run` may call it by `super.run()`. */
  readonly target: DescribedFunction | undefined;
}

/** The method by which a user's Process class makes the object that runs in the new process. */
export const ADOPT: unique symbol = /* @__PURE__ */ Symbol.for("heddle.adopt process");
