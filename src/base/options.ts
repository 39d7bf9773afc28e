/** Checks of the options objects that users pass. */
import { kindOf, wrongType } from "./text.ts";

/** No options at all. Without a prototype: a program's `Object.prototype.timeout` is not a time limit. */
const NONE: object = /* @__PURE__ */ Object.freeze({ __proto__: null });

/**
 * Copies the own properties of an options object, so that no prototype can add to
 * them, and refuses unknown keys.
 *
 * Only a plain object is one: what an AbortSignal or an instance of a class says is not
 * in properties of its own, and would be ignored without a word.
 *
 * @throws {TypeError} Not a plain object, or an unknown key.
 */
export function checkedOptions<T extends object>(
  options: T | undefined,
  known: readonly (keyof T & string)[],
  of: string,
): Partial<T> {
  if (options === undefined) return NONE;
  if (!isPlainObject(options)) {
    const kind = kindOf(options);
    const meant = kind === "AbortSignal" ? "signal" : kind === "number" ? "timeout" : "";
    const pass = (known as readonly string[]).includes(meant) ? meant : known.join(", ");
    throw new TypeError(`${of}: options must be a plain object, got ${kind}; pass { ${pass} }`);
  }
  for (const key of Object.keys(options)) {
    if (!(known as readonly string[]).includes(key)) {
      throw new TypeError(
        `${of}: unknown option "${key}"; known are ${known.map((k) => `"${k}"`).join(", ")}`,
      );
    }
  }
  return { __proto__: null, ...options };
}

/** Whether it is an object, and no function. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether it is an object of a literal, of whichever realm, or one without a prototype. */
export function isPlainObject(value: unknown): boolean {
  if (!isObject(value)) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    // A proxy that cannot say.
    return false;
  }
}

/**
 * The same properties in an object without a prototype, for functions of the runtime that
 * look for options which it does not have.
 */
export function bare<T extends object>(own: T): T {
  return { __proto__: null, ...own };
}

/**
 * @param what The parameter, as an error names it: `createTask: "eagerStart"`.
 * @throws {TypeError} It is of another type.
 */
export function checkedType<T>(value: T, type: "string" | "boolean" | "number", what: string): T {
  if (typeof value === type) return value;
  throw wrongType(what, type === "boolean" ? "true or false" : `a ${type}`, value);
}

/** @throws {TypeError} Not a string. @throws {RangeError} The system would end it in the middle: at a null character. */
export function checkedSystemText(value: string, what: string): string {
  if (!checkedType(value, "string", what).includes("\0")) return value;
  throw new RangeError(`${what} must not contain a null character`);
}

/** @throws {TypeError} Not an object, or null. */
export function checkedObject<T>(value: T, what: string): T {
  if (isObject(value)) return value;
  throw wrongType(what, "an object", value);
}

/** The same for what need not be given. */
export function checkedOption<T>(value: T, type: "string" | "boolean" | "number", what: string): T {
  return value === undefined ? value : checkedType(value, type, what);
}

/** @throws {TypeError} Not a number. @throws {RangeError} Below `least`, NaN or infinite. */
export function checkedNumber(value: number, least: number, what: string): number {
  checkedType(value, "number", what);
  if (value >= least && Number.isFinite(value)) return value;
  throw new RangeError(`${what} must be finite and at least ${least}, got ${value}`);
}

/** The largest of the integers that are exact. */
export const LARGEST = 9_007_199_254_740_991;

/** @throws {TypeError} Not an integer. @throws {RangeError} Below `least` or above `most`. */
export function checkedInteger(value: unknown, least: number, most: number, what: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) throw notInteger(what, value);
  if (value >= least && value <= most) return value;
  throw new RangeError(`${what} must be between ${least} and ${most}, got ${value}`);
}

/** @throws {TypeError} Not an integer. @throws {RangeError} Below 1. */
export function checkedCount(value: unknown, name: string, of: string): number {
  const what = `${of}: "${name}"`;
  if (typeof value !== "number" || !Number.isInteger(value)) throw notInteger(what, value);
  if (value < 1) throw new RangeError(`${what} must be greater than 0, got ${value}`);
  return value;
}

function notInteger(what: string, value: unknown): TypeError {
  if (typeof value !== "number") return wrongType(what, "an integer", value);
  return new TypeError(`${what} must be an integer, got ${value}`);
}
