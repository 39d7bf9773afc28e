/** What is in a loop's ready queue: a callback, or the next step of a task. */
export interface Runnable {
  /** Runs it, once. Reports its errors itself. */
  run(): void;
  /** What it is, for reports. */
  toString(): string;
}
