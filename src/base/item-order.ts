/**
 * Which of two items is smaller, as Python's `<` says of numbers, strings and tuples.
 *
 * An item is compared by its *key*: itself, or, for an array, an array of the keys
 * of its elements. What has no order in Python has none here; it may stand in an
 * array behind elements that decide. Its key is undefined, and that of null and
 * undefined null, which is equal to itself.
 */

export type Key = number | bigint | string | boolean | null | undefined | readonly Key[];

/** @throws {TypeError} No item of that kind can be smaller than another. */
export function keyOf(item: unknown): Key {
  const key = keyOfElement(item);
  if (key === undefined || key === null) {
    throw new TypeError(
      `Cannot put ${kindOf(item)} into a PriorityQueue: it has no order. ` +
        "Put an array, [priority, item]",
    );
  }
  return key;
}

function keyOfElement(item: unknown): Key {
  switch (typeof item) {
    case "number":
    case "bigint":
    case "string":
    case "boolean":
      return item;
    case "undefined":
      return null;
    default:
      if (item === null) return null;
      return Array.isArray(item) ? keyOfArray(item as readonly unknown[]) : undefined;
  }
}

/** The array itself where it is its own key. */
function keyOfArray(items: readonly unknown[]): readonly Key[] {
  const keys = items.map(keyOfElement);
  return keys.every((key, i) => key === items[i]) ? (items as readonly Key[]) : keys;
}

/**
 * Below 0 if the first is smaller, above 0 if it is greater.
 *
 * @throws {TypeError} They cannot be compared.
 */
export function compareKeys(a: Key, b: Key): number {
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  if (isNumeric(a) && isNumeric(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (a === null && b === null) return 0;
  throw new TypeError(`Cannot compare ${kindOf(a)} to ${kindOf(b)}: they have no order`);
}

function compareArrays(a: readonly Key[], b: readonly Key[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compareKeys(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function isNumeric(key: Key): key is number | bigint | boolean {
  return typeof key === "number" || typeof key === "bigint" || typeof key === "boolean";
}

function kindOf(item: unknown): string {
  if (item === null) return "null";
  if (Array.isArray(item)) return "an array";
  return item === undefined || typeof item === "object" ? "an object" : `a ${typeof item}`;
}
