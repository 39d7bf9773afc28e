/** Finds the part of a value that cannot cross, once structured clone has refused the whole. */
import { SendError } from "../errors.ts";

/** Deepest nesting that is searched. */
const MAX_DEPTH = 64;

/** Objects that exist only where they were made, by constructor name. */
const BOUND: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "Promise",
  "WeakMap",
  "WeakSet",
  "WeakRef",
  "Generator",
  "AsyncGenerator",
]);

/**
 * Says which part of `value` cannot be sent, and why.
 *
 * @param root What to call the value itself, such as `args` or `result`.
 * @param refusal What structured clone said.
 */
export function sendError(value: unknown, root: string, refusal: unknown): SendError {
  const culprit = find(value, root, new Set(), 0);
  const reason = refusal instanceof Error ? refusal.message : String(refusal);
  const message =
    culprit === undefined
      ? `Cannot send ${root} to another thread: ${reason}`
      : `Cannot send ${root} to another thread: ${culprit.path} is ${culprit.what}`;
  return new SendError(message, { path: culprit?.path ?? root, cause: refusal });
}

interface Culprit {
  readonly path: string;
  readonly what: string;
}

function find(value: unknown, path: string, met: Set<object>, depth: number): Culprit | undefined {
  if (typeof value === "function") return { path, what: describeFunction(value) };
  if (typeof value === "symbol") return { path, what: `a symbol, ${String(value)}` };
  if (typeof value !== "object" || value === null || met.has(value) || depth > MAX_DEPTH) {
    return undefined;
  }
  met.add(value);
  const kind = Object.prototype.toString.call(value).slice("[object ".length, -1);
  if (BOUND.has(kind)) return { path, what: `a ${kind}, which cannot leave its thread` };
  const inner = findInside(value, path, met, depth);
  if (inner !== undefined || isCloneable(value)) return inner;
  return { path, what: `a ${value.constructor?.name || kind}, which cannot be copied` };
}

function findInside(
  value: object,
  path: string,
  met: Set<object>,
  depth: number,
): Culprit | undefined {
  for (const [name, item] of parts(value)) {
    const culprit = find(item, `${path}${name}`, met, depth + 1);
    if (culprit !== undefined) return culprit;
  }
  return undefined;
}

/** The parts that structured clone looks at, each with how to write the way to it. */
function* parts(value: object): Generator<[string, unknown]> {
  if (value instanceof Map) {
    let index = 0;
    for (const [key, item] of value) {
      yield [`.keys()[${index++}]`, key];
      yield [`.get(${typeof key === "string" ? JSON.stringify(key) : String(key)})`, item];
    }
  } else if (value instanceof Set) {
    let index = 0;
    for (const item of value) yield [`.values()[${index++}]`, item];
  } else if (!ArrayBuffer.isView(value)) {
    for (const key of Object.keys(value)) {
      yield [propertyPath(value, key), (value as Record<string, unknown>)[key]];
    }
  }
}

function propertyPath(value: object, key: string): string {
  if (Array.isArray(value)) return `[${key}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key)}]`;
}

function describeFunction(value: { name?: unknown }): string {
  const name = typeof value.name === "string" && value.name !== "" ? ` "${value.name}"` : "";
  return `a function${name}`;
}

function isCloneable(value: object): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
