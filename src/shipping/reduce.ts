/**
 * The name of a method by which a class says how its objects are made in another thread: it
 * returns a class or function, which a module exports, and the arguments for it.
 *
 * It is what `object.__reduce__` is for `pickle`, and always a pair: there is no state that
 * is set afterwards.
 *
 * Python: none
 *
 * @example A class with private fields
 * ```ts
 * import { reduce } from "heddle";
 *
 * export class Money {
 *   readonly #cents: number;
 *
 *   constructor(cents: number) {
 *     this.#cents = cents;
 *   }
 *
 *   [reduce](): [typeof Money, [number]] {
 *     return [Money, [this.#cents]];
 *   }
 * }
 * console.log(new Money(5)[reduce]()[1]); // [ 5 ]
 * ```
 */
export const reduce: unique symbol = /* @__PURE__ */ Symbol.for("heddle.reduce");
