import type { Runnable } from "./runnable.ts";

const FIRST_CAPACITY = 64;

/**
 * A queue that grows and never shrinks: a ring, since an array that is emptied from
 * its front moves its items, and one that is emptied at once loses its storage.
 */
export class ReadyQueue {
  /** Its length is a power of two. */
  #slots: (Runnable | undefined)[] = new Array<Runnable | undefined>(FIRST_CAPACITY).fill(
    undefined,
  );
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(runnable: Runnable): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#length) & (this.#slots.length - 1)] = runnable;
    this.#length += 1;
  }

  /** Takes the first; there must be one. */
  shift(): Runnable {
    const slots = this.#slots;
    const runnable = slots[this.#head] as Runnable;
    slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (slots.length - 1);
    this.#length -= 1;
    return runnable;
  }

  clear(): void {
    this.#slots.fill(undefined);
    this.#head = this.#length = 0;
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Array<Runnable | undefined>(old.length * 2).fill(undefined);
    for (let i = 0; i < old.length; i++) slots[i] = old[(this.#head + i) & (old.length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}
