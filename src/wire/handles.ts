/**
 * How a lock, a queue or another shared object crosses to another agent: as the
 * address of its block in the memory that all agents of the program share.
 *
 * The hand codec writes the address behind a tag of its own. Structured clone
 * knows no such thing; a value for it is *packed*: every shared object inside is
 * replaced by an empty object, a hole, and the holes are listed beside the value
 * in the same message, where structured clone keeps them the same objects.
 *
 * Holes are looked for in arrays, plain objects, Maps and Sets.
 */

/** The property by which a shared object gives its address, also to another copy of heddle. */
export const HANDLE: unique symbol = /* @__PURE__ */ Symbol.for("heddle.handle");

/** What the codecs must be told about shared objects. */
export interface HandleCodec {
  /** Whether a value can contain any. */
  mayOccur(): boolean;
  /** Counts a handle that is being sent. */
  send(address: number): void;
  /** The object that a received handle stands for. */
  receive(address: number): object;
}

/** The address of a shared object; undefined for any other. */
export function addressOf(object: object): number | undefined {
  return (object as { readonly [HANDLE]?: number })[HANDLE];
}

/** A value with holes in place of its shared objects. */
export interface Packed {
  readonly packed: unknown;
  readonly holes: readonly object[];
  readonly addresses: readonly number[];
}

/** Packs a value; undefined when there is no shared object in it, and so no need to. */
export function pack(value: unknown, handles: HandleCodec): Packed | undefined {
  if (!handles.mayOccur()) return undefined;
  const packer = new Packer();
  const packed = packer.pack(value);
  const { holes } = packer;
  if (holes.size === 0) return undefined;
  for (const address of holes.keys()) handles.send(address);
  return { packed, holes: [...holes.values()], addresses: [...holes.keys()] };
}

class Packer {
  /** Holes by the address of what belongs into them. */
  readonly holes = new Map<number, object>();
  readonly #copies = new Map<object, unknown>();

  pack(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    const address = addressOf(value);
    if (address !== undefined) return this.#hole(address);
    if (Array.isArray(value)) return this.#packArray(value);
    if (value instanceof Map) return this.#packMap(value);
    if (value instanceof Set) return this.#packSet(value);
    return isPlain(value) ? this.#packRecord(value) : value;
  }

  #hole(address: number): object {
    let hole = this.holes.get(address);
    if (hole === undefined) this.holes.set(address, (hole = {}));
    return hole;
  }

  // A copy is made before its parts, so that a cycle finds it. Where no hole is
  // inside, the copy is as good as the original: it is copied once more anyway.

  #packArray(values: readonly unknown[]): unknown[] {
    const copy: unknown[] = [];
    this.#copies.set(values, copy);
    copy.length = values.length;
    for (const key of Object.keys(values)) {
      (copy as unknown as Record<string, unknown>)[key] = this.pack(
        (values as unknown as Record<string, unknown>)[key],
      );
    }
    return copy;
  }

  #packMap(map: ReadonlyMap<unknown, unknown>): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>();
    this.#copies.set(map, copy);
    for (const [key, value] of map) copy.set(this.pack(key), this.pack(value));
    return copy;
  }

  #packSet(set: ReadonlySet<unknown>): Set<unknown> {
    const copy = new Set<unknown>();
    this.#copies.set(set, copy);
    for (const value of set) copy.add(this.pack(value));
    return copy;
  }

  #packRecord(record: object): object {
    const copy: object = {};
    this.#copies.set(record, copy);
    for (const [key, value] of Object.entries(record)) define(copy, key, this.pack(value));
    return copy;
  }
}

/** Puts the shared objects back into a value that has been received, which nobody has seen yet. */
export function unpack({ packed, holes, addresses }: Packed, handles: HandleCodec): unknown {
  const objects = new Map<object, object>();
  holes.forEach((hole, i) => objects.set(hole, handles.receive(addresses[i] as number)));
  return new Unpacker(objects).unpack(packed);
}

class Unpacker {
  readonly #objects: ReadonlyMap<object, object>;
  readonly #met = new Set<object>();

  constructor(objects: ReadonlyMap<object, object>) {
    this.#objects = objects;
  }

  unpack(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const object = this.#objects.get(value);
    if (object !== undefined) return object;
    if (this.#met.has(value)) return value;
    this.#met.add(value);
    if (value instanceof Map) this.#fillMap(value);
    else if (value instanceof Set) this.#fillSet(value);
    else if (Array.isArray(value) || isPlain(value)) this.#fillRecord(value);
    return value;
  }

  #fillMap(map: Map<unknown, unknown>): void {
    const entries = [...map];
    map.clear();
    for (const [key, value] of entries) map.set(this.unpack(key), this.unpack(value));
  }

  #fillSet(set: Set<unknown>): void {
    const values = [...set];
    set.clear();
    for (const value of values) set.add(this.unpack(value));
  }

  #fillRecord(record: object): void {
    for (const [key, value] of Object.entries(record)) {
      const filled = this.unpack(value);
      if (filled !== value) define(record, key, filled);
    }
  }
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
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
