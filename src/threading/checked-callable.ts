/** A check of functions that users pass. */

/** @throws {TypeError} `fn` is no function. */
export function checkedCallable<F>(fn: F, of: string): F {
  if (typeof fn === "function") return fn;
  throw new TypeError(`${of}: expected a function, not ${fn === null ? "null" : typeof fn}`);
}
