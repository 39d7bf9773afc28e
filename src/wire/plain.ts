/**
 * Which values structured clone copies right as they are, so that nothing has to be packed.
 *
 * Of everything else it loses something without a word: classes, the fields of errors, what
 * lies behind a platform's object; of a view it copies the whole buffer; and a value that is
 * nested too deep overflows the stack of the agent that reads it. This is asked of every
 * value that goes by message, so it neither allocates nor remembers what it has met: a cycle
 * ends at the depth limit, and only then, or in a large value, objects are remembered.
 */
import { isProxy } from "./proxies.ts";

/** Deepest nesting that structured clone is given. */
export const MAX_DEPTH = 200;
/** Objects that are visited before they are remembered, since one that occurs twice may multiply. */
const UNREMEMBERED = 50_000;
/** Holes of an array after which only its keys are visited. */
const MANY_HOLES = 1000;

const DEEP = 2;
type Verdict = boolean | typeof DEEP;

const LEAVES: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  Date.prototype,
  RegExp.prototype,
  ArrayBuffer.prototype,
]);
const VIEWS: ReadonlySet<unknown> = /* @__PURE__ */ new Set(
  [
    Uint8Array,
    Int8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  ].map((View) => View.prototype),
);

/** Whether structured clone copies a value right, and every agent can read the copy. */
export function isPlain(value: unknown): boolean {
  const scan = new Scan(undefined);
  const verdict = scan.part(value, 0);
  if (verdict !== DEEP) return verdict;
  return new Scan(new Set()).part(value, 0) === true;
}

class Scan {
  #met: Set<object> | undefined;
  #visited = 0;

  constructor(met: Set<object> | undefined) {
    this.#met = met;
  }

  part(value: unknown, depth: number): Verdict {
    if (typeof value === "object") return value === null || this.#object(value, depth);
    return typeof value !== "function" && typeof value !== "symbol";
  }

  #object(value: object, depth: number): Verdict {
    if (depth > MAX_DEPTH) return DEEP;
    if (this.#met?.has(value) === true) return true;
    this.#met?.add(value);
    if (++this.#visited === UNREMEMBERED) this.#met ??= new Set();
    if (isProxy(value)) return false;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype) return this.#record(value, depth + 1);
    if (Array.isArray(value)) return prototype === Array.prototype && this.#items(value, depth + 1);
    if (prototype === Map.prototype) return this.#map(value as Map<unknown, unknown>, depth + 1);
    if (prototype === Set.prototype) return this.#set(value as Set<unknown>, depth + 1);
    if (VIEWS.has(prototype)) return isWhole(value as ArrayBufferView);
    return LEAVES.has(prototype) && (value as ArrayBuffer).byteLength !== 0;
  }

  #record(record: object, depth: number): Verdict {
    let isEmpty = true;
    // Faster than Object.keys; what it finds besides, in a prototype that was polluted, does no harm.
    for (const key in record) {
      isEmpty = false;
      const value = (record as Record<string, unknown>)[key];
      const type = typeof value;
      if (type === "string" || type === "number") continue;
      const verdict = this.part(value, depth);
      if (verdict !== true) return verdict;
    }
    return !isEmpty || isRecord(record);
  }

  #values(whole: object, keys: readonly string[], depth: number): Verdict {
    for (const key of keys) {
      const verdict = this.part((whole as Record<string, unknown>)[key], depth);
      if (verdict !== true) return verdict;
    }
    return true;
  }

  #items(items: readonly unknown[], depth: number): Verdict {
    const { length } = items;
    // What stands beside the items of a long array is not looked for: that takes as long as to copy it.
    if (length < MANY_HOLES) {
      const keys = Object.keys(items);
      if (keys.length !== length) return this.#values(items, keys, depth);
    }
    let i = 0;
    while (i < length && typeof items[i] === "number") i++;
    for (let holes = 0; i < length; i++) {
      const value = items[i];
      const type = typeof value;
      if (type === "number" || type === "string") continue;
      if (typeof value === "object" && value !== null) {
        const verdict = this.#object(value, depth);
        if (verdict !== true) return verdict;
      } else if (value === undefined) {
        if (!(i in items) && ++holes > MANY_HOLES)
          return this.#values(items, Object.keys(items), depth);
      } else if (type === "function" || type === "symbol") return false;
    }
    return true;
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): Verdict {
    for (const [key, value] of map) {
      let verdict = this.part(key, depth);
      if (verdict === true) verdict = this.part(value, depth);
      if (verdict !== true) return verdict;
    }
    return true;
  }

  #set(set: ReadonlySet<unknown>, depth: number): Verdict {
    for (const item of set) {
      const verdict = this.part(item, depth);
      if (verdict !== true) return verdict;
    }
    return true;
  }
}

/** Whether an object without contents is no more than that: `Math` and its like have none either. */
export function isRecord(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** Whether a view is on all bytes of its own memory. One without bytes may have been moved away. */
export function isWhole({ buffer, byteLength }: ArrayBufferView): boolean {
  return byteLength > 0 && buffer.byteLength === byteLength && buffer instanceof ArrayBuffer;
}
