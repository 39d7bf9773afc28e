/**
 * A function as it lies in a value that is sent: how it is found, or why it cannot be.
 *
 * For functions that belong to something else, a barrier or a thread's object, which works in
 * other threads even where the function does not.
 */
import { resolveFunction } from "#functions";
import type { AnyFunction } from "../base/functions.ts";
import { NotShippableError } from "../errors.ts";
import type { FunctionReference } from "./function-reference.ts";

export type DescribedFunction =
  | { readonly reference: FunctionReference }
  /** Why no other thread can run it. */
  | { readonly refusal: string; readonly name: string };

/** Says how other threads find the function. */
export function describeFunction(fn: AnyFunction): DescribedFunction {
  const { name } = fn;
  try {
    const reference = resolveFunction(fn);
    if (!(reference instanceof Promise)) return { reference };
    reference.catch(() => undefined);
    const refusal = `The module that exports "${name}" cannot be found without waiting for it. Export it from a module that does not await at its top level`;
    return { refusal, name };
  } catch (error) {
    return { refusal: (error as Error).message, name };
  }
}

/**
 * What the function can be loaded by.
 *
 * @param attempt What cannot be done without it: `Cannot …: why`.
 * @throws {NotShippableError} No other thread can run it.
 */
export function referenceIn(described: DescribedFunction, attempt: string): FunctionReference {
  if ("reference" in described) return described.reference;
  throw new NotShippableError(`${attempt}. ${described.refusal}`, { functionName: described.name });
}
