/** What the types of parameters and options take, and a value that each takes. */
import type { CallParameter, OptionKey } from "../support/api/calls.ts";

/**
 * Whether a value may be given: it is then taken or refused for what it says. `either`: it is not
 * told. `free`: the language has its own rule, and may throw an error of its own.
 */
export type Fit = boolean | "either" | "free";

export interface Kind {
  readonly valid: () => unknown;
  readonly fits: (value: unknown) => Fit;
}

function kind(valid: () => unknown, fits: (value: unknown) => Fit): Kind {
  return { valid, fits };
}

export const anything: Kind = kind(
  () => 1,
  () => true,
);
export const number: Kind = kind(
  () => 1,
  (value) => typeof value === "number",
);
export const string: Kind = kind(
  () => "x",
  (value) => typeof value === "string",
);
export const boolean: Kind = kind(
  () => false,
  (value) => typeof value === "boolean",
);
export const fn: Kind = kind(
  () => () => undefined,
  (value) => typeof value === "function",
);
export const object: Kind = kind(
  () => ({}),
  (value) => typeof value === "object" && value !== null,
);

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

/** An array, a string or another object with an iterator. */
function isIterable(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "string";
  try {
    // What can be awaited is no list, though it is iterable.
    return (
      typeof Reflect.get(value, Symbol.iterator) === "function" &&
      typeof Reflect.get(value, "then") !== "function"
    );
  } catch {
    return true;
  }
}

export const array: Kind = kind(() => [], Array.isArray);
export const iterable: Kind = kind(() => [], isIterable);
/** Of values of another kind: empty ones fit. */
export function iterableOf(isElement: (value: unknown) => boolean, valid: () => unknown): Kind {
  return kind(
    () => [valid()],
    (value) => {
      if (!isIterable(value)) return false;
      if (typeof value === "string") return value === "";
      try {
        let left = 10;
        for (const element of value as Iterable<unknown>)
          if (!isElement(element)) return false;
          else if (--left === 0) return "either";
        return true;
      } catch {
        return "either";
      }
    },
  );
}

export function isBytes(value: unknown): boolean {
  return typeof value === "string" || ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
}
export const bytes: Kind = kind(() => "x", isBytes);

/** An instance of a class. */
export function instance(valid: () => unknown, of: Function): Kind {
  return kind(valid, (value) => {
    try {
      return value instanceof (of as never as new () => unknown);
    } catch {
      return false;
    }
  });
}

/** What has a method of each name; it is called, and may throw. */
export function having(valid: () => unknown, ...names: readonly string[]): Kind {
  return kind(valid, (value) => {
    if (typeof value !== "object" || value === null) return false;
    try {
      return names.every((name) => typeof Reflect.get(value, name) === "function");
    } catch {
      return "either";
    }
  });
}

export function oneOf(...values: readonly unknown[]): Kind {
  return kind(
    () => values[0],
    (value) => values.includes(value),
  );
}

export function either(one: Kind, other: Kind): Kind {
  return kind(one.valid, (value) => {
    const fits = one.fits(value);
    return fits === true ? true : other.fits(value) || fits;
  });
}

export function valued(valid: () => unknown, { fits }: Kind): Kind {
  return kind(valid, fits);
}

/** Plain objects without keys, or with those that are known. */
export function options(keys: readonly Pick<OptionKey, "name">[]): Kind {
  const known = keys.map(({ name }) => name);
  return kind(
    () => ({}),
    (value) => {
      if (!isPlain(value)) return false;
      try {
        return Object.keys(value as object).every((key) => known.includes(key));
      } catch {
        return "either";
      }
    },
  );
}

/** What a call throws that says that the type of the parameter is unknown to the tests. */
class UnknownTypeError extends Error {}

/** The kind of a parameter or option by its type's text. */
export function kindOfType(
  text: string,
  known: Readonly<Record<string, Kind>>,
  keys: CallParameter["keys"] = [],
): Kind {
  const type = text.replaceAll(/\s+/g, " ").trim();
  const exact = known[type];
  if (exact !== undefined) return exact;
  for (const [ending, value] of [
    [" | undefined", undefined],
    [" | null", null],
  ] as const) {
    if (!type.endsWith(ending)) continue;
    return either(kindOfType(type.slice(0, -ending.length), known, keys), oneOf(value));
  }
  if (keys.length > 0) return options(keys);
  if (/^\(?(?:<|\()/.test(type) && type.includes("=>")) return fn;
  throw new UnknownTypeError(`no kind for the type: ${type}`);
}
