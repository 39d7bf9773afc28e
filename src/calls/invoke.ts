/** One call of a user's function, in the agent where it runs. */
import { isThenable } from "../base/functions.ts";
import { runInsideCall } from "../shipping/main-module.ts";
import type { Outcome } from "./outcome.ts";

/** A call that has returned a promise: its outcome is that promise's. */
export interface Promised {
  readonly kind: "promised";
  readonly promise: PromiseLike<unknown>;
}

/** Calls the function; never throws. */
export function invoke(fn: Function, args: readonly unknown[]): Outcome | Promised {
  try {
    const value: unknown = runInsideCall(() => Reflect.apply(fn, undefined, args));
    return isThenable(value) ? { kind: "promised", promise: value } : { kind: "returned", value };
  } catch (error) {
    return { kind: "threw", error };
  }
}
