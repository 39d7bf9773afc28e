/** What the pump watches, and what keeps it watching. */

/** A pool, or what else may have something for the agent, as far as the pump is concerned. */
export interface Source {
  /** Handles results that have come, at most `limit`; returns how many it did. */
  drain(limit: number): number;
  /** Whether {@link drain} would find anything. */
  hasNews(): boolean;
  /** When {@link drain} must be called at the latest, though nothing has rung; absent or Infinity if it need not be. */
  readonly wakeAtMs?: number;
  /** Called while the agent blocks: makes sure that deaths are noticed, and says so if one was. */
  watchWhileBlocked(): void;
  /** Whether promises of this agent wait for what only another agent, or code of this one, can do. */
  readonly isAwaited: boolean;
  /** Refuses one of these waits, with a DeadlockError. */
  refuseOne?(): void;
  /** Whether a worker that seems to have nothing to do may be about to do something for the agent. */
  mayGoOn(): boolean;
}

/** What kind of work is in flight. */
export interface Flight {
  /** Whether the agent must live until it is over. */
  readonly keepsAlive: boolean;
  /** Whether code of the user's may run when it is over, even while the agent blocks. */
  readonly runsCode: boolean;
  /** Whether it may be over though no thread does anything: a timer or a signal ends it. */
  readonly mayEnd: boolean;
  /**
   * Whether what ends it comes from another process, through a thread of this one: to look for it
   * again and again would take a processor from those that bring it.
   */
  readonly comesFromOutside?: boolean;
}

/** A call whose future may have callbacks. */
export const CALL: Flight = { keepsAlive: true, runsCode: true, mayEnd: false };

/** What a source may ask of the pump. */
export interface Watcher {
  add(source: Source): void;
  remove(source: Source): void;
  begin(flight: Flight): void;
  end(flight: Flight): void;
}
