/**
 * What `using` and `await using` call.
 *
 * Not every runtime has `Symbol.dispose`. A method that is written `[Symbol.dispose]()` would
 * be called "undefined" there: classes declare it, and add it here.
 */

/** Adds the method that `using` calls. */
export function addDispose<T extends object>(prototype: T, dispose: (self: T) => void): void {
  add(prototype, Symbol.dispose ?? Symbol.for("Symbol.dispose"), dispose);
}

/** Adds the method that `await using` calls. */
export function addAsyncDispose<T extends object>(
  prototype: T,
  dispose: (self: T) => Promise<void>,
): void {
  add(prototype, Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose"), dispose);
}

function add<T extends object>(prototype: T, key: symbol, dispose: (self: T) => unknown): void {
  Object.defineProperty(prototype, key, {
    value(this: T): unknown {
      return dispose(this);
    },
    writable: true,
    configurable: true,
  });
}
