/** Types of calls: which arguments a function takes, and what it then returns, overloads included. */

import type { AnyFunction } from "./functions.ts";

/** The signatures of a function with up to four overloads, as `[parameters, result]`. */
type Signatures<F> = F extends {
  (...args: infer A1): infer R1;
  (...args: infer A2): infer R2;
  (...args: infer A3): infer R3;
  (...args: infer A4): infer R4;
}
  ? [A1, R1] | [A2, R2] | [A3, R3] | [A4, R4]
  : never;

/** The argument lists that some overload of `F` takes. Python: none */
export type OverloadArguments<F extends AnyFunction> = Signatures<F>[0];

/** What `F` returns for the arguments `A`: the result of the overload that takes them. Python: none */
export type OverloadResult<F extends AnyFunction, A extends readonly unknown[]> =
  Signatures<F> extends infer S
    ? S extends [infer P, infer R]
      ? A extends P
        ? R
        : never
      : never
    : never;
