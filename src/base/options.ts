/** Checks of the options objects that users pass. */

/** No options at all. Without a prototype: a program's `Object.prototype.timeout` is not a time limit. */
const NONE: object = /* @__PURE__ */ Object.freeze({ __proto__: null });

/**
 * Copies the own properties of an options object, so that no prototype can add to
 * them, and refuses unknown keys.
 *
 * @throws {TypeError} No object, or an unknown key.
 */
export function checkedOptions<T extends object>(
  options: T | undefined,
  known: readonly (keyof T & string)[],
  of: string,
): Partial<T> {
  if (options === undefined) return NONE;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError(
      `${of}: options must be an object, got ${options === null ? "null" : typeof options}`,
    );
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

/**
 * The same properties in an object without a prototype, for functions of the runtime that
 * look for options which it does not have.
 */
export function bare<T extends object>(own: T): T {
  return { __proto__: null, ...own };
}

/** @throws {TypeError} Not an integer. @throws {RangeError} Below 1. */
export function checkedCount(value: unknown, name: string, of: string): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(
      `${of}: "${name}" must be an integer, got ${typeof value === "number" ? value : typeof value}`,
    );
  }
  if (value < 1) throw new RangeError(`${of}: "${name}" must be greater than 0, got ${value}`);
  return value;
}
