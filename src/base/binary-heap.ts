/**
 * Items of which the least is available at once.
 *
 * Where the items have no order, comparing them throws; the heap is then as it was
 * before. So each operation first looks for the way that items go, and then moves them.
 */
export class BinaryHeap<T> {
  readonly #isLess: (a: T, b: T) => boolean;
  #items: T[] = [];

  constructor(isLess: (a: T, b: T) => boolean) {
    this.#isLess = isLess;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The least. */
  get first(): T | undefined {
    return this.#items[0];
  }

  add(item: T): void {
    const items = this.#items;
    let to = items.length;
    while (to > 0 && this.#isLess(item, items[(to - 1) >> 1] as T)) to = (to - 1) >> 1;
    let at = items.length;
    items.push(item);
    for (; at !== to; at = (at - 1) >> 1) items[at] = items[(at - 1) >> 1] as T;
    items[to] = item;
  }

  /** Takes the least; there must be one. */
  takeFirst(): T {
    const items = this.#items;
    const first = items[0] as T;
    const last = items.at(-1) as T;
    const to = this.#wayDown(last, items.length - 1);
    items.pop();
    if (items.length === 0) return first;
    // From the end of the way upwards: each moves to its parent's place.
    let moving = last;
    for (let at = to; ; at = (at - 1) >> 1) {
      const displaced = items[at] as T;
      items[at] = moving;
      if (at === 0) return first;
      moving = displaced;
    }
  }

  /** Keeps those items only. */
  filter(isKept: (item: T) => boolean): void {
    const kept = this.#items.filter(isKept);
    this.#items = [];
    for (const item of kept) this.add(item);
  }

  /** Where the item comes to rest that takes the first's place, among the first `length`. */
  #wayDown(item: T, length: number): number {
    const items = this.#items;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= length) return at;
      if (childAt + 1 < length && this.#isLess(items[childAt + 1] as T, items[childAt] as T)) {
        childAt += 1;
      }
      if (!this.#isLess(items[childAt] as T, item)) return at;
      at = childAt;
    }
  }
}
