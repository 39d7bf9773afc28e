/** What a new thread receives, besides its arguments. */
import type { DescribedFunction } from "../shipping/described-function.ts";
import type { NamedEntry } from "../contextvars/entries.ts";

export interface ThreadStart {
  readonly ident: number;
  /** Whether the function shipped is the class of the thread, whose `run` is to be called. */
  readonly runsClass: boolean;
  /** Own fields of the Thread object, where its class is a user's. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** The target of such an object: its `run` may call it by `super.run()`. */
  readonly target: DescribedFunction | undefined;
  /** Values of context variables. */
  readonly context: readonly NamedEntry[];
  /** What must be waited for before the function is called (see threading/timer.ts). */
  readonly timer: TimerStart | undefined;
}

export interface TimerStart {
  /** Set when the timer is cancelled, or has fired. */
  readonly finished: {
    isSet(): boolean;
    set(): void;
    wait(options: { timeout: number }): Promise<boolean>;
  };
  readonly intervalMs: number;
}

/** The method by which a user's Thread class makes the object that runs in the new thread. */
export const ADOPT: unique symbol = /* @__PURE__ */ Symbol.for("heddle.adopt");
