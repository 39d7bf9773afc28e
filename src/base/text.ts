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

/** Makes consoles show what `toString` returns, rather than an object's parts. */
export function showAsText(prototype: object): void {
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), {
    value(this: { toString(): string }): string {
      return this.toString();
    },
  });
}
