/** Errors and objects as text. */

/** What was thrown, with its stack if it has one. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? String(thrown)) : String(thrown);
}

/** Calls a function while the stacks of new errors hold up to `frames` frames. */
export function withStackLimit<T>(frames: number, fn: () => T): T {
  const holder = Error as { stackTraceLimit?: number };
  const before = holder.stackTraceLimit;
  holder.stackTraceLimit = frames;
  try {
    return fn();
  } finally {
    if (before !== undefined) holder.stackTraceLimit = before;
  }
}

/**
 * Makes consoles show what `toString` returns, rather than an object's parts.
 *
 * @param describe What `toString` returns, where the class has none.
 */
export function showAsText<T extends object>(prototype: T, describe?: (self: T) => string): void {
  if (describe !== undefined) {
    define(prototype, "toString", function toString(this: T) {
      return describe(this);
    });
  }
  define(prototype, Symbol.for("nodejs.util.inspect.custom"), function inspect(this: T) {
    // oxlint-disable-next-line typescript/no-base-to-string -- the class has one of its own
    return this.toString();
  });
}

function define(prototype: object, key: PropertyKey, value: Function): void {
  Object.defineProperty(prototype, key, { value, writable: true, configurable: true });
}
