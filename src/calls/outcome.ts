/** The outcome of a call, wherever it ran. */

/** How a call ended. */
export type Outcome<T = unknown> = Returned<T> | Threw;

export interface Returned<T> {
  readonly kind: "returned";
  readonly value: T;
}

export interface Threw {
  readonly kind: "threw";
  readonly error: unknown;
}

/** Takes the place of a value among values: what a call threw. */
export class Failure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}
