/** What a new thread receives, besides its arguments. */
import type { TargetStart } from "../calls/run-target.ts";
import type { NamedEntry } from "../contextvars/entries.ts";

export interface ThreadStart extends TargetStart {
  readonly ident: number;
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
