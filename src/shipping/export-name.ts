/**
 * Export names with at most one property: `resize`, or `Image.resize` for a
 * static method of an exported class or a function in an exported object.
 */
type Namespace = Record<string, unknown>;

/** The name under which a module's namespace holds `fn`. */
export function exportNameOf(namespace: Namespace, fn: Function): string | undefined {
  if ((namespace as unknown) === fn) return "default"; // CommonJS: module.exports = fn
  if (read(namespace, fn.name) === fn) return fn.name;
  const names = Object.keys(namespace);
  for (const name of names) if (read(namespace, name) === fn) return name;
  for (const name of names) {
    const property = propertyOf(read(namespace, name), fn);
    if (property !== undefined) return `${name}.${property}`;
  }
  return undefined;
}

/** The functions that it holds, with the names that {@link exportNameOf} gives them. */
export function* functionsOf(namespace: Namespace): Generator<readonly [name: string, Function]> {
  const names = Object.keys(namespace);
  for (const name of names) {
    const value = read(namespace, name);
    if (typeof value === "function") yield [name, value];
  }
  for (const name of names) {
    const holder = read(namespace, name);
    if ((typeof holder !== "object" && typeof holder !== "function") || holder === null) continue;
    for (const key of Object.keys(holder).slice(0, MOST_PROPERTIES)) {
      const value = propertyValue(holder, key);
      if (typeof value === "function" && !key.includes(".")) yield [`${name}.${key}`, value];
    }
  }
}

/** The function that a module's namespace holds under `exportName`. */
export function exportNamed(namespace: Namespace, exportName: string): unknown {
  const [name = "", property] = exportName.split(".");
  // Of a CommonJS module not all names are exports of the namespace; all are on `default`.
  const value =
    name in namespace ? read(namespace, name) : propertyValue(namespace["default"], name);
  return property === undefined ? value : propertyValue(value, property);
}

/** Properties of an export that are looked at. */
const MOST_PROPERTIES = 2000;

function propertyOf(holder: unknown, fn: Function): string | undefined {
  if (fn.name !== "" && propertyValue(holder, fn.name) === fn) return fn.name;
  if ((typeof holder !== "object" && typeof holder !== "function") || holder === null)
    return undefined;
  const keys = Object.keys(holder).slice(0, MOST_PROPERTIES);
  return keys.find((key) => !key.includes(".") && propertyValue(holder, key) === fn);
}

/** Reads own plain properties only: a getter may do anything. */
function propertyValue(holder: unknown, key: string): unknown {
  if ((typeof holder !== "object" && typeof holder !== "function") || holder === null)
    return undefined;
  return Object.getOwnPropertyDescriptor(holder, key)?.value as unknown;
}

/** Reads an export, which throws while its module has yet to initialise it. */
function read(namespace: Namespace, name: string): unknown {
  try {
    return namespace[name];
  } catch {
    return undefined;
  }
}
