/**
 * Tells errors that code makes from those that the engine throws: imported before heddle, it
 * replaces the classes that code names, which are not those that the engine makes errors of.
 */
type ErrorClass = new (...args: unknown[]) => Error;

const made: Function[] = [];

for (const name of ["Error", "TypeError", "RangeError", "AggregateError"] as const) {
  const native = globalThis[name] as never as ErrorClass;
  // Not a class: Bun makes `Error()` of `new Error()`.
  const replaced = function (...args: unknown[]): Error {
    return Reflect.construct(native, args, new.target ?? replaced) as Error;
  };
  Object.setPrototypeOf(replaced, native);
  Object.defineProperties(replaced, {
    name: { value: name },
    prototype: {
      value: Object.create(native.prototype, {
        constructor: { value: replaced, writable: true, configurable: true },
      }),
    },
    // What the engine throws is an instance, too, for all code but this module's.
    [Symbol.hasInstance]: {
      value(this: Function, value: unknown): boolean {
        return this === replaced
          ? value instanceof native
          : Function.prototype[Symbol.hasInstance].call(this, value);
      },
    },
  });
  made.push(replaced);
  Object.defineProperty(globalThis, name, { value: replaced, writable: true, configurable: true });
}

/** Whether code made the error, rather than the engine. */
export function isMade(error: unknown): boolean {
  return made.some((constructor) =>
    Function.prototype[Symbol.hasInstance].call(constructor, error),
  );
}
