/** What an exploration has found. */

/**
 * What was wrong with a run.
 *
 * - `assertion`: an agent threw
 * - `check`: the scenario's `check` threw
 * - `deadlock`: agents slept for good
 * - `too many steps`: the run did not end
 * - `stuck`: an agent looped without an operation on shared memory
 * - `not explorable`: the scenario does what the explorer cannot follow
 *
 * Python: none
 */
export type FailureKind =
  | "assertion"
  | "check"
  | "deadlock"
  | "too many steps"
  | "stuck"
  | "not explorable";

/** A bad run. Python: none */
export interface Failure {
  /** What was wrong. */
  readonly kind: FailureKind;
  /** The agent that saw it; undefined where none did. */
  readonly agent: number | undefined;
  /** The message of the error that was thrown. */
  readonly message: string;
  /** Its stack, as the agent's runtime wrote it. */
  readonly stack: string;
  /** Who did what in which order: the value of {@link ExploreOptions.replay} that shows the run again. */
  readonly schedule: string;
  /** The run for people, one line a step. */
  readonly trace: string;
}

/** What an exploration has found. Python: none */
export interface Report {
  /** The scenario's name. */
  readonly scenario: string;
  /** How many schedules were run. */
  readonly schedules: number;
  /** How many operations on shared memory they had, all together. */
  readonly steps: number;
  /** How long the exploration took, in milliseconds. */
  readonly elapsedMs: number;
  /** Whether every schedule within the bounds was run: false after a failure and at `maxSchedules`. */
  readonly isComplete: boolean;
  /** The first bad run; undefined if there was none. */
  readonly failure: Failure | undefined;
}
