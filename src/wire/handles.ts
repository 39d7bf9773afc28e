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
import { emptyLike, isContainer, replaceParts } from "./parts.ts";

/** The property by which a shared object gives its address, also to another copy of heddle. */
export const HANDLE: unique symbol = /* @__PURE__ */ Symbol.for("heddle.handle");

/** What the codecs must know about shared objects. */
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
    if (!isContainer(value)) return value;
    // Made before its parts, so that a cycle finds it. Where no hole is inside, the copy
    // is as good as the original: it is copied once more anyway.
    const copy = emptyLike(value);
    this.#copies.set(value, copy);
    replaceParts(value, copy, (part) => this.pack(part));
    return copy;
  }

  #hole(address: number): object {
    let hole = this.holes.get(address);
    if (hole === undefined) this.holes.set(address, (hole = {}));
    return hole;
  }
}

/** Puts the shared objects back into a value that has been received, which no user code has seen yet. */
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
    if (isContainer(value)) replaceParts(value, value, (part) => this.unpack(part));
    return value;
  }
}
