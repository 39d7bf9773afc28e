/**
 * Shared memory inside values: it is never copied, so it travels as a number.
 *
 * The sender gives each SharedArrayBuffer a number and announces it, once, to
 * every receiver by message; from then on the number stands for it. So a call
 * that gets shared memory is as cheap as one that gets an integer, and reaches
 * its worker even while the sender's thread is blocked.
 *
 * A buffer that the sender's thread no longer knows is retracted. A sender of
 * a number keeps its buffer alive until the receiver has read it.
 */

/** Gives numbers to buffers; the sender's side. */
export class SharedBufferNumbers {
  readonly #numbers = new WeakMap<SharedArrayBuffer, number>();
  readonly #buffers = new Map<number, WeakRef<SharedArrayBuffer>>();
  readonly #announce: (number: number, buffer: SharedArrayBuffer) => void;
  readonly #collected: FinalizationRegistry<number>;
  /** Buffers numbered or looked up since {@link startList}. */
  #listed: SharedArrayBuffer[] = [];
  #next = 0;

  constructor(
    announce: (number: number, buffer: SharedArrayBuffer) => void,
    retract: (number: number) => void,
  ) {
    this.#announce = announce;
    this.#collected = new FinalizationRegistry((number) => {
      this.#buffers.delete(number);
      retract(number);
    });
  }

  numberOf(buffer: SharedArrayBuffer): number {
    this.#listed.push(buffer);
    let number = this.#numbers.get(buffer);
    if (number === undefined) {
      number = this.#next++;
      this.#numbers.set(buffer, number);
      this.#buffers.set(number, new WeakRef(buffer));
      this.#collected.register(buffer, number);
      this.#announce(number, buffer);
    }
    return number;
  }

  /** Returns the buffers met since the last call, to be kept alive; undefined when there were none. */
  takeListed(): readonly SharedArrayBuffer[] | undefined {
    if (this.#listed.length === 0) return undefined;
    const listed = this.#listed;
    this.#listed = [];
    return listed;
  }

  /** Every buffer that still exists, for a receiver that has just come. */
  *all(): Generator<readonly [number: number, buffer: SharedArrayBuffer]> {
    for (const [number, reference] of this.#buffers) {
      const buffer = reference.deref();
      if (buffer !== undefined) yield [number, buffer];
    }
  }
}

/** Finds the buffer that a number stands for; the receiver's side. */
export type SharedBufferLookUp = (number: number) => SharedArrayBuffer;

/** Views on shared memory that travel by number; the index is what is written. */
export const SHARED_VIEWS: readonly (new (
  buffer: SharedArrayBuffer,
  byteOffset: number,
  length: number,
) => ArrayBufferView)[] = [
  Int32Array,
  Uint8Array,
  Float64Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Uint32Array,
  Float32Array,
  BigInt64Array,
  BigUint64Array,
];
