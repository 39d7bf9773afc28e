/** What waits for its turn, in order. Its storage is let go whenever nothing is left. */
export class Backlog<T> {
  #items: T[] = [];
  #start = 0;

  get length(): number {
    return this.#items.length - this.#start;
  }

  get first(): T | undefined {
    return this.#items[this.#start];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Removes the first. */
  drop(): void {
    if (++this.#start === this.#items.length) this.clear();
  }

  /** These come before all others. */
  putBack(items: readonly T[]): void {
    this.#items = [...items, ...this.all()];
    this.#start = 0;
  }

  all(): T[] {
    return this.#items.slice(this.#start);
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }
}
