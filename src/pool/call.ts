/** One call of a user's function in a worker. */
import { runInsideTask } from "../shipping/main-module.ts";

/** What a call came to: now, or later. */
export type Outcome =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "threw"; readonly error: unknown }
  | { readonly kind: "promised"; readonly promise: PromiseLike<unknown> };

/** Calls the function as a task; never throws. */
export function call(fn: Function, args: readonly unknown[]): Outcome {
  try {
    const value: unknown = runInsideTask(() => Reflect.apply(fn, undefined, args));
    return isThenable(value) ? { kind: "promised", promise: value } : { kind: "returned", value };
  } catch (error) {
    return { kind: "threw", error };
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
