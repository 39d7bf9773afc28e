/** Checks of the options objects that users pass. */

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

/** Whether it is an object of a literal, of whichever realm, or one without a prototype. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    // A proxy that cannot say.
    return false;
  }
}

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
