/**
 * The parts of a value, as structured clone finds them: items of arrays, keys and values
 * of Maps, items of Sets, own enumerable properties of everything else.
 */

/** One part of a whole: where it stands, and what it is. */
export type Part = readonly [
  place: typeof PROPERTY | typeof MAP_KEY | typeof MAP_VALUE | typeof SET_ITEM,
  /** The property's name, the Map's key, or how many stand before it. */
  key: unknown,
  value: unknown,
];

const PROPERTY = 0;
const MAP_KEY = 1;
const MAP_VALUE = 2;
const SET_ITEM = 3;

/** The parts of an object, one level deep. A view's bytes are not parts. */
export function* partsOf(value: object): Generator<Part, void> {
  if (value instanceof Map) {
    let index = 0;
    for (const [key, item] of value) {
      yield [MAP_KEY, index++, key];
      yield [MAP_VALUE, key, item];
    }
  } else if (value instanceof Set) {
    let index = 0;
    for (const item of value) yield [SET_ITEM, index++, item];
  } else if (!ArrayBuffer.isView(value)) {
    for (const key of Object.keys(value)) {
      yield [PROPERTY, key, (value as Record<string, unknown>)[key]];
    }
  }
}

/** How to write the way from a whole to its part: `.name`, `[3]`, `.get("key")`. */
export function pathOf(whole: object, [place, key]: Part): string {
  switch (place) {
    case MAP_KEY:
      return `.keys()[${String(key)}]`;
    case MAP_VALUE:
      return `.get(${typeof key === "string" ? JSON.stringify(key) : String(key)})`;
    case SET_ITEM:
      return `.values()[${String(key)}]`;
    default:
      return propertyPath(whole, key as string);
  }
}

function propertyPath(whole: object, key: string): string {
  if (Array.isArray(whole)) return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key)}]`;
}

/**
 * Whether a test holds for a value or any object within it. Visits each object once,
 * however deep it lies, until the test holds.
 */
export function someObject(value: unknown, test: (object: object) => boolean): boolean {
  const met = new Set<object>();
  const ahead: unknown[] = [value];
  while (ahead.length > 0) {
    const next = ahead.pop();
    if (typeof next !== "object" || next === null || met.has(next)) continue;
    met.add(next);
    if (test(next)) return true;
    for (const part of partsOf(next)) ahead.push(part[2]);
  }
  return false;
}

/** Whether {@link replaceParts} can look inside. */
export function isContainer(value: object): boolean {
  return Array.isArray(value) || value instanceof Map || value instanceof Set || isRecord(value);
}

function isRecord(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** A container of the same kind, with nothing in it. */
export function emptyLike(container: object): object {
  if (container instanceof Map) return new Map();
  if (container instanceof Set) return new Set();
  if (!Array.isArray(container)) return {};
  const copy: unknown[] = [];
  copy.length = container.length; // what has no items at some places keeps it so
  return copy;
}

/** Puts what `replace` makes of each part of a container into another, or into the same. */
export function replaceParts(
  from: object,
  into: object,
  replace: (part: unknown) => unknown,
): void {
  if (from instanceof Map) {
    const entries = [...(from as ReadonlyMap<unknown, unknown>)];
    const target = into as Map<unknown, unknown>;
    target.clear();
    for (const [key, value] of entries) target.set(replace(key), replace(value));
  } else if (from instanceof Set) {
    const items = [...(from as ReadonlySet<unknown>)];
    const target = into as Set<unknown>;
    target.clear();
    for (const item of items) target.add(replace(item));
  } else {
    for (const [key, value] of Object.entries(from)) {
      const replaced = replace(value);
      if (into !== from || replaced !== value) define(into, key, replaced);
    }
  }
}

/** An assignment would call a setter, or set the prototype. */
function define(record: object, key: string, value: unknown): void {
  Object.defineProperty(record, key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** The name of the class that an object says it has; empty if it says none. */
export function constructorName(value: object): string {
  const { constructor } = value as { readonly constructor?: { readonly name?: unknown } };
  return typeof constructor?.name === "string" ? constructor.name : "";
}
