/** Errors and other values as text, whatever they are: a report must not fail. */
import { KEY } from "./registry.ts";
import { define } from "./define.ts";

/** What a value is, as an error says it: its type, or the name of its class. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  try {
    const { name } = (Object.getPrototypeOf(value) as object).constructor;
    return typeof name === "string" && name !== "Object" ? name : "object";
  } catch {
    // Without a prototype, or a proxy that cannot say.
    return "object";
  }
}

/** The error for an argument of the wrong type. */
export function wrongType(what: string, expected: string, value: unknown): TypeError {
  return new TypeError(`${what} must be ${expected}, got ${kindOf(value)}`);
}

/** The name of an error, or else what a value is: its type, or the name of its class. */
export function typeName(value: unknown): string {
  if (typeof value !== "object" || value === null) return kindOf(value);
  try {
    return value instanceof Error ? value.name : (value.constructor?.name ?? "object");
  } catch {
    // A proxy that throws.
    return "object";
  }
}

/** A value as a string: what it is, where it cannot become one, or throws. */
export function asText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return kindOf(value);
  }
}

/**
 * The string that a user's value becomes.
 *
 * @param what The parameter, as an error names it: `Task.setName: "name"`.
 * @throws {TypeError} It cannot become one, or throws.
 */
export function checkedText(value: unknown, what: string): string {
  try {
    return String(value);
  } catch (cause) {
    throw new TypeError(`${what} cannot become a string, got ${kindOf(value)}`, { cause });
  }
}

/** What a user's function is called; empty where it cannot say. */
export function nameOf(fn: Function): string {
  try {
    return asText(fn.name);
  } catch {
    // A proxy that has been revoked.
    return "";
  }
}

/** What was thrown, with its stack if it has one. */
export function errorText(thrown: unknown): string {
  try {
    if (thrown instanceof Error && typeof thrown.stack === "string") return thrown.stack;
  } catch {
    // A proxy that throws.
  }
  return asText(thrown);
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
  define(prototype, KEY, true);
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
