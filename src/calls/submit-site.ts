/**
 * Where work was submitted, for the stack of the error that it may end in.
 *
 * Taking a stack costs several times as much as a small call. So it is taken
 * once a millisecond for each function, at most, and the submits in between
 * share it: in practice they come from the same line. A program that submits
 * less often than that gets the exact line every time.
 */

import { userFrames, withUserFrames } from "../wire/stack.ts";

/** How long a site stands for further submits of the same function, in milliseconds. */
const SHARED_FOR_MS = 1;

export interface SubmitSite {
  /** The stack frames of the submitting call, one a line, without those inside heddle. */
  frames(): string;
  /** The error, with these frames in its stack if that names no line of the user's. */
  joined<E>(error: E): E;
}

class StackSite implements SubmitSite {
  readonly takenAtMs: number;
  readonly #holder = new Error();

  constructor(nowMs: number) {
    this.takenAtMs = nowMs;
  }

  frames(): string {
    return userFrames(this.#holder.stack ?? "");
  }

  joined<E>(error: E): E {
    return withUserFrames(error, this.frames());
  }
}

/** The stack of the call that is being made now. */
export function currentSite(): SubmitSite {
  return new StackSite(performance.now());
}

/** The sites of a pool's submits, by the number of the function. */
export class SubmitSites {
  readonly #latest: StackSite[] = [];

  /** The stack of the call that is being made now, or of one just before with the same function. */
  of(functionId: number): SubmitSite {
    const nowMs = performance.now();
    const known = this.#latest[functionId];
    if (known !== undefined && nowMs - known.takenAtMs < SHARED_FOR_MS) return known;
    return (this.#latest[functionId] = new StackSite(nowMs));
  }
}

/** The same by function, for submits that take so many calls within heddle that the stack would not reach the user's code. */
export class FunctionSites {
  readonly #latest = new WeakMap<Function, StackSite>();

  of(fn: Function): SubmitSite {
    const nowMs = performance.now();
    const known = this.#latest.get(fn);
    if (known !== undefined && nowMs - known.takenAtMs < SHARED_FOR_MS) return known;
    const site = new StackSite(nowMs);
    this.#latest.set(fn, site);
    return site;
  }
}
