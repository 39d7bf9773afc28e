/**
 * Blocks of shared words for things that many agents have: locks, queues, items.
 *
 * Each agent allocates for itself, from three places in this order:
 *
 *   1. blocks it has freed, in lists of its own (not shared at all)
 *   2. blocks of its that others have freed: the RETURNED stack of its slot.
 *      Any agent pushes (compareExchange), the agent alone takes the whole stack
 *      (exchange), so a stale head cannot be taken for a fresh one
 *   3. new memory: TOP moves up (compareExchange)
 *
 * So no agent is ever inside a critical section of the heap, and one that dies
 * at any step loses at most the block in its hands and its own lists.
 *
 * A block has a head of one word, its size class and the slot it belongs to, and
 * a power of two of words in all. The first word behind the head links blocks in
 * a stack.
 *
 * Explored under every schedule, death included, in test/model/heap.test.ts.
 */
import { compareExchange, exchange, load, store } from "./atomics.ts";

const TOP = 0;
const RETURNED = 32;

const HEAD_WORDS = 1;
const SMALLEST_CLASS = 4;
const SLOT_SHIFT = 8;

export interface HeapOptions {
  /** Index of the heap's first word; all words from there on start as zero. */
  readonly at: number;
  readonly capacity: number;
  /** The calling agent's slot. */
  readonly slot: number;
  /** Makes the memory at least that many words long and returns it; throws when it cannot. */
  readonly grow: (words: number) => Int32Array;
}

export class Heap {
  readonly #at: number;
  readonly #slot: number;
  readonly #firstBlock: number;
  readonly #grow: (words: number) => Int32Array;
  /** Free blocks of this agent, by size class. */
  readonly #free: number[][] = [];
  #words: Int32Array;

  /** Words that the heap needs before it has any block. */
  static words(capacity: number): number {
    return RETURNED + Math.ceil(capacity / 32) * 32;
  }

  constructor(words: Int32Array, { at, capacity, slot, grow }: HeapOptions) {
    this.#words = words;
    this.#at = at;
    this.#slot = slot;
    this.#grow = grow;
    this.#firstBlock = at + Heap.words(capacity);
  }

  /**
   * Returns the index of a block of at least `size` words, all zero.
   *
   * @throws {RangeError} The memory cannot grow any more.
   */
  allocate(size: number): number {
    const sizeClass = sizeClassOf(size);
    const block = this.#reuse(sizeClass);
    if (block === undefined) return this.#allocateNew(sizeClass);
    this.#words.fill(0, block, block + 2 ** sizeClass - HEAD_WORDS);
    return block;
  }

  /** The same, but the words may be anything: for a caller that writes them all. */
  allocateDirty(size: number): number {
    const sizeClass = sizeClassOf(size);
    return this.#reuse(sizeClass) ?? this.#allocateNew(sizeClass);
  }

  /** Gives a block back that is not in use any more. */
  free(block: number): void {
    const head = load(this.wordsFor(block), block - HEAD_WORDS);
    const owner = head >>> SLOT_SHIFT;
    if (owner === this.#slot) this.#keep(block, head);
    else this.#return(block, owner);
  }

  /** The memory, long enough to contain the block, which another agent may have allocated. */
  wordsFor(block: number): Int32Array {
    // The head lies below the block; a block is never longer than what lies below TOP.
    const top = load(this.#words, this.#at + TOP);
    if (block < this.#words.length && top <= this.#words.length) return this.#words;
    return (this.#words = this.#grow(top));
  }

  /** Leaves the free blocks to the next agent in this slot: this one is about to end. */
  handBack(): void {
    for (const blocks of this.#free.splice(0)) {
      for (const block of blocks ?? []) this.#return(block, this.#slot);
    }
  }

  #reuse(sizeClass: number): number | undefined {
    const block = this.#free[sizeClass]?.pop();
    if (block !== undefined) return block;
    const returned = this.#at + RETURNED + this.#slot;
    if (load(this.#words, returned) === 0) return undefined;
    for (let next = exchange(this.#words, returned, 0); next !== 0;) {
      const words = this.wordsFor(next);
      const following = load(words, next);
      this.#keep(next, load(words, next - HEAD_WORDS));
      next = following;
    }
    return this.#free[sizeClass]?.pop();
  }

  #keep(block: number, head: number): void {
    const sizeClass = head & ((1 << SLOT_SHIFT) - 1);
    (this.#free[sizeClass] ??= []).push(block);
  }

  #return(block: number, owner: number): void {
    const returned = this.#at + RETURNED + owner;
    for (;;) {
      const first = load(this.#words, returned);
      store(this.#words, block, first);
      if (compareExchange(this.#words, returned, first, block) === first) return;
    }
  }

  #allocateNew(sizeClass: number): number {
    const size = 2 ** sizeClass;
    for (;;) {
      const top = load(this.#words, this.#at + TOP);
      const start = top === 0 ? this.#firstBlock : top;
      const end = start + size;
      if (end > this.#words.length) this.#words = this.#grow(end);
      if (compareExchange(this.#words, this.#at + TOP, top, end) !== top) continue;
      store(this.#words, start, sizeClass | (this.#slot << SLOT_SHIFT));
      return start + HEAD_WORDS;
    }
  }
}

function sizeClassOf(size: number): number {
  return Math.max(SMALLEST_CLASS, Math.ceil(Math.log2(size + HEAD_WORDS)));
}
