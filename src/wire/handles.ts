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
  const punched = punch(value, addressOf);
  if (punched === undefined) return undefined;
  for (const address of punched.contents) handles.send(address);
  return { packed: punched.packed, holes: punched.holes, addresses: punched.contents };
}

/** Puts the shared objects back into a value that has been received, which no user code has seen yet. */
export function unpack({ packed, holes, addresses }: Packed, handles: HandleCodec): unknown {
  return fill({
    packed,
    holes,
    contents: addresses.map((address) => handles.receive(address)),
  });
}

/** A value with holes in it, and for each hole what belongs there. */
export interface Punched<T> {
  readonly packed: unknown;
  readonly holes: readonly object[];
  readonly contents: readonly T[];
}

/**
 * Puts holes into a value: objects with equal contents get the same. Undefined if there is none.
 *
 * @param contentOf What belongs into the hole in an object's place; undefined where it stays.
 */
export function punch<T>(
  value: unknown,
  contentOf: (object: object) => T | undefined,
): Punched<T> | undefined {
  const packer = new Packer(contentOf);
  const packed = packer.pack(value);
  const { holes } = packer;
  if (holes.size === 0) return undefined;
  return { packed, holes: [...holes.values()], contents: [...holes.keys()] };
}

class Packer<T> {
  /** Holes by what belongs into them. */
  readonly holes = new Map<T, object>();
  readonly #contentOf: (object: object) => T | undefined;
  readonly #copies = new Map<object, unknown>();

  constructor(contentOf: (object: object) => T | undefined) {
    this.#contentOf = contentOf;
  }

  pack(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    const content = this.#contentOf(value);
    if (content !== undefined) return this.#hole(content);
    if (!isContainer(value)) return value;
    // Made before its parts, so that a cycle finds it. Where no hole is inside, the copy
    // is as good as the original: it is copied once more anyway.
    const copy = emptyLike(value);
    this.#copies.set(value, copy);
    replaceParts(value, copy, (part) => this.pack(part));
    return copy;
  }

  #hole(content: T): object {
    let hole = this.holes.get(content);
    if (hole === undefined) this.holes.set(content, (hole = {}));
    return hole;
  }
}

/** Puts into the holes of a value what belongs there. */
export function fill({ packed, holes, contents }: Punched<unknown>): unknown {
  return new Unpacker(new Map(holes.map((hole, i) => [hole, contents[i]]))).unpack(packed);
}

class Unpacker {
  readonly #contents: ReadonlyMap<object, unknown>;
  readonly #met = new Set<object>();

  constructor(contents: ReadonlyMap<object, unknown>) {
    this.#contents = contents;
  }

  unpack(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const content = this.#contents.get(value);
    if (content !== undefined) return content;
    if (this.#met.has(value)) return value;
    this.#met.add(value);
    if (isContainer(value)) replaceParts(value, value, (part) => this.unpack(part));
    return value;
  }
}
