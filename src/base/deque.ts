const FIRST_CAPACITY = 16;

/**
 * A queue that grows and never shrinks: a ring, since an array that is emptied from
 * its front moves its items, and one that is emptied at once loses its storage.
 */
export class Deque<T> {
  /** Its length is a power of two. */
  #slots: (T | undefined)[] = new Array<T | undefined>(FIRST_CAPACITY).fill(undefined);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = item;
    this.#length += 1;
  }

  /** Takes the first; there must be one. */
  shift(): T {
    const slots = this.#slots;
    const item = slots[this.#head] as T;
    slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (slots.length - 1);
    this.#length -= 1;
    return item;
  }

  /** Every slot is taken. */
  #grow(): void {
    const slots = this.#slots;
    const added = new Array<undefined>(slots.length).fill(undefined);
    this.#slots = [...slots.slice(this.#head), ...slots.slice(0, this.#head), ...added];
    this.#head = 0;
  }
}
