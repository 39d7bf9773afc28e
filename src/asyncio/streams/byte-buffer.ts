/**
 * Bytes that have come and were not read yet, in one piece of memory.
 *
 * One piece, so that searching is simple. Every byte is moved a bounded number of
 * times: room grows by doubling, and bytes are moved to the front only when at least
 * as many have been taken before them.
 *
 * The usual chunk comes when nothing is left of the one before, and is then read
 * whole or in a few pieces: such a chunk is not copied in but lent. Lent memory is
 * never written to, and handed out as it is if all of it is wanted at once.
 */
const NOTHING: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Room for less is not worth growing by and by. */
const LEAST_ROOM = 512;

export class ByteBuffer {
  #memory = NOTHING;
  #isLent = true;
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** Takes over the chunk: nobody may change it afterwards. */
  append(chunk: Uint8Array): void {
    if (this.length === 0) {
      this.#memory = chunk;
      this.#isLent = true;
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    this.#makeRoom(chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Takes out the first bytes, at most `count`. The result is the caller's. */
  take(count: number): Uint8Array {
    const until = Math.min(this.#start + count, this.#end);
    const memory = this.#memory;
    const isWhole = this.#isLent && this.#start === 0 && until === memory.length;
    const bytes =
      isWhole && memory.length === memory.buffer.byteLength
        ? memory
        : memory.slice(this.#start, until);
    this.#dropUntil(until);
    return bytes;
  }

  drop(count: number): void {
    this.#dropUntil(Math.min(this.#start + count, this.#end));
  }

  clear(): void {
    this.#dropUntil(this.#end);
  }

  /** Where `wanted`, which is not empty, is first found at `from` or later; -1 if nowhere. */
  indexOf(wanted: Uint8Array, from: number): number {
    const memory = this.#memory;
    const [first] = wanted;
    const last = this.#end - wanted.length;
    let at = memory.indexOf(first as number, this.#start + from);
    while (at !== -1 && at <= last) {
      if (matches(memory, wanted, at)) return at - this.#start;
      at = memory.indexOf(first as number, at + 1);
    }
    return -1;
  }

  /** Whether `wanted` is at that place. */
  hasAt(wanted: Uint8Array, place: number): boolean {
    const at = this.#start + place;
    return at + wanted.length <= this.#end && matches(this.#memory, wanted, at);
  }

  #dropUntil(until: number): void {
    this.#start = until;
    if (until < this.#end) return;
    // Nothing is left: idle connections should hold no memory.
    this.#memory = NOTHING;
    this.#isLent = true;
    this.#start = 0;
    this.#end = 0;
  }

  #makeRoom(count: number): void {
    const { length } = this;
    if (!this.#isLent) {
      if (this.#end + count <= this.#memory.length) return;
      if (length <= this.#start && length + count <= this.#memory.length) {
        this.#memory.copyWithin(0, this.#start, this.#end);
        this.#start = 0;
        this.#end = length;
        return;
      }
    }
    const memory = new Uint8Array(Math.max(LEAST_ROOM, 2 * (length + count)));
    memory.set(this.#memory.subarray(this.#start, this.#end));
    this.#memory = memory;
    this.#isLent = false;
    this.#start = 0;
    this.#end = length;
  }
}

function matches(memory: Uint8Array, wanted: Uint8Array, at: number): boolean {
  for (let i = 1; i < wanted.length; i++) {
    if (memory[at + i] !== wanted[i]) return false;
  }
  return memory[at] === wanted[0];
}
