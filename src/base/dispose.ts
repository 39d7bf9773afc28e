/**
 * What `using` and `await using` call.
 *
 * Not every runtime has `Symbol.dispose`. A method that is written `[Symbol.dispose]()` would
 * be called "undefined" there: classes declare it, and add it here.
 */
import { define } from "./define.ts";

/** Adds the method that `using` calls. */
export function addDispose<T extends object>(prototype: T, dispose: (self: T) => void): void {
  define(prototype, Symbol.dispose ?? Symbol.for("Symbol.dispose"), function value(this: T) {
    return dispose(this);
  });
}

/** Adds the method that `await using` calls. */
export function addAsyncDispose<T extends object>(
  prototype: T,
  dispose: (self: T) => Promise<void>,
): void {
  const key = Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose");
  define(prototype, key, function value(this: T) {
    return dispose(this);
  });
}
